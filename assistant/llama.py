"""The assistant for programs built on LlamaIndex: a retriever and a query engine over it, and a way
to add the documents of any of LlamaIndex's readers.

LlamaIndex's global `Settings` are neither read nor changed, and no language model is asked.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import Response
from llama_index.core.callbacks.base import CallbackManager
from llama_index.core.schema import Document, NodeWithScore, QueryBundle, TextNode

from assistant.app import Assistant, add
from assistant.errors import UsageError
from assistant.index.places import given_folder
from assistant.index.progress import Progress
from assistant.library.notes import sidecar_of
from assistant.library.reading import file_id
from assistant.records import BuildReport, Citation, Passage
from assistant.settings import Settings

_MARKDOWN = ("text/markdown", "text/x-markdown")


class AssistantRetriever(BaseRetriever):
    """Passages as LlamaIndex's nodes, best first. `only` and `without` name documents."""

    def __init__(
        self,
        assistant: Assistant,
        k: int = 10,
        only: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._assistant = assistant
        self._k = k
        self._only = tuple(only)
        self._without = tuple(without)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        """Raises QuestionError and DocumentNotFound, as `Assistant.search` does."""
        passages = self._assistant.search(
            query_bundle.query_str, self._k, self._only, self._without
        )
        return [_node_of_passage(passage) for passage in passages]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class AssistantQueryEngine(BaseQueryEngine):
    """Answers as LlamaIndex's responses: the text with its [1] markers, a source node for each
    citation in that order, and the whole answer as JSON in `metadata["answer"]`."""

    def __init__(
        self, assistant: Assistant, only: Sequence[str] = (), without: Sequence[str] = ()
    ) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._assistant = assistant
        self._only = tuple(only)
        self._without = tuple(without)

    def _query(self, query_bundle: QueryBundle) -> Response:
        """Raises QuestionError and DocumentNotFound, as `Assistant.ask` does."""
        answer = self._assistant.ask(query_bundle.query_str, (), self._only, self._without)
        return Response(
            response=answer.text,
            source_nodes=[_node_of_citation(citation) for citation in answer.citations],
            metadata={"answer": answer.model_dump(mode="json")},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def add_documents(
    settings: Settings, documents: Sequence[Document], progress: Progress
) -> BuildReport:
    """Add documents that a reader of LlamaIndex has loaded.

    The parts of one file, which readers give page by page, become one document again. What is
    added is kept as text in the index folder. Raises UsageError if there is no text in any, and
    as `assistant.app.add` does.
    """
    given = given_folder(settings.index_folder)
    files = [
        _write(given, name, parts)
        for name, parts in _by_file(documents).items()
        if any(part.text.strip() for part in parts)
    ]
    if not files:
        raise UsageError("There is no text in these documents.", "See what their reader gives.")
    return add(settings, progress, files)


def _by_file(documents: Sequence[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for document in documents:
        meta = document.metadata
        file = meta.get("file_path") or meta.get("file_name") or document.id_
        found.setdefault(str(file), []).append(document)
    return found


def _write(folder: Path, name: str, parts: Sequence[Document]) -> Path:
    """The parts as a file with its sidecar, page by page if the reader says which page is which."""
    meta = parts[0].metadata
    labels = [str(part.metadata["page_label"]) for part in parts if part.metadata.get("page_label")]
    paged = len(labels) == len(parts)
    ending = ".md" if meta.get("file_type") in _MARKDOWN and not paged else ".txt"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{file_id(Path(name))}{ending}"
    path.write_text(("\f" if paged else "\n\n").join(part.text for part in parts), "utf-8")
    known = {
        "title": meta.get("title") or None,
        "author": meta.get("author") or None,
        "publisher": meta.get("publisher") or None,
        "year": meta.get("year") or None,
        "url": meta.get("url") or None,
        "page_labels": labels if paged else None,
    }
    said = {key: value for key, value in known.items() if value is not None}
    sidecar_of(path).write_text(yaml.safe_dump(said, allow_unicode=True) if said else "", "utf-8")
    return path


def _node_of_passage(passage: Passage) -> NodeWithScore:
    node = TextNode(
        id_=passage.chunk_id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=passage.model_dump(
            mode="json", include={"document_id", "title", "section", "page"}
        ),
    )
    return NodeWithScore(node=node, score=passage.score)


def _node_of_citation(citation: Citation) -> NodeWithScore:
    node = TextNode(
        id_=f"{citation.document_id}:{citation.start}-{citation.end}",
        text=citation.quote,
        start_char_idx=citation.start,
        end_char_idx=citation.end,
        metadata=citation.model_dump(mode="json", exclude={"quote", "start", "end"}),
    )
    return NodeWithScore(node=node, score=None)
