"""Web pages: the article of an HTML file, and what the page states of it."""
