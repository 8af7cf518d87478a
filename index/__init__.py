"""An article's road: read, split, encode, store, publish. And the retriever that searches the result."""
