from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest

from assistant.app import Assistant
from assistant.chat import copies as room
from assistant.chat.copies import Copies


class Counted:
    """Something that is to be closed once."""

    def __init__(self) -> None:
        self.closed = 0

    def close_copy(self) -> None:
        self.closed += 1


class Maker:
    """Makes them, and remembers each."""

    def __init__(self) -> None:
        self.made: list[Counted] = []

    def __call__(self) -> Assistant:
        self.made.append(Counted())
        return cast(Assistant, self.made[-1])

    @property
    def closed(self) -> list[int]:
        return [one.closed for one in self.made]


def test_one_is_made_once_as_long_as_it_is_made_from_the_same() -> None:
    copies, make = Copies(), Maker()
    for made_from in ("a", "a", "b"):
        with copies.using("ada", made_from, make):
            pass
    assert make.closed == [1, 0]
    copies.close_all()
    assert make.closed == [1, 1]


def test_one_that_is_used_is_closed_when_the_last_has_done() -> None:
    copies, make = Copies(), Maker()
    with copies.using("ada", "a", make):
        with copies.using("ada", "a", make):
            copies.close("ada")
        assert make.closed == [0]
    assert make.closed == [1]


def test_those_used_longest_ago_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_OPEN", 2)
    copies, make = Copies(), Maker()
    for key in ("one", "two", "one", "three"):
        with copies.using(key, "a", make):
            pass
    assert make.closed == [0, 1, 0]
    copies.close_all()


def test_one_that_cannot_be_made_is_not_kept() -> None:
    copies, make = Copies(), Maker()

    def broken() -> Assistant:
        raise OSError

    with pytest.raises(OSError), copies.using("ada", "a", broken):
        pytest.fail("there is none")
    with copies.using("ada", "a", make):
        assert make.closed == [0]


def test_none_is_closed_while_many_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_OPEN", 1)
    copies = Copies()

    def use(key: str) -> bool:
        fine = True
        for _ in range(300):
            with copies.using(key, "a", Maker()) as one:
                fine &= cast(Counted, one).closed == 0
        return fine

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(use, ("one", "two", "three", "four")))
