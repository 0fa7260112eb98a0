"""Waiting for the database beside the event loop, and not behind the questions being answered."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
# As many as the database has connections for, with some left for the routes.
_THREADS = ThreadPoolExecutor(6, "store")


async def in_store(act: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """What an act of the store comes to, in a thread of its own."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(act, *args, **named))
