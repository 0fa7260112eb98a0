"""The index: a SQLite ledger that is the truth, and Chroma generations that can be rebuilt."""
