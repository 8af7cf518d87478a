"""An article's road: read, split, encode, store, publish; and the retriever over the result."""
