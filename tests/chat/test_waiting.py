"""Waiting for the database."""

import asyncio
import threading
import time

from assistant.chat.waiting import in_store


def test_what_an_act_comes_to_is_given_back() -> None:
    assert asyncio.run(in_store(divmod, 7, 2)) == (3, 1)
    assert asyncio.run(in_store(int, "11", base=2)) == 3


def test_an_act_does_not_wait_for_those_who_compute() -> None:
    let_go = threading.Event()

    async def test() -> str:
        loop = asyncio.get_running_loop()
        # As many as the loop's own pool can have, and more.
        busy = [loop.run_in_executor(None, let_go.wait, 20) for _ in range(64)]
        name = await asyncio.wait_for(in_store(lambda: threading.current_thread().name), 10)
        let_go.set()
        await asyncio.gather(*busy)
        return name

    assert asyncio.run(test()).startswith("store")


def test_the_loop_goes_on_meanwhile() -> None:
    async def test() -> int:
        slow = asyncio.create_task(in_store(time.sleep, 0.2))
        rounds = 0
        while not slow.done():
            rounds += 1
            await asyncio.sleep(0.01)
        return rounds

    assert asyncio.run(test()) > 3
