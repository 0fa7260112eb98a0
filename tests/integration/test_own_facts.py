"""Facts about a team's own place: told by its own documents, or by nobody."""

from collections.abc import Iterator

import pytest

from assistant.app import Assistant

PLAN = """# Ward plan

## Handover

The handover on our ward begins at seven in the purple room. Everybody brings the yellow folder.

## People

Sister Amina leads the implementation team. The champion for hand hygiene is Tom Price. The team
meets every Monday at two.

## Goals

By June we want eight in ten patients to have a plan within a day. The pilot runs on wards 4 and 7.
"""


@pytest.fixture(scope="module")
def own(library: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The library, beside one document of a team's own."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "Ward plan.md").write_text(PLAN, "utf-8")
    made = library.beside(folder / "index")
    made.take_in([folder / "Ward plan.md"])
    yield made
    made.close_copy()


TOLD = {
    "When does the handover on our ward begin?": "begins at seven",
    "Who leads our team?": "Sister Amina leads",
    "Who is our champion?": "is Tom Price",
    "When does our team meet?": "every Monday at two",
    "Where does our pilot run?": "on wards 4 and 7",
}


@pytest.mark.parametrize(("question", "said"), TOLD.items(), ids=list(TOLD))
def test_a_fact_that_ones_own_document_tells_is_quoted_and_nothing_else(
    own: Assistant, question: str, said: str
) -> None:
    answer = own.ask(question)
    assert answer.decline is None
    (claim,) = answer.claims
    assert said in claim.text
    assert [one.document_id for one in answer.citations] == ["ward-plan"]


@pytest.mark.parametrize(
    "question",
    [
        "How many of our staff came to the training?", "What did our head decide last week?",
        "Who is our link person at the trust?", "How much did our pilot cost?",
        "When did our ward start?", "Who is the manager on ward 7?",
    ],
)  # fmt: skip
def test_a_fact_that_it_does_not_tell_is_declined_though_words_of_it_are_there(
    own: Assistant, question: str
) -> None:
    answer = own.ask(question)
    assert answer.decline
    assert answer.decline.reason == "local_fact"


@pytest.mark.parametrize("question", TOLD)
def test_without_that_document_nobody_knows(
    own: Assistant, library: Assistant, question: str
) -> None:
    for answer in (library.ask(question), own.ask(question, without=["ward-plan"])):
        assert answer.decline
        assert answer.decline.reason == "local_fact"
    assert own.ask(question, only=["ward-plan"]).decline is None
