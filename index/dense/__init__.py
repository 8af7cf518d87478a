"""Dense search by size: exact, a graph or inverted lists, ranked exactly in every case."""
