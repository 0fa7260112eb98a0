"""Products that are worse on purpose: the evaluation is only worth something if it notices."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from assistant.answering import answer as answering
from assistant.index import gather
from assistant.library import chunking
from assistant.records import Answer, Chunk, Citation, Document, Signpost
from assistant.retrieval import fusion, search
from evals.asking import Reply


def citations_shifted(answer: Answer) -> Answer:
    """Every number opens the place of the next one."""
    places = answer.citations[1:] + answer.citations[:1]
    moved = tuple(
        place.model_copy(update={"number": citation.number})
        for citation, place in zip(answer.citations, places, strict=True)
    )
    return answer.model_copy(update={"citations": moved})


def quotes_cut(answer: Answer) -> Answer:
    """Quotes end after half of their text, without a word about it."""

    def cut(citation: Citation) -> Citation:
        return citation.model_copy(update={"quote": citation.quote[: len(citation.quote) // 2]})

    return answer.model_copy(update={"citations": tuple(map(cut, answer.citations))})


def altered(replies: Sequence[Reply], alter: Any) -> list[Reply]:
    """The replies of a product whose answers are changed on their way out."""
    return [
        reply.model_copy(update={"answer": alter(reply.answer)}) if reply.answer else reply
        for reply in replies
    ]


@contextmanager
def passages_shuffled() -> Iterator[None]:
    """What search found comes in the order of chance."""

    def shuffled(*given: Any) -> list[Any]:
        found = list(fusion.fuse(*given))
        random.Random(len(found)).shuffle(found)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "fuse", shuffled)
        yield


@contextmanager
def never_declining() -> Iterator[None]:
    """The least confidence for an answer is nought."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answering, "THRESHOLD", 0.0)
        yield


@contextmanager
def headings_left_out() -> Iterator[None]:
    """Nothing of titles and headings is embedded or searched. Only a new index shows it."""

    def bare(*given: Any, **named: Any) -> list[Chunk]:
        chunks = chunking.chunk_document(*given, **named)
        return [chunk.model_copy(update={"prefix": ""}) for chunk in chunks]

    def none(document: Document) -> list[Signpost]:
        return []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gather, "chunk_document", bare)
        patch.setattr(gather, "signposts_of", none)
        yield
