"""Publishing: from what sources and callers say to the generation that serves."""
