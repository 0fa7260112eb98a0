"""`assistant ask --timings`: the time line of an answer, on the real library."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from assistant.cli import app
from tests.collector import collecting, facts_of
from tests.models.scripted_model import ScriptedModel, says

QUESTION = "Should we scale up or scale out?"
INSIDE_SEARCH = {"encode the question", "vectors", "full text", "signposts"}
REPLY = "Scaling out takes a programme to new places [1]. It costs 900 pounds a year [1]."


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def timings_of(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)["timings"]
    return found


def pairs(timings: list[dict[str, Any]]) -> set[tuple[str, str | None]]:
    return {(one["name"], one["inside"]) for one in timings}


def test_without_the_option_the_answer_is_as_it_is_with_it_but_for_the_timings(
    library_index: Path,
) -> None:
    plain = run("ask", QUESTION, "--json", "--index", library_index)
    timed = run("ask", QUESTION, "--json", "--timings", "--index", library_index)
    said = json.loads(timed.stdout)
    assert list(said)[-1] == "timings"
    del said["timings"]
    assert f"{json.dumps(said, ensure_ascii=False)}\n" == plain.stdout


def test_the_time_line_has_what_an_answer_is_made_of(library_index: Path) -> None:
    timings = timings_of(run("ask", QUESTION, "--json", "--timings", "--index", library_index))
    assert all(set(one) == {"name", "begin_ms", "ms", "inside"} for one in timings)
    assert {
        ("load", None), ("open the index", "load"), ("load the model", "load"), ("answer", None),
        ("read the question", "answer"), ("search", "answer"), ("weigh", "answer"),
        ("compose", "weigh"), ("lay out", "answer"), *((name, "search") for name in INSIDE_SEARCH),
    } <= pairs(timings)  # fmt: skip
    assert [one["begin_ms"] for one in timings] == sorted(one["begin_ms"] for one in timings)
    assert sum(one["ms"] for one in timings if one["inside"] is None) > 1


def test_in_the_terminal_a_table_stands_below_the_answer(library_index: Path) -> None:
    plain = run("ask", QUESTION, "--index", library_index).stdout
    shown = run("ask", QUESTION, "--timings", "--index", library_index).stdout
    assert shown.startswith(plain)
    table = shown[len(plain) :].splitlines()
    assert "milliseconds" in table[1]
    names = [line[23:] for line in table[2:]]
    assert "answer" in names
    assert "  search" in names
    assert "    vectors" in names
    assert "zeb" not in "".join(table)


def test_each_line_of_a_batch_has_a_time_line_of_its_own(
    library_index: Path, tmp_path: Path
) -> None:
    lines = [{"id": "a", "question": QUESTION}, {"id": "b", "question": ""}, {"id": "c"}]
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    result = run("ask", "--batch", batch, "--timings", "--index", library_index)
    said = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["id"] for one in said] == ["a", "b", "c"]
    first, *refused = (one["timings"] for one in said)
    assert [one["name"] for one in first].count("answer") == 1
    assert first[0]["begin_ms"] < 50  # what was loaded before belongs to no line
    assert all("load" not in pair for pair in pairs(first))
    assert all(len(one) < len(first) for one in refused)


def test_what_a_language_model_writes_and_its_check_are_on_the_line(
    library_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedModel(says(REPLY)) as server:
        monkeypatch.setenv("ASSISTANT_MODEL", "openai-like:small")
        monkeypatch.setenv("ASSISTANT_MODEL_URL", server.address)
        timings = timings_of(run("ask", QUESTION, "--json", "--timings", "--index", library_index))
    assert {("write", "answer"), ("check", "write"), ("ask again", "write")} <= pairs(timings)
    assert [one["name"] for one in timings].count("check") >= 2


def test_the_steps_are_sent_where_the_setting_says(
    library_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as collector:
        monkeypatch.setenv("ASSISTANT_TRACES_URL", collector.url.removesuffix("/v1/traces"))
        assert run("ask", QUESTION, "--json", "--index", library_index).exit_code == 0
        assert set(collector.places) == {"/v1/traces"}
        assert facts_of(collector.named("answer")[0])["outcome"] == "answered"
        assert b"scale" not in b"".join(collector.bodies).lower()


def test_a_collector_that_is_away_changes_nothing_but_a_line_on_standard_error(
    library_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = run("ask", QUESTION, "--json", "--index", library_index)
    monkeypatch.setenv("ASSISTANT_TRACES_URL", "http://127.0.0.1:9")
    result = run("ask", QUESTION, "--json", "--index", library_index)
    assert (result.exit_code, result.stdout) == (0, plain.stdout)
    assert result.stderr.count("ASSISTANT_TRACES_URL") == 1
