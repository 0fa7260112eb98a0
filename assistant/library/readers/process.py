"""The door to the process in which PDF, DOCX and HTML files are read."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from assistant.failure_log import log_text
from assistant.library.readers.extract import Extract, Limits, Unreadable

_EXTRACT = TypeAdapter(Extract)
_LARGEST_REPLY = 100_000_000  # bytes
_START = 60  # seconds for the process to begin, on however busy a computer
_RENEW_AFTER = 200_000_000  # bytes read by one process: what libraries leak goes with it


class ReadingProcess:
    """Reads one file after another, apart from this process. Not for use by two threads."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._given = 0

    def read(self, suffix: str, data: bytes) -> Extract:
        """What is in a file of that format, such as ".pdf". Raises Unreadable."""
        if self._given > _RENEW_AFTER:
            self.close()
        process = self._running()
        self._given += len(data)
        header = json.dumps({"format": suffix, "size": len(data)}).encode() + b"\n"
        giving = threading.Thread(target=_give, args=(process, header, data), daemon=True)
        giving.start()
        reply = self._reply(process, self._limits.seconds)
        if "extract" not in reply:
            process.kill()  # it may have something left of what it met
        giving.join()
        if "extract" in reply:
            return _EXTRACT.validate_python(reply["extract"])
        self.close()
        if "failure" in reply:
            raise Unreadable(
                "made its reader fail, as a damaged file does.",
                f"Save it again with another program. Details: {log_text(reply['failure'])}",
            )
        raise Unreadable(reply["reason"], reply["remedy"])

    def close(self) -> None:
        """Stop the process, if there is one."""
        if self._process:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    with suppress(BrokenPipeError):  # what nobody read was buffered
                        pipe.close()
        self._process, self._given = None, 0

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            limits = json.dumps(asdict(self._limits))
            # -P: a module in the working directory must not pass for one of ours.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "assistant.library.readers.worker", limits],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libraries complain there of every flaw of a file
            )
            started = self._reply(self._process, _START)
            if "ready" not in started:
                self.close()
                raise Unreadable(
                    f"was not read, because its reader {started['reason']}",
                    "Try it again when this computer is less busy.",
                )
        return self._process

    @staticmethod
    def _reply(process: subprocess.Popen[bytes], seconds: int) -> dict[str, Any]:
        """The line that the process writes within so many seconds, or why there is none."""
        assert process.stdout is not None
        pipe = process.stdout.fileno()
        until = time.monotonic() + seconds
        parts: list[bytes] = []
        size = 0
        while not (parts and parts[-1].endswith(b"\n")):
            ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                return {
                    "reason": f"takes more than {seconds} second{'s' * (seconds > 1)} to read.",
                    "remedy": "Split it, or raise ASSISTANT_READING_SECONDS.",
                }
            part = os.read(pipe, 1 << 20)
            if not part:
                return {
                    "reason": "ended the process that read it.",
                    "remedy": "Save it again with another program, or split it.",
                }
            parts.append(part)
            size += len(part)
            if size > _LARGEST_REPLY:
                return {"reason": "holds far too much text.", "remedy": "Split it."}
        reply: dict[str, Any] = json.loads(b"".join(parts))
        return reply


def _give(process: subprocess.Popen[bytes], header: bytes, data: bytes) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError):  # it ended, which the reply says
        process.stdin.write(header)
        process.stdin.write(data)
        process.stdin.flush()
