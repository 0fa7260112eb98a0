"""Whole answers over the shipped library, with the real model."""

import re
from pathlib import Path

import pytest

from assistant.answering.kinds import sides_of
from assistant.app import Assistant
from assistant.prompts import fill, read_frames
from assistant.records import Answer, Stage
from assistant.render import escape_markdown
from evals.cases import read_dataset

FRAMES, FINGERPRINT = read_frames()
CASES = read_dataset(Path(__file__).parents[2] / "evals" / "datasets" / "starter.yaml")
QUESTIONS = [case.question for case in CASES if case.answerable]
COMPARISON = "What is the difference between RE-AIM and CFIR?"
CONTESTED = "Should we scale up or scale out?"


def without_markers(text: str) -> str:
    return re.sub(r" \[\d+\]", "", text)


def words(answer: Answer) -> int:
    """How many words of an answer are read: numbers and the marks of lists left out."""
    return sum(re.search(r"\w", word) is not None for word in without_markers(answer.text).split())


def source_lines(answer: Answer) -> set[str]:
    return {
        fill(FRAMES.from_source, title=escape_markdown(citation.title))
        for citation in answer.citations
    }


def frame_parts(answer: Answer) -> set[str]:
    """The words of the product itself that may stand in an answer."""
    titles = {escape_markdown(citation.title) for citation in answer.citations}
    parts = {fill(FRAMES.says, title=title) for title in titles}
    parts |= {fill(FRAMES.side, side=escape_markdown(s)) for s in sides_of(answer.question)}
    parts |= {fill(FRAMES.senses, term=escape_markdown(d.term)) for d in answer.disagreements}
    return parts | source_lines(answer) | {FRAMES.senses_relate}


def assert_all_is_claimed(answer: Answer, *also: str) -> None:
    """Nothing stands in an answer but claims, frame lines and the marks of lists."""
    rest = without_markers(answer.text)
    for part in sorted((*frame_parts(answer), *also), key=len, reverse=True):
        rest = rest.replace(part, "")
    for claim in sorted(answer.claims, key=lambda claim: -len(claim.text)):
        assert escape_markdown(claim.text) in without_markers(answer.text)
        rest = rest.replace(escape_markdown(claim.text), "")
    assert re.sub(r"^(?:[-+]|\d+\.)", "", rest, flags=re.MULTILINE).split() == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_all_text_of_an_answer_is_claims_and_frame_lines(library: Assistant, question: str) -> None:
    answer = library.ask(question)
    if answer.outcome == "declined":
        assert answer.claims == ()
        return
    assert_all_is_claimed(answer)


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
    for question in ("What are the drivers?", CONTESTED, COMPARISON):
        first, second = (library.ask(question).model_dump_json() for _ in range(2))
        assert first == second


def test_an_answer_says_what_made_it(library: Assistant) -> None:
    answer = library.ask("What is fidelity?")
    assert answer.engine == "extractive"
    assert answer.prompts == {"frames": FINGERPRINT}
    assert re.fullmatch(r"[0-9a-f]{12}", answer.index)
    assert answer.topics == ("fidelity",)


def test_a_list_is_quoted_whole_and_in_order(library: Assistant) -> None:
    answer = library.ask("What are the nine functions of an implementation team?")
    numbers = re.findall(r"^(\d)\. ", answer.text, flags=re.MULTILINE)
    assert numbers[:9] == [str(n) for n in range(1, 10)]


def test_an_answer_that_draws_on_several_sources_names_them(library: Assistant) -> None:
    answer = library.ask("Who should be on an implementation team?")
    documents = {citation.document_id for citation in answer.citations}
    assert len(documents) >= 2
    assert sum(line in answer.text for line in source_lines(answer)) >= len(documents) - 1


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
    assert (answer.follow_ups, answer.clarify, answer.disagreements) == ((), None, ())


def test_references_and_headings_are_never_quoted(library: Assistant) -> None:
    answer = library.ask("Which papers by Fixsen and colleagues were published in 2005?")
    for claim in answer.claims:
        assert "University of South Florida" not in claim.text
        assert not claim.text.endswith("?")


@pytest.mark.parametrize("question", ["What is a learning health system?", CONTESTED, COMPARISON])
def test_without_the_evidence_the_answer_is_not_made_from_it(
    library: Assistant, question: str
) -> None:
    cited = {citation.document_id for citation in library.ask(question).citations}
    answer = library.ask(question, without=sorted(cited))
    nearest = answer.decline.nearest if answer.decline else ()
    assert cited
    assert not cited & {c.document_id for c in (*answer.citations, *nearest)}


@pytest.mark.parametrize("opener", ["It isn't working.", "Help!", "Nothing has changed"])
def test_a_vague_opener_is_answered_shortly_with_one_question_back(
    library: Assistant, opener: str
) -> None:
    answer = library.ask(opener)
    assert answer.outcome == "answered"
    assert answer.clarify == FRAMES.clarify_vague
    assert fill(FRAMES.read_as, words=FRAMES.vague) in answer.notices
    assert words(answer) < words(library.ask("How do we set up an implementation team?"))
    assert len({claim.citations for claim in answer.claims}) > 1
    assert_all_is_claimed(answer)


def test_a_clear_question_gets_no_question_back(library: Assistant) -> None:
    answer = library.ask("What are the nine functions of an implementation team?")
    assert answer.clarify is None
    assert answer.notices == ()


def test_a_mistyped_word_is_said_as_it_was_read(library: Assistant) -> None:
    answer = library.ask("Who should be on an implmentation team?")
    assert fill(FRAMES.read_as, words="implementation") in answer.notices
    assert answer.question == "Who should be on an implmentation team?"
    assert "implementation-teams" in {citation.document_id for citation in answer.citations}


SHORT = 80  # words that are still a short answer


@pytest.mark.parametrize(
    "question",
    [
        "How do we set up an implementation team?",
        "What is fidelity?",
        COMPARISON,
    ],
)
def test_a_shorter_answer_is_short(library: Assistant, question: str) -> None:
    answer = library.ask("Make it shorter", [question])
    assert answer.resolved_question == question
    assert answer.outcome == "answered"
    assert words(answer) <= SHORT
    assert words(answer) < words(library.ask(question))


def test_a_shorter_answer_on_a_contested_word_keeps_two_senses(library: Assistant) -> None:
    answer = library.ask("Make it shorter", ["What does scale up mean?"])
    assert [len(one.senses) for one in answer.disagreements] == [2]
    assert words(answer) < words(library.ask("What does scale up mean?"))


def test_stage_and_setting_that_were_told_are_kept_and_said(library: Assistant) -> None:
    told = ["We are a primary school in the installation stage."]
    answer = library.ask("Who should be on the team?", told)
    [notice] = answer.notices
    assert notice == fill(FRAMES.kept, told="installation; primary school")
    assert answer.stage is Stage.INSTALLATION


def test_a_setting_alone_is_kept_and_said_alone(library: Assistant) -> None:
    answer = library.ask("Who should be on the team?", ["We run a clinic and our coach left."])
    assert answer.notices == (fill(FRAMES.kept, told="clinic"),)
    assert answer.stage is None


def test_what_the_question_says_itself_is_not_said_again(library: Assistant) -> None:
    told = ["We are a primary school."]
    assert library.ask("Who should be on the team of a primary school?", told).notices == ()


def test_a_notice_tells_only_what_was_told_before(library: Assistant) -> None:
    told = ["We are a primary school in the installation stage."]
    notices = library.ask("How should a team plan for sustainment?", told).notices
    assert fill(FRAMES.kept, told="installation; primary school") in notices


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of coaches are left-handed?",
        "What percentage of programmes fail because of poor leadership?",
    ],
)
def test_a_percentage_that_no_passage_gives_is_declined(library: Assistant, question: str) -> None:
    answer = library.ask(question)
    assert answer.decline
    assert answer.decline.reason in ("not_covered", "out_of_scope")
    assert answer.confidence < 0.5
    assert answer.decline.nearest


def test_a_percentage_that_a_passage_gives_is_answered(library: Assistant) -> None:
    answer = library.ask("What percentage of staff must use a programme for full implementation?")
    assert answer.outcome == "answered"
    assert re.search(r"50%|half of", answer.text)


def test_a_figure_taken_for_granted_that_no_quote_holds_is_said_first(library: Assistant) -> None:
    answer = library.ask("Everyone knows that 93% of change programmes fail. Why do they?")
    line = fill(FRAMES.figure_not_found, figure="93%")
    assert answer.text.startswith(f"{line}\n\n")
    assert all("93%" not in claim.text for claim in answer.claims)
    assert_all_is_claimed(answer, line)


def test_a_figure_that_a_quote_holds_gets_no_such_line(library: Assistant) -> None:
    answer = library.ask("Everyone knows that 70% of change programmes fail. Why do they?")
    assert answer.outcome == "answered"
    assert "70%" in answer.text
    assert_all_is_claimed(answer)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (COMPARISON, ("RE-AIM", "CFIR")),
        ("What is the difference between FRAME and FRAME-IS?", ("FRAME", "FRAME-IS")),
    ],
)
def test_a_comparison_shows_both_sides(
    library: Assistant, question: str, sides: tuple[str, str]
) -> None:
    answer = library.ask(question)
    names = [fill(FRAMES.side, side=side) for side in sides]
    lines = answer.text.split("\n")
    [first, second] = [line for line in lines if line.startswith(tuple(f"- {n}" for n in names))]
    assert first.startswith(f"- {names[0]}")
    assert second.startswith(f"- {names[1]}")
    assert sides[1] not in first
    assert answer.disagreements == ()
    assert_all_is_claimed(answer)


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        (CONTESTED, {"scale up", "scale out"}),
        ("What does scale up mean?", {"scale up"}),
        ("What does spread mean?", {"spread"}),
    ],
)
def test_contested_terms_are_shown_in_their_senses(
    library: Assistant, question: str, terms: set[str]
) -> None:
    answer = library.ask(question)
    assert {one.term for one in answer.disagreements} == terms
    numbers = {citation.number: citation for citation in answer.citations}
    for disagreement in answer.disagreements:
        assert len(disagreement.senses) >= 2
        assert fill(FRAMES.senses, term=disagreement.term) in answer.text
        places = set()
        for sense in disagreement.senses:
            [number] = sense.citations
            assert sense.meaning in numbers[number].quote
            places.add((numbers[number].document_id, numbers[number].start))
        assert len(places) == len(disagreement.senses)
    assert_all_is_claimed(answer)


def test_the_other_sense_comes_first_when_it_is_asked_for(library: Assistant) -> None:
    [first] = library.ask("What does scale up mean?").disagreements
    [other] = library.ask("No, the other sense", ["What does scale up mean?"]).disagreements
    meanings = [sense.meaning for sense in first.senses]
    assert [sense.meaning for sense in other.senses] == meanings[::-1]


def test_a_contested_term_with_a_deciding_question_asks_it(library: Assistant) -> None:
    assert library.ask(CONTESTED).clarify
    assert library.ask("What does spread mean?").clarify is None


@pytest.mark.parametrize("question", [*QUESTIONS, CONTESTED, COMPARISON])
def test_at_most_three_questions_follow_that_can_be_asked_as_they_are(
    library: Assistant, question: str
) -> None:
    answer = library.ask(question)
    assert len(answer.follow_ups) <= 3
    assert len(set(answer.follow_ups)) == len(answer.follow_ups)
    assert question not in answer.follow_ups
    for follow_up in answer.follow_ups:
        assert follow_up.endswith("?")
        assert not re.search(r"\b(?:it|our|this|they)\b", follow_up, re.IGNORECASE)


def test_questions_that_follow_are_of_the_documents_and_are_answered(library: Assistant) -> None:
    for follow_up in library.ask("Who should be on an implementation team?").follow_ups:
        assert library.ask(follow_up).outcome == "answered"
