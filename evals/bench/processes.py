"""What a command costs as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evals.bench.server import BenchFailed


@dataclass(frozen=True)
class Cost:
    """CPU seconds, user and system, and peak memory in MiB."""

    cpu: float
    memory: float


def cost_of(*arguments: str) -> Cost:
    """What Python costs with these arguments. Linux and macOS only. Raises BenchFailed if it
    exits with an error."""
    process = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchFailed(
            f"{' '.join(arguments)} failed ({process.returncode}).", "Try it by itself."
        )
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Cost(round(used.ru_utime + used.ru_stime, 2), round(used.ru_maxrss / unit, 1))


def middle_of(costs: Sequence[Cost]) -> Cost:
    """The middle of each figure."""
    return Cost(
        round(median(cost.cpu for cost in costs), 2),
        round(median(cost.memory for cost in costs), 1),
    )
