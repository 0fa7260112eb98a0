"""Haystack over Chroma."""

from collections.abc import Sequence

from haystack import Document
from haystack.components.preprocessors import DocumentSplitter
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever
from haystack_integrations.document_stores.chroma import ChromaDocumentStore

from evals.bench.peers.records import Doc, Found, Place, Search


def build(documents: Sequence[Doc], place: Place) -> int:
    """Split, embed and store. The title is metadata that is embedded, as its guide advises."""
    given = [Document(content=d.text, meta={"document": d.id, "title": d.title}) for d in documents]
    chunks = DocumentSplitter().run(documents=given)["documents"]
    embedder = SentenceTransformersDocumentEmbedder(
        model=str(place.weights),
        meta_fields_to_embed=["title"],
        local_files_only=True,
        token=None,
        progress_bar=False,
    )
    embedder.warm_up()
    return int(_store(place).write_documents(embedder.run(documents=chunks)["documents"]))


def opened(place: Place) -> Search:
    """The nearest chunks."""
    embedder = SentenceTransformersTextEmbedder(
        model=str(place.weights), local_files_only=True, token=None, progress_bar=False
    )
    embedder.warm_up()
    retriever = ChromaEmbeddingRetriever(_store(place))

    def search(question: str, k: int) -> list[Found]:
        vector = embedder.run(text=question)["embedding"]
        nearest = retriever.run(query_embedding=vector, top_k=k)["documents"]
        return [Found(d.meta["document"], d.content, d.meta["split_idx_start"]) for d in nearest]

    return search


def _store(place: Place) -> ChromaDocumentStore:
    return ChromaDocumentStore(persist_path=str(place.folder))
