"""Whole answers over the shipped library, with the real model."""

import re
from pathlib import Path

import pytest

from assistant.app import Assistant
from assistant.prompts import read_frames
from assistant.records import Answer
from assistant.render import escape_markdown
from evals.cases import read_dataset

CASES = read_dataset(Path(__file__).parents[2] / "evals" / "datasets" / "starter.yaml")
QUESTIONS = [case.question for case in CASES if case.answerable]


def without_markers(text: str) -> str:
    return re.sub(r" \[\d+\]", "", text)


def frame_lines(answer: Answer) -> set[str]:
    frames, _ = read_frames()
    return {
        frames.from_source.replace("$title", escape_markdown(citation.title))
        for citation in answer.citations
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_all_text_of_an_answer_is_claims_and_frame_lines(library: Assistant, question: str) -> None:
    answer = library.ask(question)
    if answer.outcome == "declined":
        assert answer.claims == ()
        return
    rest = without_markers(answer.text)
    for line in frame_lines(answer):
        rest = rest.replace(line, "")
    for claim in sorted(answer.claims, key=lambda claim: -len(claim.text)):
        assert escape_markdown(claim.text) in without_markers(answer.text)
        rest = rest.replace(escape_markdown(claim.text), "")
    assert re.sub(r"^(?:-|\d+\.)", "", rest, flags=re.MULTILINE).split() == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_the_text_of_its_document_at_its_offsets(
    library: Assistant, question: str
) -> None:
    answer = library.ask(question)
    nearest = answer.decline.nearest if answer.decline else ()
    assert answer.citations or nearest
    for citation in (*answer.citations, *nearest):
        sha256, text = library.show(citation.document_id)
        assert text[citation.start : citation.end] == citation.quote
        assert sha256 == citation.document_sha256


def test_the_same_question_gives_the_same_bytes(library: Assistant) -> None:
    first, second = (library.ask("What are the drivers?").model_dump_json() for _ in range(2))
    assert first == second


def test_a_list_is_quoted_whole_and_in_order(library: Assistant) -> None:
    answer = library.ask("What are the nine functions of an implementation team?")
    numbers = re.findall(r"^(\d)\. ", answer.text, flags=re.MULTILINE)
    assert numbers[:9] == [str(n) for n in range(1, 10)]


def test_an_answer_that_draws_on_several_sources_names_them(library: Assistant) -> None:
    answer = library.ask("Should we scale up or scale out?")
    documents = {citation.document_id for citation in answer.citations}
    assert len(documents) >= 2
    assert sum(line in answer.text for line in frame_lines(answer)) == len(documents) - 1


def test_a_follow_up_is_resolved_from_the_history(library: Assistant) -> None:
    answer = library.ask("And how long does it take?", ["What is full implementation?"])
    assert answer.question == "And how long does it take?"
    assert answer.resolved_question == "What is full implementation? And how long does it take?"
    assert "two to four years" in answer.text


def test_what_the_guidance_never_mentions_is_named(library: Assistant) -> None:
    answer = library.ask("How do I bake sourdough bread?")
    assert answer.decline
    assert answer.decline.missing == "Nothing in the guidance mentions: bake, sourdough, bread."
    assert answer.confidence < 0.1


def test_references_and_headings_are_never_quoted(library: Assistant) -> None:
    answer = library.ask("Which papers by Fixsen and colleagues were published in 2005?")
    for claim in answer.claims:
        assert "University of South Florida" not in claim.text
        assert not claim.text.endswith("?")


def test_without_the_evidence_the_answer_is_not_made_from_it(library: Assistant) -> None:
    question = "What is a learning health system?"
    answer = library.ask(question, without=["learning-health-system"])
    assert "learning-health-system" not in {c.document_id for c in answer.citations}
