"""The table, by hand."""

import json

from evals.mutation.judging import MutationReport, Tally
from evals.results import Estimate
from evals.support.records import SplitReport, SupportReport
from evals.support.table import support_json, support_table


def _tally(made: int, rejected: int, *lines: str) -> Tally:
    return Tally(made=made, rejected=rejected, unexpected=lines)


def _split(mean: float | None, number: Tally, capitals: Tally, missed: str = "") -> SplitReport:
    part = Estimate(mean=0.5, n=2, low=0.1, high=0.9)
    return SplitReport(
        claims=4,
        balanced=Estimate(mean=mean, n=4, low=0.25, high=0.75),
        taken=part,
        rejected=part,
        missed=(missed,) if missed else (),
        changes={"scope": _tally(4, 3), "unit": _tally(0, 0)},
        mutation=MutationReport(
            sentences=2,
            unsupported=0,
            mutants={"number": number, "date": _tally(0, 0)},
            harmless={"capitals": capitals},
        ),
        nearest=_tally(2, 1, "a beside b: It is."),
    )


DEV = _split(0.5, _tally(390, 351, "a: Five\n did."), _tally(100, 3, "a: IT DID."), "b: It is.")
TEST = _split(0.8, _tally(10, 8), _tally(100, 4))
TABLE = """\
claims                                    dev (4 claims)           test (4 claims)  target        met
balanced accuracy                   0.50 [0.25–0.75] n=4      0.80 [0.25–0.75] n=4  0.80 on test  yes
supported, taken for it             0.50 [0.10–0.90] n=2      0.50 [0.10–0.90] n=2
unsupported, rejected               0.50 [0.10–0.90] n=2      0.50 [0.10–0.90] n=2

kind of change, rejected                  dev (4 claims)           test (4 claims)
scope                                      3 of 4   0.75             3 of 4   0.75
unit                                        not measured              not measured

mutants, caught                           dev (4 claims)           test (4 claims)  target        met
number                                 351 of 390   0.90            8 of 10   0.80  0.90          no: test
date                                        not measured              not measured  0.90
all of them                                   351 of 390                   8 of 10  400 in all    yes
the nearest other passage                  1 of 2   0.50             1 of 2   0.50

harmless edits, false alarms              dev (4 claims)           test (4 claims)  target        met
capitals                                 3 of 100   0.03           4 of 100   0.04  0.03 at most  no: test

dev: supported claims, rejected
  b: It is.

dev: mutants let through: number
  a: Five did.

dev: the nearest other passage, taken for support
  a beside b: It is.

dev: false alarms: capitals
  a: IT DID.

test: the nearest other passage, taken for support
  a beside b: It is."""  # noqa: E501


def test_each_number_stands_beside_its_target_and_the_lines_follow() -> None:
    assert support_table(SupportReport(splits={"dev": DEV, "test": TEST})) == TABLE


def test_targets_of_test_are_open_where_there_is_no_test() -> None:
    lines = support_table(SupportReport(splits={"dev": DEV})).splitlines()
    assert lines[1].endswith("n=4  0.80 on test")
    assert lines[10].endswith("0.90          yes")
    assert lines[12].endswith("400 in all    no")


def test_a_target_that_is_missed_is_said_to_be() -> None:
    report = SupportReport(splits={"test": _split(0.79, _tally(1, 0), _tally(1, 0))})
    assert support_table(report).splitlines()[1].endswith("0.80 on test  no")


def test_as_json_its_keys_are_sorted_and_it_can_be_read_again() -> None:
    report = SupportReport(splits={"test": TEST, "dev": DEV})
    text = support_json(report)
    assert SupportReport.model_validate_json(text) == report
    assert text == json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False)
    assert support_json(SupportReport(splits={"dev": DEV, "test": TEST})) == text
