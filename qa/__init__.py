"""A question's road: passages, spans, answers, citations. No HTTP, no FAISS, no files."""
