"""Markdown files: front matter, and the text as it is read."""
