"""Breaking an index on purpose: the process that writes, what breaks it, and what must hold."""
