"""What is made of claims, and against what it is judged."""

from evals.mutation.judging import Tally
from evals.mutation.operators import HARMLESS, MERGE, OPERATORS
from evals.support.mutants import WRONG_PASSAGE, mutation_of
from evals.support.places import places_of
from evals.support.records import Claim
from tests.evals.support.make_claims import TEXTS, FakeAssistant, Found, make_claim

CORE = make_claim("core", claim="We keep the core.")
COACHES = make_claim(
    "coaches", quote="Four coaches visit every 2 weeks.", claim="The CFIR says 4 came."
)
WRONG = make_claim("wrong", quote="It ends.", claim="MADI does not end.", change="negation")
BEGAN = make_claim("began", document_id="other", quote="It began in 2014.", claim="2014 it began.")
CLAIMS = [CORE, COACHES, WRONG, BEGAN]
PLACES = places_of(CLAIMS, TEXTS)


def _always(sentence: str, text: str) -> bool:
    return True


def _own(sentence: str, text: str) -> bool:
    """Whether a claim is judged as it stands, and against its own quote."""
    return any(sentence == c.claim and text.split() == c.quote.split() for c in CLAIMS)


def test_every_kind_is_made_of_supported_claims_alone() -> None:
    assistant = FakeAssistant(_always)
    report, _ = mutation_of(CLAIMS, PLACES, assistant)
    assert set(report.mutants) == {*OPERATORS, "date", "named thing", MERGE, WRONG_PASSAGE}
    assert set(report.harmless) == set(HARMLESS)
    assert (report.sentences, report.unsupported) == (3, 0)
    assert not any("MADI does" in sentence for sentence, _ in assistant.checked)


def test_a_year_is_a_date_and_no_number() -> None:
    report, _ = mutation_of(CLAIMS, PLACES, FakeAssistant(_always))
    assert report.mutants["date"].unexpected == ("began: 2015 it began.",)
    assert report.mutants["number"].unexpected == ("coaches: The CFIR says 5 came.",)


def test_names_are_taken_from_all_claims() -> None:
    report, _ = mutation_of(CLAIMS, PLACES, FakeAssistant(_always))
    assert report.mutants["named thing"].unexpected == ("coaches: The MADI says 4 came.",)


def test_mutants_and_edits_are_judged_against_the_claims_own_passage() -> None:
    assistant = FakeAssistant(_always)
    mutation_of([BEGAN], PLACES, assistant)
    assert len(assistant.checked) > 5
    assert {text for _, text in assistant.checked} == {"It began in 2014."}


def test_a_check_that_notices_all_has_full_marks_and_false_alarms() -> None:
    report, nearest = mutation_of(CLAIMS, PLACES, FakeAssistant(_own))
    assert all(not tally.unexpected for tally in report.mutants.values())
    assert report.mutants[WRONG_PASSAGE] == Tally(made=3, rejected=3, unexpected=())
    assert report.harmless["list markers"].rate == 1.0
    assert nearest.made == 0


def test_another_passage_is_that_of_the_next_claim_about_another_document() -> None:
    report, _ = mutation_of(CLAIMS, PLACES, FakeAssistant(_always))
    assert report.mutants[WRONG_PASSAGE].unexpected == (
        "core beside began: We keep the core.",
        "coaches beside began: The CFIR says 4 came.",
        "began beside core: 2014 it began.",
    )


def test_where_all_claims_are_about_one_document_there_is_no_other_passage() -> None:
    report, _ = mutation_of([CORE, COACHES], PLACES, FakeAssistant(_always))
    assert report.mutants[WRONG_PASSAGE].rate is None


def test_the_nearest_other_passage_is_the_first_found_of_another_document() -> None:
    found = [Found("guide", 0, 4), Found("other", 0, 16), Found("other", 17, 25)]
    assistant = FakeAssistant(lambda s, text: _own(s, text) or text == "Context matters.", found)
    _, nearest = mutation_of([CORE, BEGAN], PLACES, assistant)
    assert nearest == Tally(
        made=2, rejected=1, unexpected=("core beside other: We keep the core.",)
    )
    assert ("2014 it began.", "Keep") in assistant.checked


def test_of_claims_that_the_check_rejects_nothing_is_made() -> None:
    claims: list[Claim] = [CORE, BEGAN]
    report, nearest = mutation_of(claims, PLACES, FakeAssistant(lambda s, t: False))
    assert (report.sentences, report.unsupported, nearest.made) == (0, 2, 0)
    assert {tally.rate for tally in (report.mutants | report.harmless).values()} == {None}
