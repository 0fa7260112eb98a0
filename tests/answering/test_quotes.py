"""What can be quoted of a chunk, on small documents."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answering.quotes import LONGEST_LIST, Quote, leans, quotable, quote_of, quotes_of
from assistant.index.reader import Index
from assistant.records import Chunk, Sentence, SentenceRole
from tests.corpora import build_small
from tests.fakes import WordHashModel

Quoted = Callable[[str], list[Quote]]


@pytest.fixture
def quoted(tmp_path: Path) -> Quoted:
    """A function of a document's text to what can be quoted of its chunks, in reading order."""

    def quotes(text: str) -> list[Quote]:
        (tmp_path / "corpus").mkdir()
        (tmp_path / "corpus" / "guide.md").write_text(f"# Our guide\n\n{text}\n", "utf-8")
        model = WordHashModel()
        build_small(tmp_path / "index", tmp_path / "corpus", model)
        index = Index(tmp_path / "index", model)
        try:
            with index.view() as view:
                near = view.nearest(model.encode_question("guide"), 100)
                chunks = view.chunks([name for name, _ in near])
                chunks.sort(key=lambda chunk: chunk.start)
                return [quote for chunk in chunks for quote in quotes_of(view, chunk)]
        finally:
            index.close()

    return quotes


def texts(quotes: list[Quote]) -> list[tuple[str, ...]]:
    return [quote.texts for quote in quotes]


@pytest.mark.parametrize(
    ("text", "role", "can"),
    [
        ("Coaching helps teachers keep going.", SentenceRole.PLAIN, True),
        ("Coaching helps teachers keep going.12", SentenceRole.PLAIN, True),
        ("Coaching “helps teachers keep going.”", SentenceRole.PLAIN, True),
        ("What would make this plan fail?", SentenceRole.PLAIN, False),
        ("Helen Nicol, senior manager", SentenceRole.PLAIN, False),
        ("Too short.", SentenceRole.PLAIN, False),
        ("1234 5678 9012 3456.", SentenceRole.PLAIN, False),
        ("a list item that says something alone", SentenceRole.ITEM, True),
        ("what would make this whole plan fail?", SentenceRole.ITEM, False),
        ("coaching", SentenceRole.ITEM, False),
    ],
)
def test_only_what_says_something_alone_is_quotable(
    text: str, role: SentenceRole, can: bool
) -> None:
    assert quotable(Sentence(start=0, end=len(text), block=0, role=role), text) is can


@pytest.mark.parametrize(
    "text", ["It takes time.", "These are many.", "However, few came.", "so it stopped."]
)
def test_a_sentence_that_points_back_leans(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text", ["Items are many.", "Theses take time.", "Thirty came.", "Coaching helps it along."]
)
def test_a_sentence_that_names_its_subject_stands_alone(text: str) -> None:
    assert not leans(text)


def test_a_leaning_sentence_brings_the_one_before_it(quoted: Quoted) -> None:
    quotes = quoted("Coaching begins after training. It helps teachers keep a habit alive.")
    assert texts(quotes) == [
        ("Coaching begins after training.",),
        ("Coaching begins after training.", "It helps teachers keep a habit alive."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It helps teachers keep a habit alive.",
        "Who coaches whom here? It helps teachers keep a habit alive.",
        "Too short. It helps teachers keep a habit alive.",
        "It began in one class. It helps teachers keep a habit alive.",
        "Coaching begins after training.\n\nIt helps teachers keep a habit alive.",
    ],
)
def test_a_leaning_sentence_that_nothing_carries_is_left_out(quoted: Quoted, text: str) -> None:
    assert not [quote for quote in quoted(text) if "It helps" in " ".join(quote.texts)]


def test_a_list_is_one_quote_with_its_lead(quoted: Quoted) -> None:
    [quote] = quoted("The three tasks of a team are:\n\n- plan\n- act\n- look back")
    assert quote.is_list
    assert quote.texts == ("The three tasks of a team are:", "plan", "act", "look back")
    assert quote.words == 11
    assert quote.title_words == 2


def test_a_list_that_runs_through_several_chunks_is_whole_in_each(quoted: Quoted) -> None:
    items = [f"task number {n} " + "and some more words " * 3 for n in range(12)]
    lead = "The twelve tasks of a team are:"
    quotes = quoted(f"{lead}\n\n" + "\n".join(f"- {item}" for item in items))
    assert set(texts(quotes)) == {(lead, *(item.strip() for item in items))}


def test_a_list_that_is_too_long_to_read_out_falls_into_items(quoted: Quoted) -> None:
    item = "one more thing that a busy team may want to do"
    many = LONGEST_LIST // len(item.split()) + 1
    quotes = quoted("The tasks of a team are:\n\n" + f"- {item}\n" * many + "- rest\n")
    assert texts(quotes) == [(item,)] * many  # without the lead, and without the short item


def test_items_that_nothing_introduces_stand_alone(quoted: Quoted) -> None:
    quotes = quoted("## Tasks\n\n- plan the first term with the whole team\n- act\n")
    assert texts(quotes) == [("plan the first term with the whole team",)]
    assert not quotes[0].is_list


def test_a_quote_knows_its_place_in_the_document() -> None:
    text = "Ask first. Then act on it."
    sentences = (Sentence(start=40, end=50, block=3), Sentence(start=51, end=66, block=3))
    chunk = Chunk(
        id="plan:start:1", document_id="plan", section="Start", prefix="A good plan > Start here",
        start=40, end=66, text=text, sentences=sentences,
    )  # fmt: skip
    quote = quote_of(chunk, sentences)
    assert quote.texts == ("Ask first.", "Then act on it.")
    assert quote.place == ("plan", 40, 66)
    assert (quote.words, quote.title_words) == (6, 3)
    assert not quote.is_list
