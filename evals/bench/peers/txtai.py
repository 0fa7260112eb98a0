"""txtai: vectors alone, or with its BM25 beside them."""

from collections.abc import Sequence

from txtai import Embeddings
from txtai.pipeline import Segmentation

from evals.bench.peers.records import Doc, Found, Place, Search

HYBRID = "hybrid"  # the form with words beside vectors


def build(documents: Sequence[Doc], place: Place) -> int:
    """Index the paragraphs, each with the title before it: txtai itself splits nothing."""
    split = Segmentation(paragraphs=True)
    rows = [
        (f"{document.id}#{number}", f"{document.title}\n{paragraph}", None)
        for document in documents
        for number, paragraph in enumerate(split(document.text))
    ]
    embeddings = Embeddings(path=str(place.weights), content=True, hybrid=place.form == HYBRID)
    embeddings.index(rows)
    embeddings.save(str(place.folder / "index"))
    return len(rows)


def opened(place: Place) -> Search:
    """The best paragraphs."""
    embeddings = Embeddings()
    embeddings.load(str(place.folder / "index"))

    def search(question: str, k: int) -> list[Found]:
        return [
            Found(one["id"].rpartition("#")[0], one["text"].partition("\n")[2])
            for one in embeddings.search(question, k)
        ]

    return search
