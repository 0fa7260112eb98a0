"""An index that files are added to and removed from, in a process of its own, which tests measure
and kill: `python -m tests.integration.adder INDEX CORPUS`.

Prints a line when it is warm: everything imported, the corpus indexed. Then, for every line of
JSON {"add": [paths], "remove": [ids], "build": true, "limits": {...}}, all optional, it does that
and prints a line of JSON: {"refused", "new", "replaced", "removed", "remarks"} or {"error"}, with
the "seconds" it took, the "megabytes" beyond what it held when it was warm, and the "children"
that are still there.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.index.build import add_documents, build_index, remove_documents
from assistant.library.readers.extract import Limits
from assistant.records import BuildReport
from tests.fakes import SilentProgress, WordHashModel


def do(index: Path, corpus: Path, asked: dict[str, Any]) -> dict[str, Any]:
    """One line of input."""
    limits = Limits(**asked.get("limits", {}))
    model, progress = WordHashModel(), SilentProgress()
    report = None
    try:
        if asked.get("remove"):
            report = remove_documents(index, asked["remove"], model, progress)
        if asked.get("build"):
            report = build_index(index, (corpus,), True, model, progress, limits)
        if asked.get("add"):
            paths = [Path(os.path.abspath(path)) for path in asked["add"]]  # noqa: PTH100  # as app
            report = add_documents(index, paths, (corpus,), model, progress, limits)
    except AssistantError as error:
        return {"error": str(error)}
    return _told(report) if report else {}


def memory(field: str) -> int:
    """Kilobytes of this process: "VmRSS" now, "VmHWM" at most since `forget_peak`. Linux only."""
    lines = Path("/proc/self/status").read_text("ascii").split("\n")
    (line,) = (line for line in lines if line.startswith(field))
    return int(line.split()[1])


def forget_peak() -> None:
    """Count the peak of memory from now on."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def children() -> list[int]:
    """The processes that this one has started and that are still there."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        found += [int(pid) for pid in (task / "children").read_text("ascii").split()]
    return found


def _told(report: BuildReport) -> dict[str, Any]:
    kept = {"refused", "new", "replaced", "removed", "remarks"}
    return report.model_dump(mode="json", include=kept)


def main() -> None:
    """Do what standard input says until it ends."""
    import chromadb  # noqa: F401  # imported before it is warm, so that kills hit the work itself

    index, corpus = Path(sys.argv[1]), Path(sys.argv[2])
    began: dict[str, Any] = {} if (index / "ledger.db").exists() else {"build": True}
    print(json.dumps(do(index, corpus, began)), flush=True)
    idle = memory("VmRSS")
    for line in sys.stdin:
        forget_peak()
        started = time.monotonic()
        reply = do(index, corpus, json.loads(line))
        reply |= {
            "seconds": time.monotonic() - started,
            "megabytes": (memory("VmHWM") - idle) * 1024 / 1e6,
            "children": children(),
        }
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
