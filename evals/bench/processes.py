"""What a command costs as a process of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from evals.bench.server import BenchFailed

# A process inherits the peak of the one that began it: only its own status tells its own.
_RUN = """
import atexit, pathlib, runpy, sys
place, module = sys.argv[1:3]
atexit.register(lambda: pathlib.Path(place).write_text(
    pathlib.Path("/proc/self/status").read_text()))
sys.argv = sys.argv[2:]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Cost:
    """CPU seconds, user and system, and peak memory in MiB."""

    cpu: float
    memory: float


def cost_of(module: str, *arguments: str) -> Cost:
    """What a module costs that is run with these arguments. Linux only. Raises BenchFailed if it
    exits with an error."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "status"
        process = subprocess.Popen(
            [sys.executable, "-c", _RUN, str(place), module, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise BenchFailed(
                f"{module} {' '.join(arguments)} failed ({process.returncode}).",
                "Try it by itself.",
            )
        said = place.read_text("utf-8").split("\n")
    (peak,) = (line for line in said if line.startswith("VmHWM"))
    return Cost(round(used.ru_utime + used.ru_stime, 2), round(int(peak.split()[1]) / 1024, 1))


def middle_of(costs: Sequence[Cost]) -> Cost:
    """The middle of each figure."""
    return Cost(
        round(median(cost.cpu for cost in costs), 2),
        round(median(cost.memory for cost in costs), 1),
    )
