"""Commands: one per file. Each reads its arguments, calls a function and prints the result."""
