"""Deciding: from spans to answers, which of them are given, and when reading may end."""
