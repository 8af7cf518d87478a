"""Splitting: from an article's text to sentences, and from these to passages."""
