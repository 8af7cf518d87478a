"""Commands, one a file, and what they share: each reads its arguments, calls, prints the result."""
