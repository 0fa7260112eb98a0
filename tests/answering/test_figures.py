"""Figures that are asked for, and figures that are taken for granted."""

import pytest

from assistant.answering.figures import lacks_the_share, unsupported_figure
from assistant.index.stems import Stemmer
from assistant.records import Chunk, Sentence
from assistant.retrieval.search import STOP_WORDS, Term, words_of

STEMMER = Stemmer()
ASKED = "What percentage of teachers keep a new skill?"


def chunk(*sentences: str, prefix: str = "A guide") -> Chunk:
    spans, start = [], 0
    for text in sentences:
        spans.append(Sentence(start=start, end=start + len(text), block=0))
        start += len(text) + 1
    text = " ".join(sentences)
    return Chunk(
        id="guide:a:1", document_id="guide", section="A", prefix=prefix,
        start=0, end=len(text), text=text, sentences=tuple(spans),
    )  # fmt: skip


def lacks(question: str, *chunks: Chunk) -> bool:
    words = [word for word in words_of(question) if word not in STOP_WORDS]
    terms = [
        Term(word, stem, 1, 1.0) for word, stem in zip(words, STEMMER.stems(words), strict=True)
    ]
    return lacks_the_share(question, terms, chunks, STEMMER)


@pytest.mark.parametrize(
    "sentence",
    [
        "About 40% of teachers keep a new skill.",
        "About 40 % of teachers keep a new skill.",
        "About forty per cent of teachers keep a new skill.",
        "At least half of the teachers kept the new skills.",
        "Of the teachers, 4 out of 10 keep a new skill.",
        "One in ten teachers keeps a new skill.",
    ],
)
def test_a_share_that_a_sentence_gives_is_there(sentence: str) -> None:
    assert not lacks(ASKED, chunk("Coaches come often.", sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "Most teachers keep a new skill.",  # no share
        "All 40 teachers keep a new skill.",  # a number that is none
        "About 40% of all wards were closed.",  # of something else
    ],
)
def test_a_share_that_no_sentence_gives_is_missing(sentence: str) -> None:
    assert lacks(ASKED, chunk("Coaches come often.", sentence))


def test_a_share_counts_only_in_the_sentence_with_the_words_of_the_question() -> None:
    assert lacks(ASKED, chunk("Teachers keep a new skill.", "About 40% of all wards were closed."))


def test_title_and_headings_say_what_a_share_is_of() -> None:
    share = "It was 40% in the first year."
    assert lacks(ASKED, chunk(share))
    assert not lacks(ASKED, chunk(share, prefix="Do teachers keep a new skill?"))


def test_without_a_passage_the_share_is_missing() -> None:
    assert lacks(ASKED)


@pytest.mark.parametrize(
    "question",
    [
        "What proportion of teachers keep a new skill?",
        "What share of teachers keep a new skill?",
        "What per cent of teachers keep a new skill?",
        "What % of teachers keep a new skill",
        "We have a plan. In what percentage of schools do teachers keep a new skill?",
    ],
)
def test_a_share_is_asked_for_in_several_words(question: str) -> None:
    assert lacks(question, chunk("Teachers keep a new skill."))


@pytest.mark.parametrize(
    "question",
    [
        "How many teachers keep a new skill?",
        "Do teachers keep a new skill?",
        "Our fidelity is 62%. Is that good?",
        "We share a coach. How do teachers keep a new skill?",
    ],
)
def test_a_question_that_asks_for_no_share_lacks_none(question: str) -> None:
    assert not lacks(question, chunk("Bread rises overnight."))


@pytest.mark.parametrize(
    "question",
    [
        "Do 99% of teachers keep a new skill, correct?",
        "Is it true that 85% of teachers need ten weeks of coaching?",
    ],
)
def test_a_share_that_a_question_takes_for_granted_is_not_asked_for(question: str) -> None:
    assert not lacks(question, chunk("Nobody can promise that teachers keep a new skill."))


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("Coaching gets 95% of teachers to use it, right?", "95%"),
        ("It takes 17 years, doesn't it?", "17"),
        ("Is it true that 70 per cent of programmes fail?", "70 per cent"),
        ("Everyone knows that 70 % of programmes fail. What helps?", "70 %"),
        ("I read that 1,200 schools use it. Who helped them?", "1,200"),
        ("I have heard that 3.5 years are enough. Are they?", "3.5"),
    ],
)
def test_a_figure_taken_for_granted_that_no_quote_holds_is_told(question: str, figure: str) -> None:
    assert unsupported_figure(question, ["Some use it.", "It takes 2 to 4 of them."]) == figure
    assert unsupported_figure(question, []) == figure


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("Coaching gets 95% of teachers to use it, right?", "The 95% is an estimate."),
        ("Coaching gets 95% of teachers to use it, right?", "It was 95 per cent."),
        ("I read that 1,200 schools use it. Who helped?", "In all 1200 schools used it."),
        ("It takes 17 years, doesn't it?", "The time was 17."),
    ],
)
def test_a_figure_that_a_quote_holds_is_supported(question: str, quote: str) -> None:
    assert unsupported_figure(question, ["Nothing here.", quote]) is None


def test_the_first_figure_without_support_is_told() -> None:
    assert unsupported_figure("It is 5% or 10% or 20%, right?", ["About 5% of them."]) == "10%"


@pytest.mark.parametrize(
    "question",
    [
        "How do 3 coaches help 40 teachers?",  # takes nothing for granted
        "Coaching works, right?",  # no figure
        "It costs £500, right?",  # money is the asker's own
        "CFIR2 is newer, right?",  # part of a name
    ],
)
def test_a_question_without_a_figure_taken_for_granted_has_none(question: str) -> None:
    assert unsupported_figure(question, []) is None


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("I read that it takes 4 years. Is that so?", "It takes two to four years."),
        ("The manual says 12 weeks.", "With six weeks for a twelve-week programme, cut calls."),
        ("Since 2019 our school has used coaching. How do we keep it going?", "Coaching lasts."),
    ],
)
def test_a_figure_that_a_quote_says_in_words_or_that_tells_the_story_is_not_denied(
    question: str, quote: str
) -> None:
    assert unsupported_figure(question, [quote]) is None
