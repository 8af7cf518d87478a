"""PDFs: the prose of their pages, and where each page begins in it."""
