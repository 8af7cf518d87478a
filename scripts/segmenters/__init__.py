"""Sentence segmenters side by side: the libraries, how they are scored, and the page about it."""
