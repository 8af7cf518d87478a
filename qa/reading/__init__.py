"""Reading: from passages in order of promise to the spans that may answer."""
