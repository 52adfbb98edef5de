"""Taking nominations in: a whole file at once, a file in two steps with a preview between, or single records."""
