"""Who calls: what keys, tokens, passes, names and sites say of a request."""
