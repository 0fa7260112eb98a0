"""Accounts for tests."""

from argon2 import PasswordHasher

PASSWORD = "a long enough one"


def cheap_hasher(memory: int = 8) -> PasswordHasher:
    """Hashes that take no time, and protect nothing; `memory` is in KiB, from 8."""
    return PasswordHasher(time_cost=1, memory_cost=memory, parallelism=1)
