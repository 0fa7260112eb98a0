"""The door for LlamaIndex, with its own types and readers."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from llama_index.core import Settings as LlamaSettings
from llama_index.core import SimpleDirectoryReader
from llama_index.core.schema import Document, TextNode

from assistant.app import Assistant, remove
from assistant.errors import UsageError
from assistant.llama import AssistantQueryEngine, AssistantRetriever, add_documents
from assistant.settings import Settings
from tests.fakes import SilentProgress

DOCUMENTATION = Path(__file__).parent.parent / "docs" / "llamaindex.md"
MANUAL = (
    "# The coaches' manual\n\nCoaches visit every teacher twice a month. "
    "The head of year decides about changes to the manual.\n"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "plan.md").write_text("# A plan\n\nTeams meet every week in the first term.\n")
    return Settings(index=tmp_path / "index", corpus=(corpus,))


@pytest.fixture
def guidance(tmp_path: Path) -> Path:
    folder = tmp_path / "our-guidance"
    folder.mkdir()
    (folder / "manual.md").write_text(MANUAL, "utf-8")
    return folder


@pytest.fixture
def assistant(settings: Settings, guidance: Path) -> Iterator[Assistant]:
    from assistant.app import open_assistant

    add_documents(settings, SimpleDirectoryReader(str(guidance)).load_data(), SilentProgress())
    opened = open_assistant(settings, SilentProgress())
    yield opened
    opened.close()


def test_a_query_engine_gives_the_answer_and_a_node_for_each_citation(
    assistant: Assistant,
) -> None:
    response = AssistantQueryEngine(assistant).query("Who decides about changes to the manual?")
    assert "The head of year decides about changes to the manual" in str(response)
    answer = assistant.ask("Who decides about changes to the manual?")
    assert response.metadata == {"answer": answer.model_dump(mode="json")}
    assert [node.text for node in response.source_nodes] == [c.quote for c in answer.citations]
    first = response.source_nodes[0].node
    assert isinstance(first, TextNode)
    _, text = assistant.show(first.metadata["document_id"])
    assert text[first.start_char_idx : first.end_char_idx] == first.text


def test_a_retriever_gives_what_a_search_finds(assistant: Assistant) -> None:
    nodes = AssistantRetriever(assistant, k=2).retrieve("visits to teachers")
    passages = assistant.search("visits to teachers", 2)
    assert [(node.node_id, node.score) for node in nodes] == [
        (passage.chunk_id, passage.score) for passage in passages
    ]
    only = AssistantRetriever(assistant, only=["plan"]).retrieve("visits to teachers")
    assert {node.metadata["document_id"] for node in only} == {"plan"}


def test_both_can_be_awaited(assistant: Assistant) -> None:
    async def ask() -> tuple[str, int]:
        response = await AssistantQueryEngine(assistant).aquery("How often do coaches visit?")
        return str(response), len(await AssistantRetriever(assistant).aretrieve("coaches"))

    text, found = asyncio.run(ask())
    assert "twice a month" in text
    assert found


def test_the_pages_of_a_file_become_one_document_with_their_printed_numbers(
    settings: Settings,
) -> None:
    from assistant.app import open_assistant

    pages = [
        Document(text=text, metadata={"file_name": "guide.pdf", "page_label": label})
        for text, label in (
            ("Coaching begins after the training day.", "iv"),
            ("Coaches visit every teacher twice a month.", "1"),
        )
    ]
    add_documents(settings, pages, SilentProgress())
    assistant = open_assistant(settings, SilentProgress())
    answer = assistant.ask("How often do coaches visit every teacher?")
    assistant.close()
    cited = next(c for c in answer.citations if "twice a month" in c.quote)
    assert (cited.document_id, cited.page, cited.page_label) == ("guide", 2, "1")


def test_what_a_reader_knows_of_a_document_is_kept(settings: Settings) -> None:
    from assistant.app import open_assistant

    known = {"title": "The manual", "author": "A. Lane", "year": 2021, "url": "https://a.example/m"}
    add_documents(
        settings, [Document(text="Coaches visit twice.", id_="our manual", metadata=known)],
        SilentProgress(),
    )  # fmt: skip
    assistant = open_assistant(settings, SilentProgress())
    source = assistant.source("our-manual")
    assistant.close()
    assert (source.title, source.author, source.year) == ("The manual", "A. Lane", 2021)
    assert source.url == "https://a.example/m"


def test_removing_such_a_document_removes_the_text_that_was_kept(settings: Settings) -> None:
    document = Document(text="Coaches visit twice.", id_="manual")
    add_documents(settings, [document], SilentProgress())
    given = settings.index_folder / "given"
    assert [path.name for path in sorted(given.iterdir())] == ["manual.txt", "manual.txt.yaml"]
    remove(settings, SilentProgress(), ["manual"])
    assert list(given.iterdir()) == []


def test_documents_without_text_are_named_and_nothing_is_added(settings: Settings) -> None:
    with pytest.raises(UsageError, match="no text in these documents"):
        add_documents(settings, [Document(text=" \n")], SilentProgress())
    assert not settings.index_folder.exists()


def test_the_settings_of_the_program_around_it_are_left_alone(assistant: Assistant) -> None:
    AssistantQueryEngine(assistant).query("How often do coaches visit?")
    assert LlamaSettings._llm is None
    assert LlamaSettings._embed_model is None


def test_the_example_of_the_documentation_runs(
    settings: Settings, guidance: Path, tmp_path: Path
) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    assert len([line for line in example.splitlines() if line]) <= 12
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=guidance.parent,
        env=os.environ
        | {
            "ASSISTANT_INDEX": str(settings.index_folder),
            "ASSISTANT_CORPUS": str(settings.corpus[0]),
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "The head of year decides about changes to the manual" in done.stdout
