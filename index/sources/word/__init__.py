"""Word files (.docx): the text that a reader sees, and what the file states of itself."""
