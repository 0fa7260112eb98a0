"""Minutes: a session cut into parts, and a part into steps. Pure; every minute is given out."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import floor

from assistant.coaching.data import ActivityStep, Part, Shapes
from assistant.plans import Step

LEAST = 2  # minutes of any item
_BREAK_FROM = 90  # minutes; a tired team has one from 60 on
_BREAK_FROM_IF_TIRED = 60
_LEAST_BREAK = 5
_LISTENING: tuple[Part, ...] = ("story", "idea")


def cut(
    shapes: Shapes, minutes: int, more_doing: bool = False, tired: bool = False
) -> dict[Part, int]:
    """The minutes of each part of a session, in the order of the agenda; they add up to `minutes`.

    `more_doing` takes half of what is for looking and listening; a `tired` team has its break
    sooner.
    """
    parts = _between(shapes.minutes, minutes)
    if minutes < (_BREAK_FROM_IF_TIRED if tired else _BREAK_FROM):
        parts["activity"] += parts.pop("break", 0.0)
    elif parts.get("break", 0.0) < _LEAST_BREAK:
        parts["activity"] -= _LEAST_BREAK - parts.get("break", 0.0)
        parts["break"] = float(_LEAST_BREAK)
    if more_doing:
        for part in _LISTENING:
            spared = parts[part] / 2
            parts[part] -= spared
            parts["activity"] += spared
    whole = share_out(minutes, list(parts.values()), LEAST)
    return dict(zip(parts, whole, strict=True))


def activity_count(shapes: Shapes, minutes: int) -> int:
    """How many activities a session of that length has room for."""
    return max((count for since, count in shapes.activities.items() if since <= minutes), default=1)


def share_out(minutes: int, shares: Sequence[float], least: int = 1) -> list[int]:
    """Whole minutes in proportion to shares, none below `least`; they add up to `minutes`, which
    must be at least `least` for each share. What is over goes to the largest fractions."""
    if minutes < least * len(shares):
        raise ValueError(f"{minutes} minutes are too few for {len(shares)} parts of {least}")
    free = minutes - least * len(shares)
    exact = [minutes * share / sum(shares) for share in shares]
    above = [max(0.0, part - least) for part in exact]
    total = sum(above)
    wanted = [part * free / total for part in above] if total else [free / len(shares)] * len(above)
    given = [floor(part + 1e-9) for part in wanted]
    by_fraction = sorted(range(len(wanted)), key=lambda n: (given[n] - wanted[n], n))
    for n in by_fraction[: free - sum(given)]:
        given[n] += 1
    return [least + part for part in given]


def timed(steps: Sequence[ActivityStep], minutes: int) -> tuple[Step, ...]:
    """Steps with their minutes, at least one each; where there are more steps than minutes, the
    last ones become one."""
    parts = [(step.share, step.do) for step in steps]
    while len(parts) > minutes:
        (share, do), (last_share, last_do) = parts[-2:]
        parts[-2:] = [(share + last_share, f"{do} {last_do}")]
    given = share_out(minutes, [share for share, _ in parts])
    return tuple(Step(minutes=n, text=do) for n, (_, do) in zip(given, parts, strict=True))


def share_between(minutes: int, ranges: Iterable[tuple[int, int, int]]) -> list[int] | None:
    """Minutes for activities of which (least, usual, most) are known, as near to the usual as can
    be; None if `minutes` lie outside of what they take together."""
    limits = list(ranges)
    if not sum(one[0] for one in limits) <= minutes <= sum(one[2] for one in limits):
        return None
    given = [one[1] for one in limits]
    while (over := sum(given) - minutes) != 0:
        step = -1 if over > 0 else 1
        room = [
            (abs(one[0 if over > 0 else 2] - now), -n)
            for n, (one, now) in enumerate(zip(limits, given, strict=True))
        ]
        given[-max(room)[1]] += step
    return given


def _between(anchors: Mapping[int, Mapping[Part, int]], minutes: int) -> dict[Part, float]:
    """The parts of a length, on the line between the two lengths beside it."""
    lengths = sorted(anchors)
    if minutes <= lengths[0] or minutes >= lengths[-1]:
        nearest = lengths[0] if minutes <= lengths[0] else lengths[-1]
        before = after = nearest
        way = 0.0
    else:
        before, after = next(pair for pair in pairwise(lengths) if pair[0] <= minutes <= pair[1])
        way = (minutes - before) / (after - before)
    order = list(anchors[lengths[-1]])
    names = [part for part in order if part in anchors[before] or part in anchors[after]]
    scale = minutes / (before + way * (after - before))
    return {
        part: scale * (anchors[before].get(part, 0) * (1 - way) + anchors[after].get(part, 0) * way)
        for part in names
    }
