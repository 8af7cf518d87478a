"""What the commands of `quoth` do; `scripts.quoth` reads their arguments."""
