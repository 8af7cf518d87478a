"""Problems: every error as a document that tells the caller what to change (RFC 9457)."""
