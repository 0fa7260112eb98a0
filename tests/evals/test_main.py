"""The command: what it prints, what it keeps to itself, and its exit codes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import evals
from assistant.errors import AssistantError, IndexDamaged
from assistant.records import Answer
from evals.__main__ import app
from evals.cases import Case
from tests.evals.make import ScriptedAssistant, make_answer, make_case, make_citation, make_trap

ROOT = Path(evals.__file__).parent.parent
Install = Callable[[Callable[[str], Answer]], ScriptedAssistant]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts an assistant with written answers behind the command."""

    def install(answers: Callable[[str], Answer]) -> ScriptedAssistant:
        assistant = ScriptedAssistant(answers)
        monkeypatch.setattr("evals.__main__.open_assistant", lambda *_: assistant)
        return assistant

    return install


def _dataset(folder: Path, *cases: Case, name: str = "set.yaml") -> str:
    file = folder / name
    file.write_text(yaml.safe_dump([case.model_dump(mode="json") for case in cases]), "utf-8")
    return str(file)


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def _sound(question: str) -> Answer:
    return make_answer("Keep the core. [1]", [make_citation("Keep the core")])


def _empty(question: str) -> Answer:
    return make_answer("Nothing.")


def _misquoted(question: str) -> Answer:
    moved = make_citation("Keep the core").model_copy(update={"start": 1, "end": 14})
    return make_answer("Keep the core. [1]", [moved])


def _failing(question: str) -> Answer:
    if "broken" in question:
        raise IndexDamaged("It is broken.", "Build it again.")
    return _misquoted(question) if "misquoted" in question else _sound(question)


# --- run


def test_a_run_without_faults_passes_and_shows_both_splits(tmp_path: Path, script: Install) -> None:
    assistant = script(_sound)
    file = _dataset(tmp_path, make_case("a"), make_case("b", split="test"))
    code, out, _ = _run("run", "--dataset", file)
    assert code == 0
    assert out.splitlines()[0].split() == ["dev", "(1)", "test", "(1)"]
    assert out.splitlines()[1].split() == ["vital", "recall", *["1.000", "(n=1)"] * 2]
    assert len(out.splitlines()) == 14  # no failures below the table
    assert assistant.closed


def test_wrong_answers_alone_fail_no_gate_and_are_listed(tmp_path: Path, script: Install) -> None:
    script(_empty)
    file = _dataset(tmp_path, make_case("a"), make_trap("b"))
    code, out, _ = _run("run", "--dataset", file)
    assert code == 0
    assert out.split("\n\n")[1:] == [
        "dev a: What about a?\n  missed: keep-core\n  failed at: composing",
        "dev b: What about b?\n  answered (confidence 0.5)\n  failed at: deciding\n",
    ]


def test_a_declined_case_is_listed_without_what_it_missed(tmp_path: Path, script: Install) -> None:
    script(lambda _: make_answer("No.", confidence=0.25, nearest=()))
    _, out, _ = _run("run", "--dataset", _dataset(tmp_path, make_case("a"), make_trap("b")))
    assert out.split("\n\n")[1:] == [
        "dev a: What about a?\n  declined (confidence 0.25)\n  failed at: deciding\n"
    ]


def test_failures_of_the_test_split_are_listed_only_on_request(
    tmp_path: Path, script: Install
) -> None:
    script(_empty)
    file = _dataset(tmp_path, make_case("seen"), make_case("hidden", split="test"))
    _, out, err = _run("run", "--dataset", file)
    assert "dev seen: What about seen?" in out
    assert "hidden" not in out + err
    _, out, _ = _run("run", "--dataset", file, "--show-test")
    assert out.split("\n\n")[1:] == [
        "dev seen: What about seen?\n  missed: keep-core\n  failed at: composing",
        "test hidden: What about hidden?\n  missed: keep-core\n  failed at: composing\n",
    ]


def test_a_split_without_cases_is_not_shown(tmp_path: Path, script: Install) -> None:
    script(_sound)
    _, out, _ = _run("run", "--dataset", _dataset(tmp_path, make_case("a", split="test")))
    assert out.splitlines()[0].split() == ["test", "(1)"]


def test_as_json_a_run_prints_the_summaries_alone(tmp_path: Path, script: Install) -> None:
    script(_empty)
    file = _dataset(tmp_path, make_case("a"), make_trap("b"), make_case("c", split="test"))
    code, out, _ = _run("run", "--dataset", file, "--json", "--out", str(tmp_path / "out"))
    dev, test = json.loads(out)
    assert code == 0
    assert (dev["split"], dev["cases"], dev["vital_recall"]) == ("dev", 2, [0.0, 1])
    assert (test["split"], test["cases"], test["confidence_auroc"]) == ("test", 1, None)
    written = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))
    assert written["summaries"] == [dev, test]
    assert [case["id"] for case in written["cases"]] == ["a", "b", "c"]


def test_several_datasets_are_asked_one_after_the_other(tmp_path: Path, script: Install) -> None:
    assistant = script(_sound)
    files = [_dataset(tmp_path, make_case(name), name=f"{name}.yaml") for name in ("z", "a")]
    assert _run("run", "--dataset", files[0], "--dataset", files[1])[0] == 0
    assert [question for question, _ in assistant.asked] == ["What about z?", "What about a?"]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_a_quote_that_is_not_its_sources_text_fails_the_gate(
    tmp_path: Path, script: Install, split: str
) -> None:
    script(_misquoted)
    file = _dataset(tmp_path, make_case("a", split=split))
    code, out, _ = _run("run", "--dataset", file, "--show-test")
    assert code == 1
    assert f"{split} a: What about a?\n  [1] is not the text of guide\n" in out


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_something_said_that_must_not_be_said_fails_the_gate(
    tmp_path: Path, script: Install, flags: tuple[str, ...]
) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a", must_not_say=("keep",)))
    code, out, _ = _run("run", "--dataset", file, *flags)
    assert code == 1
    assert ("  says: keep\n" in out) is (flags == ())


def test_one_error_in_twenty_cases_is_borne(tmp_path: Path, script: Install) -> None:
    script(_failing)
    sound = [make_case(f"case-{n}") for n in range(19)]
    code, out, _ = _run("run", "--dataset", _dataset(tmp_path, *sound, make_case("broken")))
    assert code == 0
    assert out.endswith("dev broken: What about broken?\n  error: It is broken. Build it again.\n")


def test_more_errors_are_too_many_to_judge_whatever_the_gate(
    tmp_path: Path, script: Install
) -> None:
    script(_failing)
    cases = [make_case(f"case-{n}") for n in range(17)]
    cases += [make_case("misquoted"), make_case("broken"), make_case("broken-too", split="test")]
    out_folder = tmp_path / "out"
    file = _dataset(tmp_path, *cases)
    assert _run("run", "--dataset", file, "--out", str(out_folder))[0] == 3
    assert (out_folder / "results.json").exists()


# --- lint


def test_lint_prints_each_fault_and_their_number(tmp_path: Path, script: Install) -> None:
    script(_sound)
    gold = [{"document_id": "gone", "quote": "Rain"}]
    file = _dataset(tmp_path, make_case("a", gold=gold), make_trap("b"))
    code, out, _ = _run("lint", "--dataset", file)
    assert (code, out) == (1, "a: gold: no document 'gone' in the index\n1 faults\n")


def test_lint_of_a_sound_dataset_passes(tmp_path: Path, script: Install) -> None:
    script(_sound)
    code, out, _ = _run("lint", "--dataset", _dataset(tmp_path, make_case("a"), make_trap("b")))
    assert (code, out) == (0, "0 faults\n")


# --- wrong usage


@pytest.mark.parametrize("command", ["run", "lint"])
def test_a_missing_dataset_is_wrong_usage(tmp_path: Path, script: Install, command: str) -> None:
    assistant = script(_sound)
    file = tmp_path / "none.yaml"
    code, out, err = _run(command, "--dataset", str(file))
    assert (code, out) == (2, "")
    assert err == (
        f"DatasetError: {file}: [Errno 2] No such file or directory: '{file}'. "
        "Name a YAML file of cases.\n"
    )
    assert assistant.closed


@pytest.mark.parametrize("command", ["run", "lint"])
def test_a_setting_that_is_not_one_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("ASSISTANT_COLOUR", "red")
    code, out, err = _run(command)
    assert (code, out) == (2, "")
    assert err.startswith("SettingsError: ASSISTANT_COLOUR (in the environment) is not a setting.")


@pytest.mark.parametrize(
    "arguments",
    [("run", "--colour"), ("paint",), ("lint", "--dataset"), ("bench", "--chunks", "many")],
)
def test_an_unknown_option_or_command_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    code, out, err = _run(*arguments)
    assert (code, out) == (2, "")
    assert "Error" in err


def test_help_names_the_three_commands() -> None:
    code, out, _ = _run("--help")
    assert code == 0
    assert [name for name in ("run", "lint", "bench") if f" {name} " in out] == [
        "run",
        "lint",
        "bench",
    ]


def test_an_out_folder_that_is_a_file_is_wrong_usage(tmp_path: Path, script: Install) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a"))
    assert _run("run", "--dataset", file, "--out", file)[0] == 2


def test_an_index_folder_that_is_a_file_is_wrong_usage(tmp_path: Path) -> None:
    file = _dataset(tmp_path, make_case("a"))
    code, _, err = _run("lint", "--dataset", file, "--index", file)
    assert code == 2
    assert file in err


@pytest.mark.parametrize("command", ["run", "lint"])
def test_an_index_that_cannot_be_opened_is_no_failed_gate(
    monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def broken(*_: Any) -> ScriptedAssistant:
        error: AssistantError = IndexDamaged("It contradicts itself.", "Build it again.")
        raise error

    monkeypatch.setattr("evals.__main__.open_assistant", broken)
    code, _, err = _run(command)
    assert err == "IndexDamaged: It contradicts itself. Build it again.\n"
    assert code == 2


# --- the whole of it, over the shipped library


def _command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evals", *arguments],
        check=False, capture_output=True, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.slow
def test_equal_runs_write_equal_bytes(tmp_path: Path, library_index: Path) -> None:
    gold = {"document_id": "implementation-teams", "quote": "An implementation team should hold"}
    nugget = {
        "id": "who",
        "text": "The team holds people with authority.",
        "importance": "vital",
        "match": {"all_of": ["authority"]},
        "evidence": [gold],
    }
    question = "Who should be on the implementation team?"
    cases = [
        make_case("who", question=question, nuggets=[nugget], gold=[gold]),
        make_trap("bread", question="How do I bake sourdough bread?", split="test"),
    ]
    file = _dataset(tmp_path, *cases)
    for out in ("one", "two"):
        done = _command(
            tmp_path, "run", "--dataset", file, "--index", str(library_index), "--out", out
        )
        assert (done.returncode, done.stderr.strip()) == (0, "")
        assert done.stdout.splitlines()[0].split() == ["dev", "(1)", "test", "(1)"]
    first = (tmp_path / "one" / "results.json").read_bytes()
    assert (tmp_path / "two" / "results.json").read_bytes() == first
    who, bread = json.loads(first)["cases"]
    assert (who["outcome"], who["first_citation_right"], who["vital_recall"]) == (
        "answered",
        True,
        1.0,
    )
    assert (bread["outcome"], bread["outcome_right"]) == ("declined", True)


def test_lint_of_the_shipped_datasets_passes(tmp_path: Path, library_index: Path) -> None:
    done = _command(tmp_path, "lint", "--index", str(library_index))
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 faults\n", "")
