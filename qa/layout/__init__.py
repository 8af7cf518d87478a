"""What the lines of a text are: paragraphs, items of lists, tables, bylines."""
