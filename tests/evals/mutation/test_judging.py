"""Judges of changed sentences: by hand, and on the real reference cases."""

from pathlib import Path

import pytest

from evals.cases import Case, Match, Nugget, read_dataset
from evals.matching import holds
from evals.mutation.judging import Tally, is_about, match_report, score, verbatim
from evals.mutation.operators import HARMLESS, MERGE, OPERATORS
from tests.evals.make import make_case, make_nugget

DATASETS = sorted((Path(__file__).parents[3] / "evals" / "datasets").glob("*.yaml"))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """The cases of all datasets."""
    return [case for path in DATASETS for case in read_dataset(path)]


# --- score


def test_a_judge_that_sees_nothing_lets_all_mutants_through() -> None:
    report = score(lambda sentence, source: True, [("Four coaches visit.", "x")])
    assert report.mutants["number"] == Tally(
        made=1, rejected=0, unexpected=("Five coaches visit.",)
    )
    assert report.mutants["number"].rate == 0.0
    assert report.mutants["unit"].rate is None
    assert report.harmless["list markers"].rate == 0.0


def test_a_judge_that_rejects_everything_has_no_kill_rate() -> None:
    report = score(lambda sentence, source: False, [("Four coaches visit.", "x")])
    assert (report.sentences, report.unsupported) == (0, 1)
    assert {tally.rate for tally in (report.mutants | report.harmless).values()} == {None}


def test_a_judge_of_bytes_kills_all_and_gives_false_alarms() -> None:
    source = "Four coaches visit every 2 weeks."
    report = score(lambda sentence, source: sentence in source, [(source, source)])
    assert report.mutants["number"].rate == report.mutants["unit"].rate == 1.0
    assert report.harmless["capitals"] == Tally(
        made=2, rejected=2, unexpected=(source.upper(), source.lower())
    )


def test_neighbours_are_merged_and_judged_against_their_own_source() -> None:
    pairs = [("Keep the core as is.", "a"), ("Half of them use it.", "b")]
    judged: list[tuple[str, str]] = []

    def judge(sentence: str, source: str) -> bool:
        judged.append((sentence, source))
        return True

    assert score(judge, pairs).mutants[MERGE].made == 1
    assert ("Keep the them use it.", "a") in judged


def test_a_source_may_be_anything_and_be_named_in_the_lines() -> None:
    report = score(
        lambda sentence, source: source[0] == 7,
        [("Four coaches visit.", (7, "a")), ("It is so.", (8, "b"))],
        {"shout": lambda sentence: (sentence + "!",)},
        lambda source: f"{source[1]}: ",
    )
    assert (report.sentences, report.unsupported) == (1, 1)
    assert set(report.mutants) == {"shout", MERGE}
    assert report.mutants["shout"].unexpected == ("a: Four coaches visit.!",)


def test_without_pairs_nothing_is_made() -> None:
    report = score(verbatim, [])
    assert (report.sentences, report.unsupported) == (0, 0)
    assert set(report.mutants) == {*OPERATORS, MERGE}
    assert set(report.harmless) == set(HARMLESS)


def test_verbatim_wants_whole_words() -> None:
    assert verbatim("• keep the CORE", "Always keep the core as it is.")
    assert not verbatim("Either is right", "Neither is right")
    assert not verbatim("keep the cor", "keep the core")
    assert not verbatim("", "x")
    assert not verbatim("- ", "x")


def test_a_verbatim_judge_notices_each_change_of_the_real_evidence(cases: list[Case]) -> None:
    quotes = sorted({e.quote for c in cases for nugget in c.nuggets for e in nugget.evidence})
    report = score(verbatim, [(quote, quote) for quote in quotes])
    assert (report.sentences, report.unsupported) == (len(quotes), 0)
    for name, tally in report.mutants.items():
        # "Not every move ..." without its "Not" stands in its source: nothing is compared there
        # with what precedes, and that is what a support check has to do better.
        least = 0.99 if name == "negation taken out" else 1.0
        assert tally.made > 100, name
        assert tally.rejected >= least * tally.made, tally.unexpected
    assert {name: tally.unexpected for name, tally in report.harmless.items()} == dict.fromkeys(
        HARMLESS, ()
    )
    assert all(tally.made for tally in report.harmless.values())


# --- matches


def of(text: str, **match: tuple[str, ...]) -> Case:
    """A case with one nugget of that text and match."""
    nugget = make_nugget("n", "x").model_dump() | {"text": text, "match": Match(**match)}
    return make_case(nuggets=(Nugget.model_validate(nugget),))


def test_a_match_on_numbers_notices_another_number() -> None:
    report = match_report([of("Four coaches visit 10 schools.", numbers=("4",))])
    assert report.mutants["number"] == Tally(made=1, rejected=1, unexpected=())
    assert report.mutants["population"].made == 0
    assert (report.sentences, report.unsupported) == (1, 0)


def test_a_match_with_another_way_round_lets_a_mutant_through() -> None:
    report = match_report([of("At least half of staff.", all_of=("at least half|half of",))])
    assert report.mutants["comparator"] == Tally(
        made=1, rejected=0, unexpected=("core/n: At most half of staff.",)
    )


@pytest.mark.parametrize(
    ("text", "mutant", "match", "about"),
    [
        ("It is ready.", "It is not ready.", {"all_of": ("is ready",)}, True),
        ("It is ready.", "It is not ready.", {"all_of": ("ready",)}, False),
        ("It is ready.", "It is not ready.",
         {"all_of": ("ready",), "forbid": ("not ready",)}, True),
        ("It is not ready.", "It is ready.", {"any_of": ("x", "not ready")}, True),
        ("It is not ready.", "It is ready.", {"all_of": ("ready",)}, False),
        ("Two of 3.", "Two of 4.", {"numbers": ("3",)}, True),
        ("Two of 3.", "Two of 4.", {"numbers": ("2",)}, False),
        ("Teams should meet.", "Teams must meet.", {"all_of": ("should|must",)}, True),
        ("More coaches.", "More evaluators.", {"all_of": ("coach",)}, True),
    ],
)  # fmt: skip
def test_a_mutant_counts_where_the_match_is_about_the_change(
    text: str, mutant: str, match: dict[str, tuple[str, ...]], about: bool
) -> None:
    assert is_about(Match(**match), text, mutant) is about


def test_a_nugget_that_its_own_match_refuses_is_left_out() -> None:
    report = match_report([of("Four coaches.", numbers=("5",))])
    assert (report.sentences, report.unsupported) == (0, 1)
    assert report.mutants["number"].rate is None


def test_the_matches_of_the_real_nuggets_raise_no_false_alarm(cases: list[Case]) -> None:
    report = match_report(cases)
    assert report.unsupported == 0
    assert report.sentences == sum(len(case.nuggets) for case in cases)
    assert all(tally.made and not tally.rejected for tally in report.harmless.values())
    assert all(tally.made for tally in report.mutants.values())


def test_the_real_matches_on_numbers_notice_another_number(cases: list[Case]) -> None:
    made = killed = 0
    for nugget in (nugget for case in cases for nugget in case.nuggets if nugget.match.numbers):
        numbers = Match(numbers=nugget.match.numbers)
        for mutant in OPERATORS["number"](nugget.text):
            if is_about(numbers, nugget.text, mutant):
                made += 1
                killed += not holds(mutant, nugget.match)
    assert made >= 30
    assert killed == made
