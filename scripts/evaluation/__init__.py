"""What `quoth evaluate` is made of: question files, measures, and the tables that show them."""
