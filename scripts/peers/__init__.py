"""Other systems beside Quoth: their environments, the programs that run them, and the protocol."""
