"""A build in a process of its own: `python -m tests.integration.builder INDEX CORPUS`.

Prints "ready" when everything is imported, then waits for a line before it builds.
"""

import sys
from pathlib import Path

from assistant.errors import AssistantError
from assistant.index.build import build_index
from tests.fakes import WordHashModel


class _Lines:
    """Progress as lines, so that the parent knows what happens."""

    def __init__(self) -> None:
        from tests.fakes import SilentProgress

        self.step = SilentProgress().step

    def say(self, message: str) -> None:
        print(message, flush=True)


if __name__ == "__main__":
    import chromadb  # noqa: F401  # imported before "ready", so that kills hit the build itself

    print("ready", flush=True)
    sys.stdin.readline()
    try:
        build_index(Path(sys.argv[1]), (Path(sys.argv[2]),), True, WordHashModel(), _Lines())
    except AssistantError as error:
        sys.exit(f"{error.name}: {error}")
    print("done", flush=True)
