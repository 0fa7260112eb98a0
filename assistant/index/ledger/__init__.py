"""The ledger: one SQLite file, the truth of an index; a module for each kind of what it holds."""
