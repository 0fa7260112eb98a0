"""The memory of this process."""

import resource
from pathlib import Path


def peak_memory() -> float:
    """Peak memory of this process in MiB, not counting what its parent held when it started."""
    status = Path("/proc/self/status")
    if status.is_file():
        (peak,) = (line for line in status.read_text().split("\n") if line.startswith("VmHWM"))
        return round(int(peak.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2, 1)  # macOS: bytes
