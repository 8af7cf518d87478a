"""Dense search at sizes that no question set has: synthetic vectors, builds, and measurements."""
