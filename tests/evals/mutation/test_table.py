"""The table of a mutation report, by hand."""

import pytest

from evals.mutation.judging import MutationReport, Tally, score
from evals.mutation.operators import HARMLESS, MERGE, OPERATORS
from evals.mutation.table import mutation_table

REPORT = MutationReport(
    sentences=3,
    unsupported=1,
    mutants={
        "number": Tally(made=8, rejected=6, unexpected=("a/n: Five\n of them.", "b/n: 7 did.")),
        "unit": Tally(made=0, rejected=0, unexpected=()),
    },
    harmless={"capitals": Tally(made=4, rejected=1, unexpected=("a/n: FOUR OF THEM.",))},
)
TABLE = """\
3 sentences; 1 more rejected as they stand

changes of meaning      made       noticed         share
number                     8             6          0.75
unit                       0             0  not measured

harmless edits          made  false alarms         share
capitals                   4             1          0.25"""


def test_a_line_for_each_operator_says_made_noticed_and_share() -> None:
    assert mutation_table(REPORT) == TABLE


@pytest.mark.parametrize(
    ("survivors", "shown"),
    [
        (-1, []),
        (0, []),
        (1, ["  a/n: Five of them."]),
        (2, ["  a/n: Five of them.", "  b/n: 7 did."]),
        (9, ["  a/n: Five of them.", "  b/n: 7 did."]),
    ],
)
def test_so_many_mutants_that_were_let_through_follow_their_operator(
    survivors: int, shown: list[str]
) -> None:
    lines = TABLE.splitlines()
    assert mutation_table(REPORT, survivors).splitlines() == [*lines[:4], *shown, *lines[4:]]


def test_every_operator_has_its_line() -> None:
    lines = mutation_table(score(lambda sentence, source: True, [])).splitlines()
    names = [*OPERATORS, MERGE, *HARMLESS]
    assert [line[:20].rstrip() for line in lines if "not measured" in line] == names
