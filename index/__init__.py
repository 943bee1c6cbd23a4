"""Archive to hits: embeddings, keywords, and the hybrid search over both."""
