"""Serving: the generation that answers, its queue and cache, and the move to a newer one."""
