"""What is measured of the index: a module a subject, with its results and their section."""
