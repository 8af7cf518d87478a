"""Generations: immutable states of the index, checked when opened, moved as folders."""
