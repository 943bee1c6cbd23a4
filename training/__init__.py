"""How fitted constants were made, reproducibly."""
