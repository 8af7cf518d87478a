"""What words say: names, quantities, phrases, and how questions are worded."""
