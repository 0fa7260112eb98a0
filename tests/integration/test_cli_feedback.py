"""`assistant feedback` to the letter of its contract, on a database in a file."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml
from typer.testing import CliRunner, Result

from assistant.cli import app, main
from assistant.cli.feedback import VerdictChoice
from assistant.settings import read_settings
from assistant.store.database import Database
from assistant.store.feedback import FeedbackBook
from assistant.store.records import Verdict
from tests.store.events import at
from tests.store.replied import answered, has_reader, has_reply

RUNNER = CliRunner()
DAY = 24 * 60  # minutes


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", f"sqlite:///{tmp_path / 'team.db'}")
    opened = Database(read_settings().database)
    yield opened
    opened.close()


@pytest.fixture
def given(database: Database) -> None:
    """Three pieces of feedback, of 2 March, of 4 March and, on a plan, of 6 March 2026."""
    ann = has_reader(database, "ann-of-the-school")
    said = answered("What stays?").model_dump_json()
    kinds: list[tuple[Verdict, str]] = [
        ("helpful", said), ("wrong_evidence", said), ("missing_guidance", '{"agenda": []}'),
    ]  # fmt: skip
    for n, (verdict, json_said) in enumerate(kinds):
        reply = has_reply(database, ann, f"{n}", "What stays?\x1b[31m", json_said)
        book = FeedbackBook(database, lambda n=n: at(2 * n * DAY))  # type: ignore[misc]
        book.give(ann, reply, verdict, f"Comment\n{n}")


def run(*arguments: str | Path) -> Result:
    return RUNNER.invoke(app, ["feedback", *map(str, arguments)])


@pytest.mark.usefixtures("given")
def test_a_list_tells_what_was_thought_of_what_and_not_by_whom() -> None:
    result = run("list")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "2026-03-02  helpful", "  Asked: What stays?�[31m", "  Said: Comment 0",
    ]  # fmt: skip
    assert result.stdout.endswith("3 in all.\n")
    assert "ann" not in result.stdout


@pytest.mark.usefixtures("given")
def test_a_list_as_json_has_all_of_it() -> None:
    found = json.loads(run("list", "--json").stdout)
    assert [one["verdict"] for one in found] == ["helpful", "wrong_evidence", "missing_guidance"]
    assert set(found[0]) == {"id", "verdict", "comment", "created", "asked", "said"}
    assert found[0]["created"] == "2026-03-02T09:00:00Z"


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--since", "2026-03-04"), ["Comment\n1", "Comment\n2"]),
        (("--since", "2026-03-05"), ["Comment\n2"]),
        (("--verdict", "helpful"), ["Comment\n0"]),
        (("--verdict", "helpful", "--since", "2026-03-03"), []),
    ],
)
def test_a_list_can_be_narrowed(options: tuple[str, ...], expected: list[str]) -> None:
    found = json.loads(run("list", "--json", *options).stdout)
    assert [one["comment"] for one in found] == expected


@pytest.mark.usefixtures("database")
def test_where_nothing_was_said_the_list_is_empty() -> None:
    assert run("list").stdout == "0 in all.\n"
    assert run("list", "--json").stdout == "[]\n"


def test_every_verdict_can_be_chosen() -> None:
    assert get_args(VerdictChoice) == get_args(Verdict)


@pytest.mark.usefixtures("given")
def test_an_export_says_how_many_and_to_read_them(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    result = run("export", file)
    assert result.exit_code == 0
    left_out, told = result.stdout.splitlines()
    assert left_out == "Left out, as no answer to a question: 1."
    assert told.startswith(f"Proposed cases: 1, in {file}. Read them before use: ")
    (case,) = yaml.safe_load(file.read_text("utf-8"))
    assert case["question"] == "What stays?[31m"


@pytest.mark.usefixtures("given")
def test_where_there_is_nothing_to_propose_no_file_is_written(tmp_path: Path) -> None:
    result = run("export", tmp_path / "new.yaml", "--since", "2026-03-07")
    assert (result.exit_code, result.stdout) == (
        0, "There is nothing to propose, and no file was written.\n",
    )  # fmt: skip
    assert not (tmp_path / "new.yaml").exists()


@pytest.mark.usefixtures("given")
def test_an_export_never_replaces_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("my work")
    result = run("export", file)
    assert (result.exit_code, result.stdout.count("Proposed")) == (2, 0)
    assert result.stderr == f"ExportRefused: {file} is there already. Name a new file.\n"
    assert file.read_text() == "my work"


@pytest.mark.parametrize(
    "options", [("--since", "yesterday"), ("--since", "2026-13-01"), ("--verdict", "splendid")]
)
def test_a_wrong_option_gives_json_to_who_asked_for_json(
    options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["assistant", "feedback", "list", "--json", *options])
    with pytest.raises(SystemExit) as caught:
        main()
    error = json.loads(capsys.readouterr().out)["error"]
    assert (caught.value.code, error["type"]) == (2, "UsageError")
    assert options[1] in error["message"]


def test_a_database_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_DATABASE_URL", "postgresql://me:hush@127.0.0.1:1/name")
    result = run("list", "--json")
    error = json.loads(result.stdout)["error"]
    assert (result.exit_code, error["type"]) == (1, "StoreUnreachable")
    assert "hush" not in result.output
    assert run("export", "new.yaml").stderr.startswith("StoreUnreachable: ")
