"""Passages as what a sentence may lean on, checked with an index's words and the real model."""

from collections.abc import Iterator

import pytest

from assistant.answering.checking import Ground, SupportCheck, check_for, ground_of
from assistant.index.build import build_index
from assistant.index.reader import Index, View
from assistant.index.stems import Stemmer
from assistant.models.embedding import EmbeddingModel
from assistant.records import Chunk
from tests.fakes import SilentProgress

GUIDE = """# Coaching after training

## Visits

Coaches should visit each teacher at least once a week. A visit may be left out in summer.

## Lists

The team keeps:

- a list of schools
- a list of coaches
"""


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory, real_model: EmbeddingModel) -> Iterator[View]:
    folder = tmp_path_factory.mktemp("passages")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "coaching.md").write_text(GUIDE, "utf-8")
    build_index(folder / "index", (folder / "corpus",), True, real_model, SilentProgress())
    index = Index(folder / "index", real_model)
    with index.view() as opened:
        yield opened
    index.close()


@pytest.fixture(scope="module")
def chunks(view: View, real_model: EmbeddingModel) -> dict[str, Chunk]:
    near = view.nearest(real_model.encode_question("coaches"), 50)
    return {chunk.section: chunk for chunk in view.chunks([name for name, _ in near])}


@pytest.fixture
def check(view: View, real_model: EmbeddingModel) -> SupportCheck:
    return check_for(view, real_model, Stemmer())


def test_a_ground_holds_the_sentences_and_the_headings(chunks: dict[str, Chunk]) -> None:
    assert ground_of(chunks["Visits"]) == Ground(
        (
            "Coaches should visit each teacher at least once a week.",
            "A visit may be left out in summer.",
        ),
        "Coaching after training > Visits",
    )


def test_items_of_a_list_are_sentences_of_a_ground(chunks: dict[str, Chunk]) -> None:
    assert ground_of(chunks["Lists"]).sentences == (
        "The team keeps:", "a list of schools", "a list of coaches",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "support"),
    [
        ("Coaches should visit each teacher at least once a week.", "verbatim"),
        ("coaches should visit each teacher at least once a week", "verbatim"),
        ("Each teacher should be visited by a coach at least once a week.", "supported"),
        ("Coaches should visit each teacher at least twice a week.", "unsupported"),
        ("Coaches should not visit each teacher at least once a week.", "unsupported"),
        ("A visit must be left out in summer.", "unsupported"),
        ("Medicines are kept in a locked cupboard.", "unsupported"),
        ("Cupboards!", "unsupported"),
    ],
)
def test_a_sentence_is_checked_with_the_words_of_the_index(
    check: SupportCheck, chunks: dict[str, Chunk], sentence: str, support: str
) -> None:
    verdict = check.check(sentence, ground_of(chunks["Visits"]))
    assert verdict.support == support
    assert (verdict.doubt is None) == (support != "unsupported")
    assert 0 <= verdict.first <= verdict.last <= 1


def test_the_verdict_names_the_sentence_that_comes_nearest(
    check: SupportCheck, chunks: dict[str, Chunk]
) -> None:
    verdict = check.check("In summer a visit may be left out.", ground_of(chunks["Visits"]))
    assert (verdict.support, verdict.first, verdict.last) == ("supported", 1, 1)


def test_a_check_gives_the_same_again(check: SupportCheck, chunks: dict[str, Chunk]) -> None:
    ground = ground_of(chunks["Visits"])
    sentences = ("A coach visits teachers weekly.", "Nobody visits.", "A visit takes an hour.")
    first = [check.check(sentence, ground) for sentence in sentences]
    assert [check.check(sentence, ground) for sentence in reversed(sentences)] == first[::-1]
