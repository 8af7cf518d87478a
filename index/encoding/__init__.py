"""Encoding: from passages and questions to vectors."""
