"""An outcome in the shapes of others: one module a dialect, all from one citation record."""
