"""The record: every article, its deletion, and every vector, durable in one SQLite database."""
