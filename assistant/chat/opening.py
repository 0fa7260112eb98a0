"""Getting ready beside the server: the index built if there is none, the model loaded."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from assistant.app import Assistant
from assistant.errors import AssistantError
from assistant.failure_log import log_failure
from assistant.index.progress import Progress


@dataclass(frozen=True)
class Readiness:
    """How far the preparation is. `done` of `total` parts of a `step`; `problem` says what is
    wrong and what to do."""

    state: Literal["preparing", "ready", "failed"]
    step: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""


class Opening:
    """An assistant that is being opened in a thread of its own, and what is known of it."""

    def __init__(
        self,
        open_it: Callable[[Progress], Assistant],
        terminal: Progress,
        loading: str,
        rehearsal: Sequence[str] = (),
        failed: Callable[[BaseException], str] = log_failure,
    ) -> None:
        """`loading` names the step in which nothing can be counted. The questions of the
        `rehearsal` are asked once, after all is ready, so that no reader is the first to. `failed`
        takes note of what should not fail, and says where."""
        self._open = open_it
        self._terminal = terminal
        self._loading = loading
        self._rehearsal = rehearsal
        self._failed = failed
        self._readiness = Readiness("preparing", loading)
        self._assistant: Assistant | None = None
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._has_prepared = False

    def start(self) -> None:
        """Begin, or begin again after a failure; otherwise leave it as it is."""
        with self._lock:
            if self._thread and (self._thread.is_alive() or self._assistant):
                return
            self._readiness = Readiness("preparing", self._loading)
            self._thread = threading.Thread(target=self._run, name="opening")
            self._thread.start()

    @property
    def readiness(self) -> Readiness:
        """How far it is."""
        return self._readiness

    @property
    def assistant(self) -> Assistant | None:
        """The open assistant, once it is ready."""
        return self._assistant

    def rehearse(self, brief: str) -> None:
        """Prepare a session once for this brief, so that no coach is the first to wait for what
        is loaded for it. Later calls do nothing, nor does one before all is ready, nor where a
        language model is configured: it would be asked what nobody wants to know."""
        with self._lock:
            assistant = None if self._has_prepared else self._assistant
            self._has_prepared = self._has_prepared or assistant is not None
        if assistant and assistant.model is None:
            self._trying(lambda: assistant.coach(brief))

    def close(self) -> None:
        """Stop at the next step of what is under way, and let go of the assistant.

        Python cannot end beside a thread that computes, and a build that is stopped loses
        nothing.
        """
        self._stopped.set()
        if self._thread:
            self._thread.join()
        if self._assistant:
            self._assistant.close()

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Progress for the terminal and for the page."""
        self._readiness = Readiness("preparing", name, 0, total)
        with self._terminal.step(name, total) as advance:

            def advance_both(done: int) -> None:
                if self._stopped.is_set():
                    raise _Stopped
                advance(done)
                so_far = self._readiness.done + done
                self._readiness = Readiness("preparing", name, so_far, total)

            yield advance_both
        self._readiness = Readiness("preparing", self._loading)

    def say(self, message: str) -> None:
        """A line for the terminal."""
        self._terminal.say(message)

    def _run(self) -> None:
        try:
            assistant = self._open(self)
            try:
                assistant.warm_up()
            except BaseException:
                assistant.close()
                raise
        except _Stopped:
            return
        except AssistantError as error:
            self._fail(str(error), f"{error.name}: {error}")
        except Exception as error:  # noqa: BLE001  # the outermost door of this thread
            problem = self._unexpected(error)
            self._fail(problem, problem)
        else:
            self._assistant = assistant
            self._readiness = Readiness("ready")
            self._rehearse(assistant)

    def _rehearse(self, assistant: Assistant) -> None:
        def ask_all() -> None:
            for question in self._rehearsal:
                if self._stopped.is_set():
                    return
                assistant.ask(question)

        self._trying(ask_all)

    def _trying(self, act: Callable[[], object]) -> None:
        try:
            act()
        except AssistantError as error:
            self._terminal.say(f"{error.name}: {error}")
        except Exception as error:  # noqa: BLE001  # the outermost door of this thread
            self._terminal.say(self._unexpected(error))

    def _fail(self, problem: str, line: str) -> None:
        self._terminal.say(line)
        self._readiness = Readiness("failed", problem=problem)

    def _unexpected(self, error: Exception) -> str:
        return f"Something failed that should not: {error}. Details: {self._failed(error)}"


class _Stopped(Exception):
    """Nobody waits for it any more."""
