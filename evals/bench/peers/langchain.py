"""LangChain over Chroma."""

from collections.abc import Sequence
from pathlib import Path

from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sentence_transformers import SentenceTransformer

from evals.bench.peers.records import Doc, Found, Place, Search


class _Weights:
    """What LangChain's own package for these models does. That package itself cannot be installed
    beside the versions of transformers and the hub that the product is pinned to."""

    def __init__(self, folder: Path) -> None:
        self._model = SentenceTransformer(str(folder), local_files_only=True)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in vector] for vector in self._model.encode(texts).tolist()]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def build(documents: Sequence[Doc], place: Place) -> int:
    """Split, embed and store. The title is the first line of the text: metadata are not read."""
    splitter = RecursiveCharacterTextSplitter(add_start_index=True)
    chunks = splitter.split_documents(
        [
            Document(_head(d) + d.text, metadata={"document": d.id, "head": len(_head(d))})
            for d in documents
        ]
    )
    store = Chroma.from_documents(
        chunks, _Weights(place.weights), persist_directory=str(place.folder)
    )
    return len(store.get(include=[])["ids"])


def opened(place: Place) -> Search:
    """The nearest chunks."""
    store = Chroma(persist_directory=str(place.folder), embedding_function=_Weights(place.weights))

    def search(question: str, k: int) -> list[Found]:
        return [_found(one) for one in store.similarity_search(question, k=k)]

    return search


def _head(document: Doc) -> str:
    return f"{document.title}\n\n"


def _found(chunk: Document) -> Found:
    about = chunk.metadata
    begin = about["start_index"] - about["head"]
    text = chunk.page_content[max(0, -begin) :]
    return Found(about["document"], text, max(0, begin))
