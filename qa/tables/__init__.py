"""Tables: what rows and columns a text has, and which of them a question names."""
