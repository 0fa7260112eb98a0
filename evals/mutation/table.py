"""A mutation report in the terminal."""

from collections.abc import Iterator, Mapping

from evals.mutation.judging import MutationReport, Tally
from evals.report.words import number


def mutation_table(report: MutationReport, survivors: int = 0) -> str:
    """Two tables as text: changes of meaning, and harmless edits; a line for each operator.

    Shares are from 0 to 1, "not measured" where nothing was made. Each operator is followed by
    up to `survivors` of its mutants that were let through, each on a line of its own.
    """
    noticed = _lines("changes of meaning", "noticed", report.mutants, survivors)
    alarms = _lines("harmless edits", "false alarms", report.harmless, 0)
    sentences = f"{report.sentences} sentences; {report.unsupported} more rejected as they stand"
    return "\n\n".join([sentences, "\n".join(noticed), "\n".join(alarms)])


def _lines(
    title: str, rejected: str, tallies: Mapping[str, Tally], unexpected: int
) -> Iterator[str]:
    yield _row(title, "made", rejected, "share")
    for name, tally in tallies.items():
        yield _row(name, str(tally.made), str(tally.rejected), number(tally.rate))
        for line in tally.unexpected[: max(unexpected, 0)]:
            yield f"  {' '.join(line.split())}"


def _row(name: str, made: str, rejected: str, share: str) -> str:
    return f"{name:20}{made:>8}{rejected:>14}{share:>14}"
