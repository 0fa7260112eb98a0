"""Views side by side, on small documents: senses with the word-hash model, sides with the real."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answering.contrast import Contested, Stated, contested_in, sides_in
from assistant.answering.kinds import Kind
from assistant.answering.question import read_question
from assistant.index.build import build_index
from assistant.index.reader import Index, View
from assistant.index.stems import Stemmer
from assistant.library.glossary import Glossary
from assistant.models.embedding import EmbeddingModel
from tests.fakes import SilentProgress, WordHashModel

Opened = Callable[..., View]

FAR = "Spread is going far away to many other places."
DEEP = "Spread is going deep down into minds and norms."
WIDE = "Spread is going wide across the whole big town."
HIGH = "Spread is going high up to those who rule."


def sense(meaning: str, *cues: str) -> dict[str, Any]:
    return {"meaning": meaning, "cues": cues, "held_by": ["lane-2019"], "note": "any"}


SPREAD = {
    "name": "spread",
    "forms": ["spread"],
    "present": "Say which.",
    "ask": "Far or deep?",
    "senses": {
        "far": sense("Spread is going far away to many other places.", "far away"),
        "deep": sense("Spread is going deep down into minds and norms.", "deep down"),
        "wide": sense("Spread is going wide across the whole big town.", "whole big town"),
        "high": sense("Spread is going high up to those who rule.", "those who rule"),
    },
}
REACH = {
    "name": "reach",
    "forms": ["reach"],
    "present": "Say which.",
    "ask": "Which reach?",
    "senses": {
        "count": sense("Reach is a count of persons served.", "count of persons"),
        "share": sense("Reach is one share among those in need.", "share among"),
    },
}
COUNT, SHARE = "Reach is a count of persons served.", "Reach is one share among those in need."


def glossary(**changes: Any) -> Glossary:
    return Glossary.model_validate(
        {
            "terms": {"spread": SPREAD | changes, "reach": REACH},
            "acronyms": {},
            "synonyms": {},
            "stage_names": [],
        }
    )


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A function of documents, each by its name, to a view of their index."""
    with ExitStack() as stack:

        def view_of(model: EmbeddingModel, /, **documents: str) -> View:
            corpus = tmp_path / "corpus"
            corpus.mkdir()
            for name, text in documents.items():
                (corpus / f"{name}.md").write_text(f"# About {name}\n\n{text}\n", "utf-8")
            build_index(tmp_path / "index", (corpus,), True, model, SilentProgress())
            index = Index(tmp_path / "index", model)
            stack.callback(index.close)
            return stack.enter_context(index.view())

        yield view_of


def contested(
    view: View, text: str = "What does spread mean?", *history: str, **changes: Any
) -> tuple[Contested, ...]:
    known = glossary(**changes)
    return contested_in(view, WordHashModel(), known, read_question(text, history, known))


def said(stated: tuple[Stated, ...]) -> dict[str, tuple[str, str]]:
    """Each view with the document and the sentence that state it."""
    return {one.name: (one.quote.chunk.document_id, one.quote.texts[0]) for one in stated}


def test_two_senses_of_a_word_are_stated_from_two_documents(opened: Opened) -> None:
    [found] = contested(opened(WordHashModel(), alpha=FAR, beta=DEEP))
    assert (found.term, found.ask) == ("spread", "Far or deep?")
    assert said(found.senses) == {"far": ("alpha", FAR), "deep": ("beta", DEEP)}


def test_one_stated_sense_is_no_contest(opened: Opened) -> None:
    assert contested(opened(WordHashModel(), alpha=FAR, beta="Nothing else is said here.")) == ()


def test_a_sense_without_cues_is_never_stated(opened: Opened) -> None:
    senses = {"far": SPREAD["senses"]["far"], "any": sense(DEEP)}  # type: ignore[index]
    assert contested(opened(WordHashModel(), alpha=FAR, beta=DEEP), senses=senses) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Spread is going down into minds and norms.",  # no cue
        "Spread took teams deep down into minds and norms.",  # defines nothing
        "Growth is going deep down into minds and norms.",  # another word
        "It is spread, which is going deep down into minds and norms.",  # leans on another
        "Spread is also going deep down into minds and norms.",  # adds to another
        "Is spread going deep down into minds and norms?",  # asks
    ],
)
def test_a_sentence_that_does_not_state_the_sense_is_not_taken(
    opened: Opened, sentence: str
) -> None:
    assert contested(opened(WordHashModel(), alpha=FAR, beta=sentence)) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Spread is not going deep down into minds and norms.",
        "Spread teams may call for going deep down into minds and norms.",
        "Paying for spread money: going deep down into minds and norms.",
    ],
)
def test_a_sentence_that_only_sounds_like_a_definition_is_not_taken(
    opened: Opened, sentence: str
) -> None:
    assert contested(opened(WordHashModel(), alpha=FAR, beta=sentence)) == ()


def test_a_sentence_far_from_the_meaning_is_not_taken(opened: Opened) -> None:
    view = opened(
        WordHashModel(),
        alpha=FAR,
        beta="The spread is what our old mayor called any rumour from deep down, he joked.",
    )
    assert contested(view) == ()


def test_the_introduction_of_a_list_is_no_definition(opened: Opened) -> None:
    lead = "Spread is going deep down into minds and norms:"
    assert contested(opened(WordHashModel(), alpha=FAR, beta=f"{lead}\n\n- minds\n- norms")) == ()


def test_no_sentence_states_two_senses(opened: Opened) -> None:
    both = "Spread is going far away or deep down into norms."
    assert contested(opened(WordHashModel(), alpha=both)) == ()


def test_each_sense_comes_from_another_document_where_it_can(opened: Opened) -> None:
    [found] = contested(opened(WordHashModel(), alpha=f"{FAR}\n\n{DEEP}", beta=DEEP, gamma=FAR))
    first, second = (one.quote.chunk.document_id for one in found.senses)
    assert first != second


def test_one_document_may_state_both_senses_where_no_other_does(opened: Opened) -> None:
    [found] = contested(opened(WordHashModel(), alpha=f"{FAR}\n\n{DEEP}"))
    assert said(found.senses) == {"far": ("alpha", FAR), "deep": ("alpha", DEEP)}


def test_the_other_sense_turns_the_order(opened: Opened) -> None:
    view = opened(WordHashModel(), alpha=FAR, beta=DEEP)
    [asked] = contested(view)
    [turned] = contested(view, "No, the other sense", "What does spread mean?")
    [twice] = contested(view, "The other one", "What does spread mean?", "No, the other sense")
    assert turned.senses == asked.senses[::-1]
    assert twice.senses == asked.senses


@pytest.mark.parametrize("asked", ["What does spread mean?", "What is spread?", "Define spread."])
def test_a_house_term_is_shown_where_the_word_is_asked_about(opened: Opened, asked: str) -> None:
    [found] = contested(opened(WordHashModel(), alpha=FAR, beta=DEEP), asked, house="far")
    assert found.term == "spread"


@pytest.mark.parametrize(
    "asked",
    ["How do we plan spread?", "Should we choose spread or reach?", "When is spread too fast?"],
)
def test_a_house_term_is_not_shown_where_it_is_only_used(opened: Opened, asked: str) -> None:
    view = opened(WordHashModel(), alpha=FAR, beta=DEEP)
    assert contested(view, asked, house="far") == ()


def test_a_term_without_a_house_sense_is_shown_where_it_is_compared(opened: Opened) -> None:
    view = opened(WordHashModel(), alpha=FAR, beta=DEEP)
    assert contested(view, "Should we choose spread or coaching?", ask=None)
    assert contested(view, "How do we plan spread?", ask=None) == ()


def test_a_term_with_a_question_of_its_own_is_shown_where_it_is_used(opened: Opened) -> None:
    assert contested(opened(WordHashModel(), alpha=FAR, beta=DEEP), "How do we plan spread?")


def test_a_term_of_the_story_alone_is_not_shown(opened: Opened) -> None:
    view = opened(WordHashModel(), alpha=FAR, beta=DEEP)
    assert contested(view, "Last year we had a plan for spread. Who should coach teachers?") == ()


def test_a_question_without_a_contested_term_has_none(opened: Opened) -> None:
    assert contested(opened(WordHashModel(), alpha=FAR, beta=DEEP), "What is coaching?") == ()


def test_only_and_without_hold_for_senses(opened: Opened) -> None:
    view = opened(WordHashModel(), alpha=FAR, beta=DEEP, gamma=DEEP)
    known, model = glossary(), WordHashModel()
    asked = read_question("What does spread mean?", (), known)
    assert contested_in(view, model, known, asked, only=["alpha"]) == ()
    assert contested_in(view, model, known, asked, without=["alpha"]) == ()
    for [found] in (
        contested_in(view, model, known, asked, only=["alpha", "gamma"]),
        contested_in(view, model, known, asked, without=["beta"]),
    ):
        assert {one.quote.chunk.document_id for one in found.senses} == {"alpha", "gamma"}


def test_at_most_three_senses_of_one_term_are_shown(opened: Opened) -> None:
    [found] = contested(opened(WordHashModel(), alpha=FAR, beta=DEEP, gamma=WIDE, delta=HIGH))
    assert [one.name for one in found.senses] == ["far", "deep", "wide"]


def test_of_two_terms_two_senses_each_are_shown(opened: Opened) -> None:
    view = opened(
        WordHashModel(), alpha=FAR, beta=DEEP, gamma=WIDE, delta=HIGH, one=COUNT, two=SHARE
    )
    found = contested(view, "Is spread the same as reach?")
    assert [(each.term, len(each.senses)) for each in found] == [("spread", 2), ("reach", 2)]


FRAME = "FRAME is a framework for describing how a programme was changed in use."
FRAME_IS = "FRAME-IS is a framework for recording changes to implementation strategies."
NOT_OF_THEM = "Bread is baked from flour, water and salt in a hot oven."


def sides(view: View, model: EmbeddingModel, text: str, **where: Any) -> tuple[Stated, ...]:
    asked = read_question(text, (), glossary())
    return sides_in(view, model, Stemmer(), asked, **where)


def test_both_sides_of_a_comparison_are_stated(opened: Opened, real_model: EmbeddingModel) -> None:
    training = "Training is a course in which staff learn what a practice is."
    coaching = "Coaching is regular help for staff while they use a practice at work."
    view = opened(real_model, alpha=training, beta=coaching)
    found = sides(view, real_model, "What is the difference between coaching and training?")
    assert [one.name for one in found] == ["coaching", "training"]  # as they were asked
    assert said(found) == {"training": ("alpha", training), "coaching": ("beta", coaching)}


def test_a_name_within_a_longer_name_is_another(opened: Opened, real_model: EmbeddingModel) -> None:
    view = opened(real_model, alpha=f"{FRAME_IS}\n\n{NOT_OF_THEM}", beta=FRAME)
    found = sides(view, real_model, "What is the difference between FRAME and FRAME-IS?")
    assert said(found) == {"FRAME": ("beta", FRAME), "FRAME-IS": ("alpha", FRAME_IS)}


def test_one_stated_side_is_no_comparison(opened: Opened, real_model: EmbeddingModel) -> None:
    view = opened(real_model, alpha=FRAME, beta=NOT_OF_THEM)
    assert sides(view, real_model, "What is the difference between FRAME and CFIR?") == ()


def test_one_sentence_on_both_sides_states_one_of_them(
    opened: Opened, real_model: EmbeddingModel
) -> None:
    both = "FRAME is for changes to a programme, and FRAME-IS is for changes to strategies."
    view = opened(real_model, alpha=both)
    assert sides(view, real_model, "What is the difference between FRAME and FRAME-IS?") == ()


def test_a_side_is_stated_by_its_stems_where_its_very_words_stand_nowhere(
    opened: Opened, real_model: EmbeddingModel
) -> None:
    adapting = "Adapting is changing a programme on purpose so that it fits its place."
    drifting = "Drifting is losing parts of a programme without a plan and unnoticed."
    view = opened(real_model, alpha=adapting, beta=drifting)
    found = sides(view, real_model, "What is the difference between adaptation and drift?")
    assert [one.quote.texts[0] for one in found] in ([], [adapting, drifting])
    found = sides(view, real_model, "What is the difference between adapted and drift?")
    assert [one.quote.texts[0] for one in found] == [adapting, drifting]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is FRAME, a framework for describing how a programme was changed in use.",
        "FRAME is also a framework for describing how a programme was changed in use.",
        FRAME[:-1] + " and so on" * 12 + ".",
    ],
)
def test_a_sentence_that_leans_or_is_long_states_no_side(
    opened: Opened, real_model: EmbeddingModel, sentence: str
) -> None:
    view = opened(real_model, alpha=sentence, beta=FRAME_IS)
    assert sides(view, real_model, "What is the difference between FRAME and FRAME-IS?") == ()


def test_only_and_without_hold_for_sides(opened: Opened, real_model: EmbeddingModel) -> None:
    view = opened(real_model, alpha=FRAME, beta=FRAME_IS)
    text = "What is the difference between FRAME and FRAME-IS?"
    assert len(sides(view, real_model, text)) == 2
    assert sides(view, real_model, text, only=["alpha"]) == ()
    assert sides(view, real_model, text, without=["beta"]) == ()


def test_a_question_that_compares_nothing_has_no_sides(opened: Opened) -> None:
    model = WordHashModel()
    view = opened(model, alpha=FRAME, beta=FRAME_IS)
    assert sides(view, model, "What is FRAME?") == ()
    asked = read_question("What is the difference between FRAME and FRAME-IS?", (), glossary())
    for other in (replace(asked, kind=Kind.HOW_TO), replace(asked, sides=())):
        assert sides_in(view, model, Stemmer(), other) == ()
