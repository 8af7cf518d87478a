"""Asking while the index changes: the clients, the changes, and what responses must say."""
