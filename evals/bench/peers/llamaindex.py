"""LlamaIndex over Chroma, retrieving as its CitationQueryEngine does, without a language model."""

from collections.abc import Sequence
from typing import Any

import chromadb
from llama_index.core import Document, StorageContext, VectorStoreIndex
from llama_index.core.llms.mock import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.schema import QueryBundle, TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.chroma import ChromaVectorStore
from tokenizers import Tokenizer

from evals.bench.peers.records import Doc, Found, Place, Search

OUR_SIZE = "our size"  # the form with chunks as long as ours
_PIECES = 240
_OVERLAP = 20  # the engine's own for citations; its splitter's default is nearly our whole chunk


def build(documents: Sequence[Doc], place: Place) -> int:
    """Split, embed and store. The title is metadata, which it puts before each chunk by default."""
    index = VectorStoreIndex.from_documents(
        [Document(text=d.text, id_=d.id, metadata={"title": d.title}) for d in documents],
        storage_context=StorageContext.from_defaults(vector_store=_store(place)),
        embed_model=_model(place),
        transformations=[_splitter(place)],
    )
    store: Any = index.vector_store
    return int(store.client.count())


def opened(place: Place) -> Search:
    """The nearest nodes, split into citations as the engine does before it asks its model. They
    are cut to `k` then: a node may give several."""
    index = VectorStoreIndex.from_vector_store(_store(place), embed_model=_model(place))
    engines: dict[int, CitationQueryEngine] = {}

    def search(question: str, k: int) -> list[Found]:
        if k not in engines:
            engines[k] = CitationQueryEngine.from_args(index, llm=MockLLM(), similarity_top_k=k)
        engine = engines[k]
        nodes = engine.retrieve(QueryBundle(question))
        # The engine offers no other way to its citations than an answer.
        cited = engine._create_citation_nodes(nodes)[:k]
        return [_found(one.node) for one in cited]

    return search


def _found(node: Any) -> Found:
    assert isinstance(node, TextNode)
    assert node.ref_doc_id
    _, _, text = node.text.removesuffix("\n").partition(":\n")  # "Source 3:\n..."
    return Found(node.ref_doc_id, text)


def _splitter(place: Place) -> SentenceSplitter:
    if place.form != OUR_SIZE:
        return SentenceSplitter()
    pieces = Tokenizer.from_file(str(place.weights / "tokenizer.json"))
    pieces.no_truncation()
    pieces.no_padding()
    return SentenceSplitter(
        chunk_size=_PIECES,
        chunk_overlap=_OVERLAP,
        tokenizer=lambda text: pieces.encode(text, add_special_tokens=False).ids,
    )


def _model(place: Place) -> HuggingFaceEmbedding:
    return HuggingFaceEmbedding(model_name=str(place.weights))


def _store(place: Place) -> ChromaVectorStore:
    client = chromadb.PersistentClient(str(place.folder))
    # Chroma's own embedding function would be downloaded.
    return ChromaVectorStore(
        chroma_collection=client.get_or_create_collection("guidance", embedding_function=None)
    )
