"""A process of one stack: it builds, or it asks. It reads a task as JSON and prints one line of
JSON; whatever a library prints goes to standard error.

`python -m evals.bench.peers.worker < task.json`
"""

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from evals.bench.memory import peak_memory
from evals.bench.peers.records import Doc, Found, Place, Search, Stack

DEEP = 40  # passages that a question is asked for to fill a budget of characters
TOP = 10
PASSES = 3
_OUT = ("socket.connect", "socket.getaddrinfo", "socket.sendto")


def main() -> None:
    """Do what standard input says."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    task = json.load(sys.stdin)
    refused = _stay_inside()
    answer = done(task)
    print(json.dumps(answer | {"refused": refused}), file=answers, flush=True)


def done(task: dict[str, Any], find: Callable[[str], Stack] | None = None) -> dict[str, Any]:
    """The figures of a task. `{"missing": package}` if the stack is not installed. `find` gives
    the stack for the name of its module."""
    place = Place(
        Path(task["weights"]), Path(task["folder"]), tuple(map(Path, task["corpus"])), task["form"]
    )
    began = time.perf_counter()
    try:
        stack = (find or _imported)(task["module"])
    except ModuleNotFoundError as error:
        return {"missing": error.name}
    if task["do"] == "build":
        documents = [Doc(*one) for one in json.loads(Path(task["documents"]).read_text("utf-8"))]
        return _built(stack, documents, place, began)
    return _asked(stack, task["questions"], task["characters"], place, began)


def _imported(module: str) -> Stack:
    stack: Any = importlib.import_module(module)
    return stack  # type: ignore[no-any-return]


def _built(stack: Stack, documents: Sequence[Doc], place: Place, began: float) -> dict[str, Any]:
    imported = time.perf_counter() - began
    chunks = stack.build(documents, place)
    seconds, cpu = time.perf_counter() - began, _cpu()
    return {
        "chunks": chunks,
        "seconds": seconds,
        "importing": imported,
        "cpu": cpu,
        "memory": peak_memory(),
    }


def _asked(
    stack: Stack, questions: Sequence[str], characters: int, place: Place, began: float
) -> dict[str, Any]:
    """Each question twice for what it finds, which warms up, and some times for the clock: the
    quickest counts, so that other work of the computer counts little."""
    search = stack.opened(place)
    search(questions[0], TOP)
    ready = time.perf_counter() - began
    read = [_filling(search(question, DEEP), characters) for question in questions]
    top = [search(question, TOP) for question in questions]
    used = _cpu()
    seconds = [[_timed(search, question) for question in questions] for _ in range(PASSES)]
    used = _cpu() - used
    return {
        "ready": ready,
        "milliseconds": [1000 * min(of_question) for of_question in zip(*seconds, strict=True)],
        "cpu_milliseconds": 1000 * used / PASSES / len(questions),
        "memory": peak_memory(),
        "top": top,
        "read": read,
    }


def _timed(search: Search, question: str) -> float:
    began = time.perf_counter()
    search(question, TOP)
    return time.perf_counter() - began


def _filling(found: Sequence[Found], characters: int) -> list[Found]:
    """The first passages that hold so many characters together."""
    some: list[Found] = []
    for one in found:
        if sum(len(before.text) for before in some) >= characters:
            break
        some.append(one)
    return some


def _cpu() -> float:
    """CPU seconds of this process and of those that it started."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _stay_inside() -> list[str]:
    """Refuse every connection, and keep a list of what was refused."""
    refused: list[str] = []

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        # Addresses of files are strings; what goes through them stays on this computer.
        if event in _OUT and not (event == "socket.connect" and isinstance(arguments[1], str)):
            refused.append(f"{event} {arguments[-1] if event == _OUT[0] else arguments[0]}")
            raise ConnectionRefusedError(f"{event}: nothing is asked of the network here")

    sys.addaudithook(look)
    return refused


if __name__ == "__main__":
    main()
