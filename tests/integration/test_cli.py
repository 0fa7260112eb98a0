"""The command line to the letter of its contract, on the real library and the real model."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from assistant.records import Answer
from tests.corpora import write_corpus

RUNNER = CliRunner()


def run(*arguments: str | Path) -> Result:
    return RUNNER.invoke(app, [str(argument) for argument in arguments])


def run_process(
    *arguments: str | Path, cwd: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person runs it."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *map(str, arguments)],
        cwd=cwd, env=os.environ | variables, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def json_of(result: Result) -> Any:
    return json.loads(result.stdout)


def test_ask_gives_the_answer_json_with_exact_quotes(library_index: Path) -> None:
    result = run("ask", "Should we scale up or scale out?", "--json", "--index", library_index)
    answer = Answer.model_validate(json_of(result))
    assert result.exit_code == 0
    assert answer.outcome == "answered"
    assert answer.engine == "extractive"
    assert answer.citations
    for citation in answer.citations:
        shown = json_of(
            run("show", citation.document_id, "--json", "--index", library_index,
                "--start", str(citation.start), "--end", str(citation.end))
        )  # fmt: skip
        assert shown["text"] == citation.quote
        assert shown["sha256"] == citation.document_sha256


def test_every_sentence_of_an_answer_is_a_claim_with_a_citation(library_index: Path) -> None:
    result = run(
        "ask", "Who should be on the implementation team?", "--json", "--index", library_index
    )
    answer = Answer.model_validate(json_of(result))
    for claim in answer.claims:
        assert claim.support == "verbatim"
        cited = [c for c in answer.citations if c.number in claim.citations]
        assert any(claim.text in citation.quote for citation in cited)
        assert f"{claim.text} [{claim.citations[0]}]" in answer.text


def test_an_answer_in_the_terminal_names_its_sources(library_index: Path) -> None:
    result = run("ask", "Who should be on the implementation team?", "--index", library_index)
    assert result.exit_code == 0
    assert "[1] Implementation teams (Implementation Assistant library, 2026), section" in (
        result.stdout
    )
    assert "\\" not in result.stdout
    assert "**" not in result.stdout


def test_a_question_of_another_field_is_declined_with_the_nearest_guidance(
    library_index: Path,
) -> None:
    result = run("ask", "What is the capital of Peru?", "--json", "--index", library_index)
    answer = Answer.model_validate(json_of(result))
    assert result.exit_code == 0
    assert answer.outcome == "declined"
    assert answer.decline
    assert answer.decline.reason == "out_of_scope"
    assert "capital, peru" in answer.decline.missing
    assert answer.decline.nearest
    assert (answer.claims, answer.citations) == ((), ())


@pytest.mark.parametrize(
    "question",
    [
        "¿Cuánto tiempo se tarda en implantar un programa nuevo?",
        "Wie lange dauert es, bis ein neues Programm wirklich läuft?",
        "如何扩大这个项目的规模？",
        "Как понять, что мы готовы к масштабированию?",
    ],
)
def test_another_language_is_declined_as_such(library_index: Path, question: str) -> None:
    answer = Answer.model_validate(
        json_of(run("ask", question, "--json", "--index", library_index))
    )
    assert answer.decline
    assert answer.decline.reason == "language"


@pytest.mark.parametrize(
    ("question", "message"),
    [("", "empty"), ("  \t ", "empty"), ("😀😀", "empty"), ("why " * 5000, "most is 2,000")],
)
def test_a_question_that_cannot_be_asked_is_wrong_usage(
    library_index: Path, question: str, message: str
) -> None:
    result = run("ask", question, "--json", "--index", library_index)
    assert result.exit_code == 2
    assert json_of(result)["error"]["type"] == "QuestionError"
    assert message in json_of(result)["error"]["message"]


def test_control_characters_and_emoji_do_no_harm(library_index: Path) -> None:
    question = "What is\x00 a \x1b[31mlearning\u202e health 😀 system?\x07"
    answer = Answer.model_validate(
        json_of(run("ask", question, "--json", "--index", library_index))
    )
    assert answer.outcome == "answered"
    assert answer.citations[0].document_id == "learning-health-system"
    assert "\x1b" not in answer.model_dump_json()


def test_only_and_without_choose_the_documents(library_index: Path) -> None:
    question = "What does scale up mean?"
    only = json_of(
        run(
            "ask",
            question,
            "--json",
            "--index",
            library_index,
            "--only",
            "scaling-as-system-change",
        )
    )
    assert {c["document_id"] for c in only["citations"]} == {"scaling-as-system-change"}
    without = json_of(
        run("ask", question, "--json", "--index", library_index, "--without", "scale-up-meanings")
    )
    assert "scale-up-meanings" not in {c["document_id"] for c in without["citations"]}


def test_a_document_that_does_not_exist_is_named(library_index: Path) -> None:
    result = run("ask", "Why?", "--json", "--index", library_index, "--only", "no-such")
    assert result.exit_code == 1
    assert json_of(result)["error"]["type"] == "DocumentNotFound"
    assert "'no-such'" in json_of(result)["error"]["message"]


def test_search_gives_passages_with_both_ranks(library_index: Path) -> None:
    result = run("search", "seven principles", "-k", "3", "--json", "--index", library_index)
    passages = json_of(result)
    assert [p["rank"] for p in passages] == [1, 2, 3]
    assert list(passages[0]) == [
        "rank", "document_id", "chunk_id", "title", "section", "page", "start", "end", "text",
        "dense_rank", "text_rank", "score",
    ]  # fmt: skip
    for passage in passages:
        assert passage["dense_rank"] or passage["text_rank"]
        shown = json_of(run("show", passage["document_id"], "--json", "--index", library_index))
        assert shown["text"][passage["start"] : passage["end"]] == passage["text"]


def test_a_broken_line_of_a_batch_does_not_stop_the_rest(
    library_index: Path, tmp_path: Path
) -> None:
    lines = [
        '{"id": "a", "question": "What is a learning health system?"}',
        "{broken",
        '{"id": "c"}',
        '{"id": "d", "question": ""}',
        '{"id": "e", "question": "why?", "history": "not a list"}',
        '["not", "an", "object"]',
        "",
        '{"id": "g", "question": "And how long does it take?", "history": ["What is scaling?"]}',
    ]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(lines), "utf-8")
    result = run("ask", "--batch", batch, "--index", library_index)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer["id"] for answer in answers] == ["a", None, "c", "d", "e", None, "g"]
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, True, False]
    assert answers[1]["error"]["type"] == "UsageError"
    assert answers[6]["resolved_question"] == "What is scaling? And how long does it take?"


def test_the_same_batch_in_two_processes_gives_the_same_bytes(
    library_index: Path, tmp_path: Path
) -> None:
    questions = ["Should we scale up or scale out?", "What are the drivers?", "Who won the cup?"]
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        "\n".join(json.dumps({"id": str(n), "question": q}) for n, q in enumerate(questions))
    )
    first, second = (
        run_process("ask", "--batch", batch, "--index", library_index, cwd=tmp_path)
        for _ in range(2)
    )
    assert first.returncode == 0
    assert len(first.stdout.splitlines()) == 3
    assert first.stdout == second.stdout


def test_a_batch_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    result = run("ask", "--batch", tmp_path / "none.jsonl")
    assert result.exit_code == 2
    assert "cannot be read" in json_of(result)["error"]["message"]


def test_a_question_and_a_batch_together_are_wrong_usage() -> None:
    assert run("ask", "Why?", "--batch", "x").exit_code == 2
    assert run("ask").exit_code == 2


def test_build_reports_as_json_and_strict_fails_on_a_refused_file(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 2)
    (corpus / "bad.md").write_text("---\ntitle: T\ncolour: red\n---\nText.", "utf-8")
    command = ("build", "--corpus", corpus, "--index", tmp_path / "index", "--json")
    result = run(*command)
    report = json_of(result)
    assert result.exit_code == 0
    assert list(report) == [
        "documents", "chunks", "new", "unchanged", "replaced", "removed", "refused", "seconds",
        "index", "remarks",
    ]  # fmt: skip
    assert (report["documents"], report["new"]) == (2, 2)
    assert "'colour'" in report["refused"][0]["reason"]
    assert run(*command, "--strict").exit_code == 1


def test_a_removed_file_is_gone_from_the_answers(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "tea.txt").write_text(
        "Brewing tea\n\nGreen tea is brewed at seventy degrees for two minutes.\n", "utf-8"
    )
    (corpus / "bread.txt").write_text(
        "Baking bread\n\nA sourdough loaf is baked at two hundred and thirty degrees.\n", "utf-8"
    )
    index = tmp_path / "index"
    question = ("ask", "How hot is green tea brewed?", "--json", "--index", index)
    assert run("build", "--corpus", corpus, "--index", index).exit_code == 0
    before = json_of(run(*question))
    assert before["citations"][0]["quote"].startswith("Green tea is brewed at seventy degrees")
    (corpus / "tea.txt").unlink()
    noticed = json_of(run(*question))
    assert "have changed since the index was built (1)" in noticed["notices"][0]
    assert run("build", "--index", index).exit_code == 0  # the folder was recorded
    after = json_of(run(*question))
    assert "tea" not in {c["document_id"] for c in after["citations"]}
    assert after["notices"] == []


@pytest.mark.parametrize("content", [None, "empty"])
def test_a_corpus_that_gives_nothing_is_an_error_that_names_it(
    tmp_path: Path, content: str | None
) -> None:
    corpus = tmp_path / "corpus"
    if content:
        corpus.mkdir()
    result = run("build", "--corpus", corpus, "--index", tmp_path / "index", "--json")
    assert result.exit_code == (1 if content else 2)
    assert str(corpus) in json_of(result)["error"]["message"]


def test_unknown_settings_are_named_wherever_they_are(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ASSISTANT_COLOUR=red\nCHAINLIT_AUTH_SECRET=x\n")
    done = run_process("ask", "Why?", "--json", cwd=tmp_path, ASSISTANT_SHAPE="round")
    message = json.loads(done.stdout)["error"]["message"]
    assert done.returncode == 2
    assert "ASSISTANT_SHAPE (in the environment)" in message
    assert "ASSISTANT_COLOUR (in .env)" in message
    assert "CHAINLIT" not in message


def test_a_wrong_option_gives_json_to_who_asked_for_json(tmp_path: Path) -> None:
    done = run_process("ask", "Why?", "--json", "--colour", cwd=tmp_path)
    assert done.returncode == 2
    assert "--colour" in json.loads(done.stdout)["error"]["message"]


def test_check_names_every_part_and_its_remedy(library_index: Path, tmp_path: Path) -> None:
    result = run("check", "--json", "--index", library_index)
    checks = {one["name"]: one for one in json_of(result)}
    assert result.exit_code == 0
    assert set(checks) == {
        "python", "packages", "settings", "embedding model", "prompts", "language model", "corpus",
        "library", "coaching data", "reading ease", "coverage", "database", "index",
    }  # fmt: skip
    assert {one["state"] for one in checks.values()} == {"ok"}
    missing = json_of(run("check", "--json", "--index", tmp_path / "none"))
    assert missing[-1]["state"] == "notice"
    assert missing[-1]["remedy"] == "Run: assistant build"


def test_an_index_of_another_model_is_refused_with_the_repair(
    library_index: Path, tmp_path: Path
) -> None:
    shutil.copytree(library_index, tmp_path / "index")
    done = run_process(
        "ask", "Why?", "--json", "--index", tmp_path / "index", cwd=tmp_path,
        ASSISTANT_EMBEDDING_DTYPE="bfloat16",
    )  # fmt: skip
    error = json.loads(done.stdout)["error"]
    assert done.returncode == 1
    assert error["type"] == "IndexOutdated"
    assert "assistant build" in error["message"]


def test_the_default_index_repairs_itself(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", 2)
    where = {"ASSISTANT_CORPUS": str(corpus), "XDG_DATA_HOME": str(tmp_path / "home")}
    first = run_process("search", "teams", "--json", cwd=tmp_path, **where)
    assert first.returncode == 0
    assert "Building the index" in first.stderr
    again = run_process(
        "search", "teams", "--json", cwd=tmp_path, **where, ASSISTANT_EMBEDDING_DTYPE="bfloat16"
    )
    assert again.returncode == 0
    assert "Building it again." in again.stderr
    assert json.loads(again.stdout)


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys; sys.argv = ['assistant', '--help']\n"
        "from assistant.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('torch', 'chromadb', 'numpy', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
