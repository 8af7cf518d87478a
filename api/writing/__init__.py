"""Writing: articles put and deleted, and the index moved, by callers of the service."""
