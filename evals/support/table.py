"""A report on the check of support in the terminal, beside what is wanted of it; and as JSON."""

import json
from collections.abc import Callable, Iterator, Sequence

from evals.mutation.judging import Tally
from evals.report.words import UNMEASURED, estimate, number
from evals.support.records import SplitReport, SupportReport

BALANCED = 0.80  # balanced accuracy, on test
CAUGHT = 0.90  # of the mutants of each kind
ALARMS = 0.03  # of the harmless edits of each kind
MUTANTS = 400  # in all: fewer say little of some kinds

_Line = tuple[str, Sequence[str], str, str]
_Meets = Callable[[float], bool]


def support_table(report: SupportReport) -> str:
    """All numbers, a column for each split, with the target and whether it is met; then the lines
    that the report holds on what went wrong.

    Of each kind it says "rejected of made" and the share.
    """
    splits = report.splits
    changes = {name: split.changes for name, split in splits.items()}
    edits = {name: split.mutation.harmless for name, split in splits.items()}
    alarms = _kinds(edits, f"{number(ALARMS)} at most", lambda rate: rate <= ALARMS)
    parts = [
        _block("claims", splits, "target", _claims(report)),
        _block("kind of change, rejected", splits, "", _kinds(changes)),
        _block("mutants, caught", splits, "target", _mutants(report)),
        _block("harmless edits, false alarms", splits, "target", alarms),
        *_survivors(report),
    ]
    return "\n\n".join(parts)


def support_json(report: SupportReport) -> str:
    """The report as JSON: equal for equal content."""
    fields = report.model_dump(mode="json")
    return json.dumps(fields, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _claims(report: SupportReport) -> Iterator[_Line]:
    splits = report.splits.values()
    test = report.splits.get("test")
    mean = test.balanced.mean if test else None
    met = "" if mean is None else "yes" if mean >= BALANCED else "no"
    cells = [estimate(split.balanced) for split in splits]
    yield "balanced accuracy", cells, f"{number(BALANCED)} on test", met
    yield "supported, taken for it", [estimate(split.taken) for split in splits], "", ""
    yield "unsupported, rejected", [estimate(split.rejected) for split in splits], "", ""


def _mutants(report: SupportReport) -> Iterator[_Line]:
    splits = report.splits.values()
    by_split = {name: split.mutation.mutants for name, split in report.splits.items()}
    yield from _kinds(by_split, number(CAUGHT), lambda rate: rate >= CAUGHT)
    total = [f"{split.caught} of {split.mutants}" for split in splits]
    enough = "yes" if sum(split.mutants for split in splits) >= MUTANTS else "no"
    yield "all of them", total, f"{MUTANTS} in all", enough
    yield "the nearest other passage", [_share(split.nearest) for split in splits], "", ""


def _kinds(
    by_split: dict[str, dict[str, Tally]], target: str = "", meets: _Meets | None = None
) -> Iterator[_Line]:
    """A line for each kind; met is what is met in every split where there was something to try."""
    for kind in next(iter(by_split.values())):
        tallies = {name: kinds[kind] for name, kinds in by_split.items()}
        rates = {name: tally.rate for name, tally in tallies.items() if tally.rate is not None}
        missed = [name for name, rate in rates.items() if meets and not meets(rate)]
        met = f"no: {', '.join(missed)}" if missed else "yes" if meets and rates else ""
        yield kind, [_share(tally) for tally in tallies.values()], target, met


def _share(tally: Tally) -> str:
    if tally.rate is None:
        return UNMEASURED
    return f"{tally.rejected} of {tally.made} {number(tally.rate):>6}"


def _block(title: str, splits: dict[str, SplitReport], target: str, lines: Iterator[_Line]) -> str:
    heads = [f"{name} ({split.claims} claims)" for name, split in splits.items()]
    rows = [(title, heads, target, target and "met"), *lines]
    return "\n".join(_row(*row) for row in rows)


def _row(name: str, cells: Sequence[str], target: str, met: str) -> str:
    columns = "".join(f"{cell:>26}" for cell in cells)
    return f"{name:30}{columns}  {target:14}{met}".rstrip()


def _survivors(report: SupportReport) -> Iterator[str]:
    for name, split in report.splits.items():
        mutants, edits = split.mutation.mutants, split.mutation.harmless
        groups = [
            ("supported claims, rejected", split.missed),
            *((f"{kind}, taken for supported", t.unexpected) for kind, t in split.changes.items()),
            *((f"mutants let through: {kind}", t.unexpected) for kind, t in mutants.items()),
            ("the nearest other passage, taken for support", split.nearest.unexpected),
            *((f"false alarms: {kind}", t.unexpected) for kind, t in edits.items()),
        ]
        for title, lines in groups:
            if lines:
                told = (f"  {' '.join(line.split())}" for line in lines)
                yield "\n".join([f"{name}: {title}", *told])
