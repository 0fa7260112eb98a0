"""Asking a product: one case at a time, each within its deadline, none twice after a break."""

import json
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.app import Assistant
from assistant.errors import AssistantError, UsageError
from assistant.records import Answer, Passage
from evals.cases import Case

_NAME = "asking"
_LAST_WORDS = 5.0  # seconds for an answer under way when the run is stopped
RETRIEVED = 10  # passages of a search that are kept for the metrics of retrieval


class Reply(BaseModel):
    """What came of a question: an answer, or why there is none; and, where documents answer it,
    what a search found.

    `seconds` are those of the answer alone.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    answer: Answer | None
    passages: tuple[Passage, ...]
    seconds: float
    error: str | None


class Journal:
    """The replies of a run that was broken off, in a file of JSON lines."""

    def __init__(self, path: Path, key: str) -> None:
        """`key` names what was asked of whom; replies under another key are dropped."""
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            first, *lines = path.read_text("utf-8").splitlines() if path.exists() else [""]
            known = [_read_reply(line) for line in lines] if first == key else []
            self.replies = {reply.id: reply for reply in known if reply}
            self._file = path.open("w", encoding="utf-8")
            self._file.write(f"{key}\n")
        except (OSError, ValueError) as error:
            problem = f"{path.parent} is no folder to write to: {error}."
            raise UsageError(problem, "Name another.") from error
        for reply in self.replies.values():
            self.keep(reply)

    def keep(self, reply: Reply) -> None:
        """Write a reply down at once."""
        self._file.write(reply.model_dump_json() + "\n")
        self._file.flush()
        self.replies[reply.id] = reply

    def done(self) -> None:
        """The run is complete: nothing is left to go on with."""
        self.close()
        self._path.unlink()

    def close(self) -> None:
        """Keep what is written for another run."""
        self._file.close()


class Helper:
    """Calls on a thread of its own that can be left behind when a call does not return."""

    def __init__(self) -> None:
        self._start()

    def call(self, work: Callable[[], Any], seconds: float) -> Any:
        """What `work` gives or raises. Raises TimeoutError after `seconds`."""
        self._todo.put(work)
        try:
            value, error = self._done.get(timeout=seconds)
        except queue.Empty:
            self._todo.put(None)  # should it ever return, it ends
            self._start()
            raise TimeoutError from None
        if error:
            raise error
        return value

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._todo.put(None)
        self._thread.join(_LAST_WORDS)

    def _start(self) -> None:
        self._todo: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[Any, Exception | None]] = queue.SimpleQueue()
        # A daemon: a call that never returns does not keep the process alive.
        self._thread = threading.Thread(
            target=_serve, args=(self._todo, self._done), name=_NAME, daemon=True
        )
        self._thread.start()


def ask_cases(
    assistant: Assistant,
    cases: Sequence[Case],
    deadline: float,
    advance: Callable[[int], None],
    journal: Journal | None = None,
) -> list[Reply]:
    """A reply to every case, in order. `deadline` is in seconds, for each case."""
    known: Mapping[str, Reply] = journal.replies if journal else {}
    replies = []
    with Helper() as helper:
        for case in cases:
            reply = known.get(case.id)
            if reply is None:
                reply = _ask(assistant, case, deadline, helper)
                if journal:
                    journal.keep(reply)
            replies.append(reply)
            advance(1)
    return replies


def left_behind() -> bool:
    """Whether a call that did not return is still at work."""
    return any(thread.name == _NAME for thread in threading.enumerate())


def _ask(assistant: Assistant, case: Case, deadline: float, helper: Helper) -> Reply:
    answer, passages, took = None, (), 0.0
    try:
        start = time.perf_counter()
        answer = helper.call(lambda: assistant.ask(case.question, case.history), deadline)
        took = time.perf_counter() - start
        asked = answer.resolved_question
        if case.gold:
            passages = helper.call(lambda: assistant.search(asked, RETRIEVED), deadline)
    except TimeoutError:
        error = f"timeout: no answer within {deadline:g} seconds"
    except AssistantError as problem:
        error = str(problem)
    except Exception as problem:  # noqa: BLE001  # a fault of the product is a finding of the run
        error = f"{type(problem).__name__}: {problem}"
    else:
        return Reply(id=case.id, answer=answer, passages=passages, seconds=took, error=None)
    return Reply(id=case.id, answer=None, passages=(), seconds=took, error=error)


def _serve(
    todo: "queue.SimpleQueue[Callable[[], Any] | None]",
    done: "queue.SimpleQueue[tuple[Any, Exception | None]]",
) -> None:
    while (work := todo.get()) is not None:
        try:
            done.put((work(), None))
        except Exception as error:  # noqa: BLE001  # raised again where it was asked for
            done.put((None, error))


def _read_reply(line: str) -> Reply | None:
    """A reply of an earlier run; None for a line that was cut off."""
    try:
        return Reply.model_validate(json.loads(line))
    except (ValueError, ValidationError):
        return None
