"""The reference election as files: what the ministry would receive, made from facts in `data/` and a fixed seed."""
