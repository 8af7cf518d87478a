"""Citing: from an answer to the source sentences that say it, and to what they leave unnamed."""
