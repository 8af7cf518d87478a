"""What a question makes of a span: whether it may answer, and which part of it."""
