from typing import Any

import pytest
from pydantic import ValidationError

from assistant.records import (
    Answer,
    Chunk,
    Citation,
    Claim,
    Decline,
    Disagreement,
    Document,
    Section,
    Sense,
    Sentence,
    SentenceRole,
    Signpost,
    Span,
    Stage,
)


def citation(number: int) -> Citation:
    return Citation(
        number=number,
        document_id="plan",
        title="A plan",
        publisher=None,
        year=None,
        url=None,
        section="Start",
        start=0,
        end=10,
        quote="Ask first.",
        document_sha256="0",
    )


def claim(*numbers: int) -> Claim:
    return Claim(text="Ask first.", support="verbatim", citations=numbers)


def answer(**changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "question": "What first?",
        "resolved_question": "What first?",
        "outcome": "answered",
        "confidence": 0.8,
        "text": "Ask first. [1]",
        "claims": (claim(1),),
        "citations": (citation(1),),
        "decline": None,
        "engine": "extractive",
        "index": "abc",
        "prompts": {},
    }
    return Answer(**fields | changes)


def test_a_record_cannot_be_changed() -> None:
    span = Span(start=0, end=1)
    with pytest.raises(ValidationError, match="frozen"):
        span.end = 5  # type: ignore[misc]


def test_a_record_takes_no_unknown_field() -> None:
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Span.model_validate({"start": 0, "end": 1, "stop": 2})


def test_records_with_the_same_values_are_equal() -> None:
    assert Span(start=0, end=1) == Span(start=0, end=1) != Span(start=0, end=2)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 3), (3, 2), (0, -1)])
def test_a_span_is_never_empty(start: int, end: int) -> None:
    with pytest.raises(ValidationError, match=f"a span must not be empty: {start} to {end}"):
        Span(start=start, end=end)


def test_a_span_does_not_start_before_the_text() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        Span(start=-1, end=2)


def test_sentences_sections_and_chunks_are_spans_and_never_empty() -> None:
    with pytest.raises(ValidationError, match="must not be empty"):
        Sentence(start=2, end=2, block=0)
    with pytest.raises(ValidationError, match="must not be empty"):
        Section(start=2, end=2, id="a", path=(), quotable=True, sentences=())
    with pytest.raises(ValidationError, match="must not be empty"):
        Chunk(start=2, end=2, id="a", document_id="a", section="", prefix="", text="", sentences=())


def test_a_sentence_is_plain_unless_it_says_otherwise() -> None:
    sentence = Sentence(start=0, end=1, block=0)
    assert (sentence.role, sentence.marker) == (SentenceRole.PLAIN, "")


def test_stages_are_in_the_order_of_the_work() -> None:
    assert [stage.value for stage in Stage] == [
        "exploration",
        "installation",
        "initial",
        "full",
        "scaling",
        "sustainment",
    ]


def test_the_embedded_text_is_the_prefix_above_the_text() -> None:
    chunk = Chunk(
        id="plan:start:1",
        document_id="plan",
        section="Start",
        prefix="A plan > Start",
        start=7,
        end=17,
        text="Ask first.",
        sentences=(Sentence(start=7, end=17, block=1),),
    )
    assert chunk.embedded_text == "A plan > Start\nAsk first."
    assert "embedded_text" not in chunk.model_dump()


def test_a_record_survives_json() -> None:
    made = answer(
        stage=Stage.FULL,
        topics=("stages",),
        clarify="One site, or all?",
        follow_ups=("Who asks?",),
        notices=("One is new.",),
        disagreements=(
            Disagreement(
                term="spread",
                senses=(
                    Sense(meaning="Far.", citations=(1,)),
                    Sense(meaning="Deep.", citations=(1,)),
                ),
            ),
        ),
    )
    assert Answer.model_validate_json(made.model_dump_json()) == made


def test_an_answer_leaves_open_what_it_does_not_say() -> None:
    made = answer()
    assert (made.id, made.clarify, made.stage) == (None, None, None)
    assert (made.disagreements, made.follow_ups, made.notices, made.topics) == ((), (), (), ())


def test_a_citation_need_not_know_a_page() -> None:
    made = citation(1)
    assert (made.anchor, made.page, made.page_label) == (None, None, None)


def test_a_document_need_not_name_questions() -> None:
    made = Document(id="plan", title="A plan", text="Ask.", sha256="0", sections=())
    assert made.questions == ()


def test_a_signpost_is_of_a_section_or_of_a_question() -> None:
    of_question = Signpost(id="plan:?1", document_id="plan", section=None, text="Who asks?")
    of_section = Signpost(id="plan:a", document_id="plan", section="a", text="A plan > A")
    assert of_question.section is None
    assert of_section.section == "a"
    with pytest.raises(ValidationError, match="section"):
        Signpost.model_validate({"id": "plan:?1", "document_id": "plan", "text": "Who asks?"})


def test_an_answer_with_a_reason_to_decline_is_declined() -> None:
    decline = Decline(reason="not_covered", missing="Nothing on it.", nearest=())
    assert answer(outcome="declined", claims=(), citations=(), decline=decline).decline == decline
    with pytest.raises(ValidationError, match="declined exactly if it says why"):
        answer(decline=decline)


def test_a_declined_answer_says_why() -> None:
    with pytest.raises(ValidationError, match="declined exactly if it says why"):
        answer(outcome="declined")


def test_a_decline_has_one_of_the_known_reasons() -> None:
    with pytest.raises(ValidationError, match="reason"):
        Decline.model_validate({"reason": "tired", "missing": "", "nearest": ()})


@pytest.mark.parametrize("numbers", [(2,), (0,), (1, 1), (2, 1), (1, 3)])
def test_citations_are_numbered_from_one(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="citations must be numbered from 1"):
        answer(claims=(), citations=tuple(citation(n) for n in numbers))


@pytest.mark.parametrize("numbers", [(2,), (1, 2), (0,)])
def test_a_claim_cites_what_is_listed(numbers: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError, match="a claim must cite what is listed"):
        answer(claims=(claim(*numbers),))


def test_what_is_supported_is_so_by_a_citation() -> None:
    with pytest.raises(ValidationError, match="supported is so by a citation"):
        claim()


@pytest.mark.parametrize(
    ("support", "reason"), [("unsupported", None), ("supported", "it is not"), ("verbatim", "no")]
)
def test_what_is_unsupported_says_why_and_nothing_else_does(
    support: str, reason: str | None
) -> None:
    with pytest.raises(ValidationError, match="unsupported says why"):
        Claim.model_validate(
            {"text": "All agree.", "support": support, "citations": (1,), "reason": reason}
        )


def test_an_unsupported_claim_may_cite_nothing() -> None:
    lone = Claim(text="All agree.", support="unsupported", citations=(), reason="it has no passage")
    assert answer(claims=(lone,)).claims == (lone,)


def test_several_claims_may_cite_the_same_source() -> None:
    made = answer(claims=(claim(1), claim(1, 2)), citations=(citation(1), citation(2)))
    assert [c.citations for c in made.claims] == [(1,), (1, 2)]


@pytest.mark.parametrize("confidence", [-0.01, 1.01])
def test_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(ValidationError, match="confidence"):
        answer(confidence=confidence)
