"""Data files of the root app and the one strict reader for them."""
