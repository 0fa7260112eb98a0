"""The process in which PDF, DOCX and HTML files are read: what goes wrong in it stays in it.

It is given the limits as its only argument, and writes {"ready"} on standard output when it can
begin. For every line of JSON {"format", "size"} and the bytes of a file after it on standard input,
it writes one line of JSON: {"extract"}, {"reason", "remedy"} if the file is refused, or {"failure"}
with a traceback.
"""

import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from pydantic import TypeAdapter

from assistant.library.readers.docx import read_docx
from assistant.library.readers.extract import Extract, Limits, Unreadable
from assistant.library.readers.html import read_html
from assistant.library.readers.pdf import read_pdf

READERS: dict[str, Callable[[bytes, Limits], Extract]] = {
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".html": read_html,
    ".htm": read_html,
}
_EXTRACT = TypeAdapter(Extract)
_GRACE = 5  # seconds beyond the limit in which the parent has not stopped it: it is gone


def main() -> None:
    """Read files until there are no more."""
    limits = Limits(**json.loads(sys.argv[1]))
    # What a library prints must not pass for a reply.
    with os.fdopen(os.dup(1), "wb") as replies:
        os.dup2(2, 1)
        _confine(limits)
        _tell(replies, {"ready": True})
        for line in sys.stdin.buffer:
            asked = json.loads(line)
            data = sys.stdin.buffer.read(asked["size"])
            signal.alarm(limits.seconds + _GRACE)
            _tell(replies, _reply(asked["format"], data, limits))
            signal.alarm(0)


def _tell(replies: BinaryIO, reply: dict[str, Any]) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.flush()


def _confine(limits: Limits) -> None:
    """No more memory than is allowed, and nothing written to the disk."""
    memory = limits.memory_megabytes * 1_000_000
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (allowed, hard))
        except (ValueError, OSError):  # macOS knows no limit of address space: time is limited
            continue


def _reply(suffix: str, data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        extract = READERS[suffix](data, limits)
        characters = sum(len(block.text) for block in extract.blocks)
        if characters > limits.characters:
            return _too_long(f"{characters:,} characters of text", limits.characters, "CHARACTERS")
        # A short paragraph takes far more memory than its characters.
        if len(extract.blocks) > limits.paragraphs:
            return _too_long(f"{len(extract.blocks):,} paragraphs", limits.paragraphs, "PARAGRAPHS")
        return {"extract": _EXTRACT.dump_python(extract, mode="json")}
    except Unreadable as error:
        return {"reason": error.reason, "remedy": error.remedy}
    except MemoryError:
        return {
            "reason": f"takes more than {limits.memory_megabytes} MB of memory to read.",
            "remedy": "Split it, or raise ASSISTANT_READING_MEMORY_MB.",
        }
    except Exception:  # noqa: BLE001  # handed to the parent, which writes it down
        return {"failure": traceback.format_exc()}


def _too_long(much: str, limit: int, setting: str) -> dict[str, Any]:
    return {
        "reason": f"holds {much}; the limit is {limit:,}.",
        "remedy": f"Split it, or raise ASSISTANT_MOST_{setting}.",
    }


if __name__ == "__main__":
    main()
