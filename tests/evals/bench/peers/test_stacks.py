"""Each stack for once, over two short documents. The other stacks may be missing."""

import importlib.util
from pathlib import Path

import pytest

from assistant.models.encoder.shipped import shipped_weights
from assistant.terminal import TerminalProgress
from evals.bench.peers.run import ROWS, Row, run_peers_bench
from tests.evals.bench.peers.make import DOCUMENTS, make_given

PACKAGES = {
    "ours": "assistant",
    "llamaindex": "llama_index.vector_stores",
    "langchain": "langchain_chroma",
    "txtai": "txtai",
    "haystack": "haystack",
}


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_a_stack_builds_and_finds_what_stands_in_the_documents(row: Row, tmp_path: Path) -> None:
    # Looked for and not imported: they warn while they begin, and weigh on the tests after them.
    package = PACKAGES[row.module.rpartition(".")[2]]
    if importlib.util.find_spec(package.split(".")[0]) is None or not _is_there(package):
        pytest.skip(f"{package} is not installed")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for document in DOCUMENTS:
        front = f'---\ntitle: {document.title}\nquestions: ["Who coaches?"]\n---\n'
        (corpus / f"{document.id}.md").write_text(f"{front}\n{document.text}\n", "utf-8")
    given = make_given(shipped_weights(), (corpus,))
    found = run_peers_bench(given, TerminalProgress(), (row,))["rows"][row.title]
    assert "why" not in found
    assert found["chunks"] >= 2
    assert found["lost"] == 0
    assert found["refused"] == []
    assert found["splits"]["dev"]["recall"] == 1.0


def _is_there(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
