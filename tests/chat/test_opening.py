import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest

from assistant.app import Assistant
from assistant.chat.opening import Opening, Readiness
from assistant.errors import IndexDamaged, ModelError, StorageFull
from assistant.index.progress import Progress
from tests.fakes import SilentProgress

PATIENCE = 20.0


class Opened:
    """An assistant of which only the opening matters; "damaged" and "broken" cannot be asked."""

    def __init__(self, fault: Exception | None = None, model: str | None = None) -> None:
        self.done: list[str] = []
        self.model = model
        self._fault = fault

    def ask(self, question: str) -> None:
        self.done.append(question)
        if question == "damaged":
            raise IndexDamaged("The index contradicts itself.", "Run: assistant build")
        if question == "broken":
            raise RuntimeError("odd")

    def coach(self, brief: str) -> None:
        self.ask(brief)

    def warm_up(self) -> None:
        if self._fault:
            raise self._fault
        self.done.append("warm")

    def close(self) -> None:
        self.done.append("closed")


class Terminal(SilentProgress):
    """A terminal that remembers how far its bars went."""

    def __init__(self) -> None:
        super().__init__()
        self.advanced: list[int] = []

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        with super().step(name, total):
            yield self.advanced.append


def opening_of(
    open_it: Callable[[Progress], Opened],
    terminal: SilentProgress | None = None,
    rehearsal: tuple[str, ...] = (),
) -> Opening:
    return Opening(
        lambda told: cast(Assistant, open_it(told)), terminal or SilentProgress(), "Loading",
        rehearsal,
    )  # fmt: skip


def wait_for_the_end() -> None:
    """Return when no thread opens anything any more."""
    for thread in threading.enumerate():
        if thread.name == "opening":
            thread.join(PATIENCE)
            assert not thread.is_alive()


def run_to_the_end(opening: Opening) -> Readiness:
    opening.start()
    wait_for_the_end()
    return opening.readiness


class Steps:
    """An opening that stops at every named place until it is let go on."""

    def __init__(self) -> None:
        self.reached = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)

    def stop_here(self) -> None:
        self.reached.release()
        assert self.go_on.acquire(timeout=PATIENCE)

    def wait(self) -> None:
        """Wait until the opening has reached the next place."""
        assert self.reached.acquire(timeout=PATIENCE)

    def let_go(self) -> None:
        self.go_on.release()


def test_before_the_start_it_is_being_prepared_and_nothing_is_open() -> None:
    opening = opening_of(lambda _: Opened())
    assert opening.readiness == Readiness("preparing", "Loading")
    assert opening.assistant is None


def test_it_is_ready_once_the_assistant_is_open_and_warm() -> None:
    opened = Opened()
    opening = opening_of(lambda _: opened)
    assert run_to_the_end(opening) == Readiness("ready")
    assert opening.assistant is cast(Assistant, opened)
    assert opened.done == ["warm"]


def test_an_assistant_that_is_not_warm_yet_is_not_given_out() -> None:
    steps = Steps()

    class Slow(Opened):
        def warm_up(self) -> None:
            steps.stop_here()

    opening = opening_of(lambda _: Slow())
    opening.start()
    steps.wait()
    assert opening.assistant is None
    assert opening.readiness == Readiness("preparing", "Loading")
    steps.let_go()
    wait_for_the_end()
    assert opening.assistant is not None


def test_the_progress_of_every_step_is_seen_here_and_in_the_terminal() -> None:
    steps, terminal = Steps(), Terminal()

    def open_it(told: Progress) -> Opened:
        told.say("Building the index first.")
        with told.step("Embedding", 9) as advance:
            steps.stop_here()
            advance(4)
            steps.stop_here()
            advance(5)
            steps.stop_here()
        steps.stop_here()
        with told.step("Reading", 0):
            steps.stop_here()
        return Opened()

    opening = opening_of(open_it, terminal)
    opening.start()
    seen = []
    for _ in range(5):
        steps.wait()
        seen.append(opening.readiness)
        steps.let_go()
    wait_for_the_end()
    assert seen == [
        Readiness("preparing", "Embedding", 0, 9),
        Readiness("preparing", "Embedding", 4, 9),
        Readiness("preparing", "Embedding", 9, 9),
        Readiness("preparing", "Loading"),
        Readiness("preparing", "Reading"),
    ]
    assert opening.readiness == Readiness("ready")
    assert terminal.steps == [("Embedding", 9), ("Reading", 0)]
    assert terminal.advanced == [4, 5]
    assert terminal.said == ["Building the index first."]


def test_a_failure_is_told_with_its_remedy_here_and_in_the_terminal() -> None:
    terminal = SilentProgress()

    def open_it(_: Progress) -> Opened:
        raise IndexDamaged("The index contradicts itself.", "Run: assistant build")

    opening = opening_of(open_it, terminal)
    told = "The index contradicts itself. Run: assistant build"
    assert run_to_the_end(opening) == Readiness("failed", problem=told)
    assert opening.assistant is None
    assert terminal.said == [f"IndexDamaged: {told}"]


def test_a_model_that_cannot_be_loaded_is_a_failure_though_the_index_is_open() -> None:
    opened = Opened(ModelError("There is no model.", "Unset it."))
    opening = opening_of(lambda _: opened)
    assert run_to_the_end(opening) == Readiness("failed", problem="There is no model. Unset it.")
    assert opening.assistant is None


def test_what_was_opened_before_a_failure_is_closed() -> None:
    opened = Opened(ModelError("There is no model.", "Unset it."))
    run_to_the_end(opening_of(lambda _: opened))
    assert opened.done == ["closed"]


def test_a_failure_in_the_midst_of_a_step_is_told_and_not_the_step() -> None:
    def open_it(told: Progress) -> Opened:
        with told.step("Embedding", 9) as advance:
            advance(4)
            raise StorageFull("No space.", "Make room.")

    readiness = run_to_the_end(opening_of(open_it))
    assert readiness == Readiness("failed", problem="No space. Make room.")


def test_after_a_failure_it_can_be_tried_again() -> None:
    faults = [StorageFull("No space.", "Make room."), RuntimeError("odd"), None]
    steps = Steps()

    def open_it(_: Progress) -> Opened:
        steps.stop_here()
        if fault := faults.pop(0):
            raise fault
        return Opened()

    opening = opening_of(open_it)
    states = []
    for _ in range(3):
        opening.start()
        steps.wait()
        states.append(opening.readiness)
        steps.let_go()
        wait_for_the_end()
        states.append(opening.readiness)
    assert states[0] == states[2] == states[4] == Readiness("preparing", "Loading")
    assert [state.state for state in states[1::2]] == ["failed", "failed", "ready"]
    assert opening.assistant is not None
    assert faults == []


def test_what_should_not_fail_is_written_down_and_said(tmp_path: Path) -> None:
    terminal = SilentProgress()

    def open_it(_: Progress) -> Opened:
        raise RuntimeError("a secret of the inside")

    readiness = run_to_the_end(opening_of(open_it, terminal))
    (log,) = (tmp_path / "state").rglob("failure.log")
    assert readiness.state == "failed"
    assert readiness.problem == (
        f"Something failed that should not: a secret of the inside. Details: {log}"
    )
    assert terminal.said == [readiness.problem]
    assert "Traceback" in log.read_text("utf-8")
    assert "RuntimeError: a secret of the inside" in log.read_text("utf-8")


def test_a_failure_that_cannot_be_written_down_is_still_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))

    def open_it(_: Progress) -> Opened:
        raise RuntimeError("odd")

    readiness = run_to_the_end(opening_of(open_it))
    assert readiness == Readiness(
        "failed", problem="Something failed that should not: odd. Details: the terminal"
    )
    assert "RuntimeError: odd" in capsys.readouterr().err


def test_started_twice_it_opens_once() -> None:
    steps = Steps()
    opened: list[Opened] = []

    def open_it(_: Progress) -> Opened:
        opened.append(Opened())
        steps.stop_here()
        return opened[-1]

    opening = opening_of(open_it)
    opening.start()
    steps.wait()
    opening.start()
    steps.let_go()
    wait_for_the_end()
    assert opening.readiness == Readiness("ready")
    opening.start()
    wait_for_the_end()
    assert opening.readiness == Readiness("ready")
    assert len(opened) == 1


def test_many_who_start_it_at_once_open_it_once() -> None:
    steps = Steps()
    opened: list[int] = []

    def open_it(_: Progress) -> Opened:
        opened.append(1)
        steps.stop_here()
        return Opened()

    opening = opening_of(open_it)
    starters = [threading.Thread(target=opening.start) for _ in range(20)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join(PATIENCE)
    steps.wait()
    steps.let_go()
    wait_for_the_end()
    assert opened == [1]


def test_the_rehearsal_is_asked_in_order_once_all_is_ready() -> None:
    steps = Steps()

    class Slow(Opened):
        def ask(self, question: str) -> None:
            steps.stop_here()
            super().ask(question)

    opened = Slow()
    opening = opening_of(lambda _: opened, rehearsal=("a", "b"))
    opening.start()
    steps.wait()
    during = opening.readiness, opening.assistant
    steps.let_go()
    steps.let_go()
    wait_for_the_end()
    assert during == (Readiness("ready"), cast(Assistant, opened))
    assert opened.done == ["warm", "a", "b"]


def test_a_rehearsal_that_goes_wrong_is_said_and_it_stays_ready() -> None:
    opened, terminal = Opened(), SilentProgress()
    opening = opening_of(lambda _: opened, terminal, ("a", "damaged", "b"))
    assert run_to_the_end(opening) == Readiness("ready")
    assert opening.assistant is cast(Assistant, opened)
    assert opened.done[:3] == ["warm", "a", "damaged"]
    assert terminal.said == ["IndexDamaged: The index contradicts itself. Run: assistant build"]


def test_a_rehearsal_that_should_not_have_failed_shows_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unhandled: list[object] = []
    monkeypatch.setattr(threading, "excepthook", unhandled.append)
    opening = opening_of(lambda _: Opened(), rehearsal=("broken",))
    assert run_to_the_end(opening) == Readiness("ready")
    assert opening.assistant is not None
    assert unhandled == []


def test_a_brief_is_rehearsed_once_and_not_before_all_is_ready() -> None:
    opened = Opened()
    opening = opening_of(lambda _: opened)
    opening.rehearse("too early")
    run_to_the_end(opening)
    opening.rehearse("a brief")
    opening.rehearse("another")
    assert opened.done == ["warm", "a brief"]


def test_no_brief_is_rehearsed_with_a_language_model() -> None:
    opened = Opened(model="some model")
    opening = opening_of(lambda _: opened)
    run_to_the_end(opening)
    opening.rehearse("a brief")
    assert opened.done == ["warm"]


def test_a_brief_whose_rehearsal_goes_wrong_is_said() -> None:
    terminal = SilentProgress()
    opening = opening_of(lambda _: Opened(), terminal)
    run_to_the_end(opening)
    opening.rehearse("damaged")
    assert "The index contradicts itself." in terminal.said[-1]
    assert opening.readiness == Readiness("ready")


def test_closing_lets_go_of_the_assistant() -> None:
    opened = Opened()
    opening = opening_of(lambda _: opened)
    run_to_the_end(opening)
    opening.close()
    assert opened.done == ["warm", "closed"]


def test_closing_what_was_never_opened_or_failed_does_nothing() -> None:
    def open_it(_: Progress) -> Opened:
        raise StorageFull("No space.", "Make room.")

    opening = opening_of(open_it)
    opening.close()
    run_to_the_end(opening)
    opening.close()
    assert opening.assistant is None


def test_closing_stops_a_build_at_its_next_step_and_waits_for_that() -> None:
    steps = Steps()
    reached = []

    def open_it(progress: Progress) -> Opened:
        with progress.step("Embedding", 2) as advance:
            steps.stop_here()
            advance(1)
            reached.append("the second text")
        return Opened()

    opening = opening_of(open_it)
    opening.start()
    steps.wait()
    threading.Timer(0.05, steps.let_go).start()
    opening.close()
    assert reached == []
    assert opening.assistant is None
    assert opening.readiness.state == "preparing"
    assert not [thread for thread in threading.enumerate() if thread.name == "opening"]
