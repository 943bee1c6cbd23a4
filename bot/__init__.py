"""Question to verified answer, and the faces that show it."""
