"""Who fails too often waits."""

import threading
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from assistant.store.throttle import Throttle
from tests.fakes import Clock


def test_after_so_many_failures_a_key_waits_for_the_oldest_to_pass() -> None:
    clock = Clock()
    throttle = Throttle(3, 60, clock)
    for clock.seconds in (0, 10, 20):
        assert throttle.wait("ada") == 0
        throttle.failed("ada")
    assert throttle.wait("ada") == 40
    clock.seconds = 59
    assert throttle.wait("ada") == 1
    clock.seconds = 60
    assert throttle.wait("ada") == 0
    throttle.failed("ada")
    assert throttle.wait("ada") == 10


def test_who_succeeds_starts_anew() -> None:
    throttle = Throttle(2, 60, Clock())
    throttle.failed("ada")
    throttle.succeeded("ada")
    throttle.failed("ada")
    assert throttle.wait("ada") == 0
    throttle.failed("ada")
    assert throttle.wait("ada") == 60
    throttle.succeeded("nobody")
    assert throttle.wait("ada") == 60


def test_a_key_does_not_wait_for_another() -> None:
    throttle = Throttle(1, 60, Clock())
    throttle.failed("ada")
    assert throttle.wait("bob") == 0


def test_a_key_may_be_any_text() -> None:
    throttle = Throttle(1, 60, Clock())
    for key in ("", "\ud800", "a" * 1_000_000):
        throttle.failed(key)
        assert throttle.wait(key) == 60


def test_beyond_its_bound_it_forgets_who_failed_longest_ago() -> None:
    clock = Clock()
    throttle = Throttle(1, 60, clock, most=3)
    for clock.seconds, key in enumerate(["ada", "bob", "ada", "eve", "kim"]):
        throttle.failed(key)
    assert [key for key in ("ada", "bob", "eve", "kim") if throttle.wait(key)] == [
        "ada", "eve", "kim",
    ]  # fmt: skip


def test_what_counts_no_more_takes_no_room() -> None:
    clock = Clock()
    throttle = Throttle(1, 60, clock, most=2)
    throttle.failed("ada")
    clock.seconds = 30
    throttle.failed("bob")
    clock.seconds = 70
    throttle.failed("eve")  # there is room: ada's is over
    assert throttle.wait("bob") == 20
    assert throttle.wait("eve") == 60


def test_no_failure_is_lost_between_threads() -> None:
    throttle = Throttle(400, 60, Clock())

    def fail() -> None:
        for _ in range(50):
            throttle.failed("ada")

    threads = [threading.Thread(target=fail) for _ in range(8)]
    for thread in threads[:-1]:
        thread.start()
    for thread in threads[:-1]:
        thread.join()
    assert throttle.wait("ada") == 0
    threads[-1].start()
    threads[-1].join()
    assert throttle.wait("ada") == 60


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ada", "bob"]), st.sampled_from(["failed", "failed", "succeeded"]),
        st.integers(0, 12),
    ),
    max_size=60,
)  # fmt: skip


@given(_STEPS, st.integers(1, 4), st.integers(1, 30))
def test_it_does_as_a_list_of_all_failures_would(
    steps: list[tuple[str, str, int]], tries: int, seconds: int
) -> None:
    clock = Clock()
    throttle = Throttle(tries, seconds, clock)
    failures: dict[str, list[float]] = defaultdict(list)
    for key, act, passed in steps:
        clock.seconds += passed
        if act == "failed":
            throttle.failed(key)
            failures[key].append(clock.seconds)
        else:
            throttle.succeeded(key)
            failures[key].clear()
        for other, times in failures.items():
            recent = [time for time in times if time > clock.seconds - seconds]
            expected = recent[-tries] + seconds - clock.seconds if len(recent) >= tries else 0
            assert throttle.wait(other) == expected


@given(st.lists(st.integers(0, 20), max_size=80), st.integers(1, 4), st.integers(1, 30))
def test_who_keeps_to_it_never_fails_more_often_than_allowed(
    pauses: list[int], tries: int, seconds: int
) -> None:
    clock = Clock()
    throttle = Throttle(tries, seconds, clock)
    failures: list[float] = []
    for pause in pauses:
        clock.seconds += pause
        if (wait := throttle.wait("ada")) and pause % 2:
            clock.seconds += wait
            wait = throttle.wait("ada")
            assert wait == 0
        if not wait:
            throttle.failed("ada")
            failures.append(clock.seconds)
    for since in failures:
        assert len([time for time in failures if since <= time < since + seconds]) <= tries
