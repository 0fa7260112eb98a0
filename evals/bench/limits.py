"""The load of the chat beside the limits of the product."""

from typing import Any

SLOWEST = 1500.0  # milliseconds until 95 of 100 answers are whole
_SHARE, _MORE = 0.05, 20e6 / 2**20  # of memory, and MiB: what may come and go when it is flat
_ENOUGH = 3  # looks at the memory without which nobody can tell


def is_flat(memory: list[float]) -> bool | None:
    """Whether memory (MiB, at every minute) grows no more from the second minute on; None if the
    run was too short to tell."""
    if len(memory) < _ENOUGH:
        return None
    return max(memory[1:]) <= memory[1] * (1 + _SHARE) + _MORE


def beyond(found: dict[str, Any]) -> list[str]:
    """Which limits a load does not keep."""
    slow = not found["answer_ms"] or found["answer_ms"][1] > SLOWEST
    broken = {
        "errors": bool(found["errors"]),
        "answers": slow,
        "memory": is_flat(found["memory_mib"]) is False,
        "lost": found["killed"]["lost"] > 0,
    }
    return [name for name, is_broken in broken.items() if is_broken]


def load_table(found: dict[str, Any]) -> str:
    """The measurements beside their limits."""
    killed, flat = found["killed"], is_flat(found["memory_mib"])
    judged = {None: "flat from minute 2 on: too short to tell", True: "flat", False: "not flat"}
    closed = found["closed_after"]
    rows = [
        (f"{found['readers']} readers for {found['minutes']} min: questions",
         found["questions"], ""),
        ("  errors", sum(found["errors"].values()), "0"),
        *((f"    {kind[:90]}", count, "") for kind, count in sorted(found["errors"].items())),
        ("  whole answer p50, p95, p99 (ms)", found["answer_ms"], f"p95 <= {SLOWEST:.0f}"),
        ("  from then until it is kept p50, p95 (ms)", found["kept_ms"], ""),
        ("  memory at every minute (MiB)", found["memory_mib"], judged[flat]),
        ("  growth from the first minute to the end (MiB)", found["growth_mib"], ""),
        (f"  database, {found['database']} (MB)", found["database_mb"], ""),
        ("questions of a page that reads nothing", found["unread"],
         "" if closed is None else f"closed after {closed} s"),
        ("pages dropped, before their whole answer",
         f"{found['dropped']}, {found['dropped_unanswered']}", ""),
        ("killed: turns answered, in flight", f"{killed['answered']}, {killed['in_flight']}", ""),
        ("  answered but not kept, in flight", killed["lost_in_flight"], ""),
        ("  answered but not kept beyond these", killed["lost"], "0"),
        ("  turns of a conversation taken up again", killed["taken_up"], ""),
        ("beyond the limits", ", ".join(beyond(found)) or "nothing", ""),
    ]  # fmt: skip
    return "\n".join(f"{name:52}{value!s:>26}  {bound}".rstrip() for name, value, bound in rows)
