"""The Model Context Protocol in front of the question's road: tools and resources for models."""
