"""Use cases of timelines."""
