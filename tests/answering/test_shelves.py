"""What a team's own manual and other guidance say, side by side, with the real model."""

from collections.abc import Callable, Iterator

import pytest

from assistant.app import Assistant, add, build, open_assistant
from assistant.models.embedding import EmbeddingModel
from assistant.records import Answer
from assistant.settings import Settings
from tests.fakes import SilentProgress

GUIDE = """# Coaching after training

## How often should coaches visit?

Coaches should visit each teacher at least once a week in the first term. Visits keep a new skill
alive until it has become a habit.

## Who may watch a lesson?

A lesson is watched by somebody who is not the teacher's manager.

## What does training need?

A good training day lets people see the practice, try it and hear what went well.
"""
MANUAL = """# Our coaching manual

## Visits

Our coaches visit each teacher twice a term. Nobody is visited in the last week before a holiday.

## Forms

Form C7 goes to Mrs Ames in the office by Friday noon.

## Training

Our training day lets people see the practice, try it and hear what went well.
"""


@pytest.fixture(scope="module")
def assistant(
    tmp_path_factory: pytest.TempPathFactory, real_model: EmbeddingModel
) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("shelves")
    (folder / "guides").mkdir()
    (folder / "guides" / "coaching.md").write_text(GUIDE, "utf-8")
    (folder / "manual.md").write_text(MANUAL, "utf-8")
    settings = Settings(index=folder / "index", corpus=(folder / "guides",))
    build(settings, SilentProgress(), model=real_model)
    add(settings, SilentProgress(), [folder / "manual.md"])
    opened = open_assistant(settings, SilentProgress())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ask(assistant: Assistant) -> Callable[..., Answer]:
    return assistant.ask


def cited(answer: Answer) -> list[str]:
    return list(dict.fromkeys(citation.document_id for citation in answer.citations))


def test_both_are_shown_under_their_names_with_the_teams_own_first(
    ask: Callable[..., Answer],
) -> None:
    answer = ask("How often should coaches visit each teacher?")
    assert cited(answer)[:2] == ["manual", "coaching"]
    own, other = answer.text.split("\n\n")[1].split("\n")
    assert own.startswith("- In “Our coaching manual”: Our coaches visit each teacher twice a term")
    assert other.startswith("- In “Coaching after training”: Coaches should visit each teacher")


def test_what_differs_is_said_to_differ(ask: Callable[..., Answer]) -> None:
    answer = ask("How often should coaches visit each teacher?")
    (disagreement,) = answer.disagreements
    assert disagreement.term == answer.resolved_question
    assert [sense.citations for sense in disagreement.senses] == [(1,), (2,)]
    assert answer.text.startswith("These sources do not say the same.")


def test_what_agrees_is_not_said_to_differ(ask: Callable[..., Answer]) -> None:
    answer = ask("What should a training day let people do?")
    assert set(cited(answer)) == {"manual", "coaching"}
    assert answer.disagreements == ()
    assert "do not say the same" not in answer.text


def test_what_the_manual_alone_knows_is_answered_from_it(ask: Callable[..., Answer]) -> None:
    answer = ask("Where does Form C7 go?")
    assert answer.outcome == "answered"
    assert "Form C7 goes to Mrs Ames" in answer.claims[0].text


def test_one_document_can_be_asked_alone(ask: Callable[..., Answer]) -> None:
    question = "How often should coaches visit each teacher?"
    assert cited(ask(question, only=["manual"])) == ["manual"]
    assert cited(ask(question, without=["manual"])) == ["coaching"]


def test_every_sentence_but_the_products_own_lines_is_a_claim(
    ask: Callable[..., Answer],
) -> None:
    answer = ask("How often should coaches visit each teacher?")
    for claim in answer.claims:
        assert claim.text in answer.text
        assert claim.support == "verbatim"


def test_the_same_question_gives_the_same_bytes(ask: Callable[..., Answer]) -> None:
    question = "How often should coaches visit each teacher?"
    assert ask(question).model_dump_json() == ask(question).model_dump_json()
