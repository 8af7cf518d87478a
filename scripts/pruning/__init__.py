"""A trained MPNet made narrow: without the heads and neurons that are missed least."""
