"""Dialogues: turns, and the full questions that a follow-up may stand for."""
