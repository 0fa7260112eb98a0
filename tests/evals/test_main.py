"""The command: what it prints, what it keeps to itself, and its exit codes."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import evals
from assistant.errors import IndexDamaged
from assistant.records import Answer
from evals.__main__ import app
from evals.cases import Case, read_dataset
from evals.judge.agreement import read_labelled
from evals.report import canonical
from evals.results import Run
from evals.support.records import Claim, SupportReport
from evals.transfer.proposals import TO_DO
from tests.evals.make import ScriptedAssistant, make_answer, make_case, make_citation, make_trap
from tests.evals.support.make_claims import FakeAssistant, make_claim
from tests.models.scripted_model import ScriptedModel, says, status

ROOT = Path(evals.__file__).parent.parent
REPORTS = {
    "qrels.txt",
    "run.txt",
    "results.json",
    "timings.json",
    "junit.xml",
    "report.md",
    "report.html",
}
Script = Callable[[str], Answer]
Install = Callable[[Script], ScriptedAssistant]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts an assistant with written answers behind the command."""

    def install(answers: Script) -> ScriptedAssistant:
        assistant = ScriptedAssistant(answers)
        monkeypatch.setattr("evals.evaluate.open_assistant", lambda *_: assistant)
        return assistant

    return install


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What is waited for in vain, until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def _dataset(folder: Path, *cases: Case, name: str = "set.yaml") -> str:
    file = folder / name
    file.write_text(yaml.safe_dump([case.model_dump(mode="json") for case in cases]), "utf-8")
    return str(file)


def _run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def _sound(question: str) -> Answer:
    if "trap" in question:
        return make_answer("No.", confidence=0.1, nearest=())
    return make_answer("Keep the core. [1]", [make_citation("Keep the core")])


def _empty(question: str) -> Answer:
    return make_answer("Nothing.")


def _misquoting(question: str) -> Answer:
    moved = make_citation("Keep the core").model_copy(update={"start": 1, "end": 14})
    return make_answer("Keep the core. [1]", [moved])


def _failing(question: str) -> Answer:
    if "broken" in question:
        raise IndexDamaged("It is broken.", "Build it again.")
    return _misquoting(question) if "misquoted" in question else _sound(question)


def _results(folder: Path, answers: Script, install: Install, *cases: Case) -> str:
    """The results of a run of these cases, in a folder of their own."""
    install(answers)
    folder.mkdir()
    _run("run", "--dataset", _dataset(folder, *cases), "--out", str(folder / "out"))
    return str(folder / "out" / "results.json")


# --- run: what is printed


def test_a_sound_run_passes_and_says_so_last(tmp_path: Path, script: Install) -> None:
    assistant = script(_sound)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"), make_case("b", split="test"))
    code, out, _ = _run("run", "--dataset", file)
    assert code == 0
    assert out.splitlines()[1].split() == ["dev", "(2)", "test", "(1)"]
    assert out.endswith("\n\nPassed: 3 of 3 gates hold.\n")
    assert "What about" not in out
    assert assistant.closed


def test_wrong_answers_alone_fail_no_gate_and_are_listed_with_their_place(
    tmp_path: Path, script: Install
) -> None:
    script(_empty)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, out, _ = _run("run", "--dataset", file)
    assert code == 0
    first, second = (case.place for case in read_dataset(Path(file)))
    assert out.split("\n\n")[1:3] == [
        f"dev a ({first}): What about a?\n  does not say: It says core.\n  failed at: composing",
        f"dev trap ({second}): What about trap?\n  answered, and should not be\n"
        "  failed at: deciding",
    ]


def test_failures_of_the_test_split_are_listed_only_on_request(
    tmp_path: Path, script: Install
) -> None:
    script(_empty)
    cases = make_case("seen"), make_trap("trap"), make_case("hidden", split="test")
    file, out = _dataset(tmp_path, *cases), tmp_path / "out"
    _, told, err = _run("run", "--dataset", file, "--out", str(out))
    assert "What about seen?" in told
    pages = (out / "report.html").read_text("utf-8") + (out / "report.md").read_text("utf-8")
    assert "What about hidden?" not in told + err + pages
    _, told, _ = _run("run", "--dataset", file, "--show-test", "--out", str(out))
    assert "test hidden (set.yaml:" in told
    assert "What about hidden?" in (out / "report.html").read_text("utf-8")


def test_as_json_a_run_prints_what_it_writes(tmp_path: Path, script: Install) -> None:
    script(_empty)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, out, _ = _run("run", "--dataset", file, "--json", "--out", str(tmp_path / "out"))
    assert code == 0
    assert out.rstrip("\n") + "\n" == (tmp_path / "out" / "results.json").read_text("utf-8")
    assert [case.id for case in Run.model_validate_json(out).products[0].cases] == ["a", "trap"]


def test_all_reports_are_written_and_equal_runs_are_equal_bytes(
    tmp_path: Path, script: Install
) -> None:
    file = _dataset(tmp_path, make_case("a"), make_case("broken"), make_trap("trap"))
    for out in ("one", "two"):
        script(_failing)
        _run("run", "--dataset", file, "--out", str(tmp_path / out))
        assert {path.name for path in (tmp_path / out).iterdir()} == REPORTS
    first = (tmp_path / "one" / "results.json").read_bytes()
    assert (tmp_path / "two" / "results.json").read_bytes() == first
    assert canonical.read(tmp_path / "one" / "results.json").exit_code == 3


def test_a_ci_server_is_given_a_summary_without_texts(
    tmp_path: Path, script: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("Before.\n", "utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    script(_empty)
    _run("run", "--dataset", _dataset(tmp_path, make_case("a"), make_trap("trap")))
    text = summary.read_text("utf-8")
    assert text.startswith("Before.\n## Evaluation\n\n**Passed: 3 of 3 gates hold.**\n")
    assert "What about a?" not in text


def test_variants_are_shown_side_by_side(tmp_path: Path, script: Install) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    variant = "half:embedding_dtype=bfloat16"
    code, out, _ = _run("run", "--dataset", file, "--variant", variant)
    assert code == 0
    assert [line for line in out.splitlines() if line.startswith("Product: ")] == [
        "Product: as set", "Product: half",
    ]  # fmt: skip


# --- run: exit codes


@pytest.mark.parametrize("split", ["dev", "test"])
def test_a_quote_that_is_not_its_sources_text_fails_the_gate(
    tmp_path: Path, script: Install, split: str
) -> None:
    script(_failing)
    file = _dataset(tmp_path, make_case("misquoted", split=split), make_trap("trap"))
    code, out, _ = _run("run", "--dataset", file, "--show-test")
    assert code == 1
    assert "\n  [1] is not the text of guide\n  failed at: citing\n" in out
    assert "gate integrity: FAILED, 1 of 2 fail (to blame: citing)\n" in out


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_something_said_that_must_not_be_said_fails_the_gate(
    tmp_path: Path, script: Install, flags: tuple[str, ...]
) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a", must_not_say=("keep",)), make_trap("trap"))
    code, out, _ = _run("run", "--dataset", file, *flags)
    assert code == 1
    assert ("\n  says: keep\n  failed at: composing\n" in out) is (flags == ())


def _twenty(*last: Case) -> list[Case]:
    sound = [make_case(f"case-{n}", must_not_say=("drop",)) for n in range(19 - len(last))]
    return [make_trap("trap"), *sound, *last]


def test_one_error_in_twenty_cases_is_borne(tmp_path: Path, script: Install) -> None:
    script(_failing)
    code, out, _ = _run("run", "--dataset", _dataset(tmp_path, *_twenty(make_case("broken"))))
    assert code == 0
    assert "): What about broken?\n  error: It is broken. Build it again.\n" in out


def test_one_error_is_borne_where_no_case_forbids_anything(tmp_path: Path, script: Install) -> None:
    script(_failing)
    sound = [make_case(f"case-{n}") for n in range(18)]
    cases = [make_trap("trap"), *sound, make_case("broken")]
    assert _run("run", "--dataset", _dataset(tmp_path, *cases))[0] == 0


def test_more_errors_are_too_many_to_judge_whatever_the_gate(
    tmp_path: Path, script: Install
) -> None:
    script(_failing)
    last = make_case("misquoted"), make_case("broken"), make_case("broken-too", split="test")
    out = tmp_path / "out"
    code, told, _ = _run("run", "--dataset", _dataset(tmp_path, *_twenty(*last)), "--out", str(out))
    assert code == 3
    assert told.splitlines()[-1].startswith("Too many errors (2 of 20 questions): ")
    assert (out / "results.json").exists()


def test_an_answer_that_never_returns_is_an_error_with_its_case_and_place(
    tmp_path: Path, script: Install, never: threading.Event
) -> None:
    def stuck(question: str) -> Answer:
        if "endless" in question:
            never.wait()
        return _sound(question)

    script(stuck)
    file = _dataset(tmp_path, make_case("a"), make_case("endless"), make_trap("trap"))
    place = read_dataset(Path(file))[1].place
    code, out, _ = _run("run", "--dataset", file, "--deadline", "0.2")
    assert code == 3
    where = f"dev endless ({place}): What about endless?"
    assert f"{where}\n  error: timeout: no answer within 0.2 seconds\n" in out


# --- run: against a baseline


def test_a_run_that_is_as_good_as_its_baseline_passes_and_a_worse_one_does_not(
    tmp_path: Path, script: Install
) -> None:
    cases = make_case("a", must_not_say=("drop",)), make_trap("trap")
    results = _results(tmp_path / "old", _sound, script, *cases)
    kept = str(tmp_path / "baseline.json")
    assert _run("compare", results, "--baseline", kept, "--update-baseline")[0] == 0
    file = _dataset(tmp_path, *cases)
    code, out, _ = _run("run", "--dataset", file, "--baseline", kept)
    assert (code, "verdict: no change\n" in out) == (0, True)
    script(_misquoting)
    code, out, _ = _run("run", "--dataset", file, "--baseline", kept)
    assert code == 1
    assert "gate baseline: FAILED, integrity (dev) (to blame: citing)\n" in out


def test_a_baseline_of_other_cases_is_not_comparable(tmp_path: Path, script: Install) -> None:
    results = _results(tmp_path / "old", _sound, script, make_case("a"), make_trap("trap"))
    kept = str(tmp_path / "baseline.json")
    _run("compare", results, "--baseline", kept, "--update-baseline")
    file = _dataset(tmp_path, make_case("b"), make_trap("trap"))
    code, out, _ = _run("run", "--dataset", file, "--baseline", kept)
    assert code == 2
    reason = "cases differ: 1 only in the old run, 1 only in the new"
    assert out.splitlines()[-1].startswith(f"Not comparable with the baseline ({reason}): ")


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_baseline_that_cannot_be_read_is_wrong_usage_before_anything_is_asked(
    tmp_path: Path, script: Install, content: str | None
) -> None:
    assistant = script(_sound)
    kept = tmp_path / "baseline.json"
    if content:
        kept.write_text(content, "utf-8")
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, out, err = _run("run", "--dataset", file, "--baseline", str(kept))
    assert (code, out, assistant.asked) == (2, "", [])
    assert err.startswith("UsageError: ")
    assert str(kept) in err


# --- compare


def test_compare_says_improved_regressed_and_not_comparable(
    tmp_path: Path, script: Install
) -> None:
    cases = make_case("a"), make_case("b"), make_trap("trap")
    good = _results(tmp_path / "good", _sound, script, *cases)
    bad = _results(tmp_path / "bad", _misquoting, script, *cases)
    other = _results(tmp_path / "other", _sound, script, make_case("c"), make_trap("trap"))
    kept = str(tmp_path / "kept" / "baseline.json")
    code, out, _ = _run("compare", bad, "--baseline", kept, "--update-baseline")
    assert (code, out) == (0, f"There was no baseline. It is now in {kept}.\n")

    code, out, _ = _run("compare", good, "--baseline", kept)
    assert (code, out.splitlines()[-1]) == (0, "verdict: improved (dev integrity)")
    assert "newly passing (3): a, b, trap\n" in out
    assert _run("compare", bad, "--baseline", kept)[1].splitlines()[-1] == "verdict: no change"
    code, out, _ = _run("compare", other, "--baseline", kept)
    assert (code, out.startswith("verdict: not comparable (cases differ: ")) == (2, True)

    code, out, _ = _run("compare", good, "--baseline", kept, "--update-baseline")
    assert (code, out.endswith(f"\n{kept} now holds this run.\n")) == (0, True)
    code, out, _ = _run("compare", bad, "--baseline", kept)
    assert (code, out.splitlines()[-1]) == (1, "verdict: regressed (dev integrity)")
    assert "newly failing (3): a, b, trap\n" in out


def test_a_kept_baseline_holds_no_texts(tmp_path: Path, script: Install) -> None:
    results = _results(tmp_path / "old", _sound, script, make_case("a"), make_trap("trap"))
    kept = tmp_path / "baseline.json"
    _run("compare", results, "--baseline", str(kept), "--update-baseline")
    text = kept.read_text("utf-8")
    assert '"guide"' in text
    assert "What about" not in text
    assert "Keep the core" not in text


@pytest.mark.parametrize(
    "command", [("compare",), ("report", "--out", "x.html"), ("judge", "--address", "http://a/v1",
    "--model", "openai-like:m")],
)  # fmt: skip
def test_results_that_are_none_are_wrong_usage(tmp_path: Path, command: tuple[str, ...]) -> None:
    code, out, err = _run(command[0], str(tmp_path / "results.json"), *command[1:])
    assert (code, out) == (2, "")
    assert err.startswith(f"UsageError: {tmp_path / 'results.json'}: No such file or directory. ")


# --- report, schema, mutants, judge


def test_the_page_of_an_earlier_run_is_written_once_more(tmp_path: Path, script: Install) -> None:
    cases = make_case("a"), make_trap("trap"), make_case("hidden", split="test")
    results = _results(tmp_path / "old", _empty, script, *cases)
    page = tmp_path / "again.html"
    assert _run("report", results, "--out", str(page))[0] == 0
    text = page.read_text("utf-8")
    assert "Passed: 3 of 3 gates hold." in text
    assert "What about a?" in text
    assert "What about hidden?" not in text
    assert _run("report", results, "--out", str(page), "--show-test")[0] == 0
    assert "What about hidden?" in page.read_text("utf-8")


def test_the_page_written_once_more_is_the_same_page(tmp_path: Path, script: Install) -> None:
    results = _results(tmp_path / "old", _empty, script, make_case("a"), make_trap("trap"))
    page = tmp_path / "again.html"
    _run("report", results, "--out", str(page))
    assert page.read_bytes() == Path(results).with_name("report.html").read_bytes()


def test_the_schema_that_editors_read_is_the_present_one() -> None:
    kept = Path(evals.__file__).with_name("cases.schema.json").read_text("utf-8")
    assert kept == _run("schema")[1], "Run: python -m evals schema > evals/cases.schema.json"


def test_the_schema_is_json_that_defines_a_case() -> None:
    code, out, _ = _run("schema")
    schema = json.loads(out)
    assert code == 0
    assert schema["type"] == "array"
    assert set(schema["$defs"]["Case"]["required"]) == {
        "id", "question", "answerable", "split", "source", "labelled_by",
    }  # fmt: skip


def test_mutants_of_dev_facts_are_shown_by_what_was_changed(tmp_path: Path) -> None:
    nugget = make_case().nuggets[0].model_dump() | {"text": "4 coaches keep the core."}
    file = _dataset(tmp_path, make_case("a", nuggets=[nugget]), make_case("b", split="test"))
    code, out, _ = _run("mutants", "--dataset", file, "--survivors", "1")
    assert code == 0
    assert out.splitlines()[0].split()[1] == "sentences;"
    assert [part.splitlines()[0].split()[:2] for part in out.split("\n\n")[1:]] == [
        ["changes", "of"], ["harmless", "edits"],
    ]  # fmt: skip


def test_a_language_model_judges_the_dev_answers_of_a_run(
    tmp_path: Path, script: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALS_JUDGE_KEY", "a key")
    monkeypatch.setattr("evals.__main__.read_labelled", lambda: read_labelled()[:1])
    cases = make_case("a"), make_trap("trap"), make_case("hidden", split="test")
    results = _results(tmp_path / "old", _sound, script, *cases)
    arguments = (
        "judge", results, "--dataset", str(tmp_path / "old" / "set.yaml"), "--model",
        "openai-like:small", "--repeats", "1", "--cache", str(tmp_path / "cache"),
    )  # fmt: skip
    with ScriptedModel(says("It says all of it.\nright")) as server:
        code, out, _ = _run(*arguments, "--address", server.address)
        assert code == 0
        assert "mean score              1.000 (n=1, 0 unscored, 0 not judged)\n" in out
        assert len(server.asked) == 2  # the labelled answer, and that to a
        assert set(server.keys) == {"Bearer a key"}
        assert "hidden" not in json.dumps(server.asked)
        assert _run(*arguments, "--address", server.address)[1] == out
        assert len(server.asked) == 2  # the replies were kept


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--model", "small"), "ASSISTANT_MODEL is 'small', and no model is called so."),
        (("--model", "openai-like:small"), "ASSISTANT_MODEL_URL is not set"),
        (("--model", "openai-like:small", "--address", "host"), "ASSISTANT_MODEL_URL is host"),
    ],
)
def test_a_judge_that_is_no_model_is_wrong_usage(
    tmp_path: Path, script: Install, arguments: tuple[str, ...], said: str
) -> None:
    results = _results(tmp_path / "old", _sound, script, make_case("a"), make_trap("trap"))
    dataset = str(tmp_path / "old" / "set.yaml")
    code, out, err = _run("judge", results, "--dataset", dataset, *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"SettingsError: {said}")


def test_a_judge_that_does_not_answer_ends_the_judging(
    tmp_path: Path, script: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALS_JUDGE_KEY", "a key")
    results = _results(tmp_path / "old", _sound, script, make_case("a"), make_trap("trap"))
    dataset = str(tmp_path / "old" / "set.yaml")
    with ScriptedModel(status(401)) as server:
        code, out, err = _run(
            "judge", results, "--dataset", dataset, "--model", "openai-like:small",
            "--address", server.address,
        )  # fmt: skip
    assert (code, out) == (2, "")
    assert err.startswith("ModelError: The judge's model openai-like:small does not answer: 3 ")
    assert "a key" not in err
    assert len(server.asked) == 3


# --- import, export


def test_what_is_exported_can_be_imported_as_proposals(tmp_path: Path, script: Install) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    folder, proposed = tmp_path / "out", tmp_path / "proposed.yaml"
    assert _run("export", "--for", "deepeval", "--out", str(folder), "--dataset", file)[0] == 0
    exported = str(folder / "goldens.json")
    code, out, _ = _run("import", exported, "--from", "deepeval", "--out", str(proposed))
    assert (code, out) == (0, f"1 proposals in {proposed}. Complete each, then run lint.\n")
    [proposal] = yaml.safe_load(proposed.read_text("utf-8"))
    assert (proposal["id"], proposal["question"]) == ("a", "What about a?")
    assert proposal["nuggets"][0]["text"] == "It says core."
    assert any(field.startswith(TO_DO) for field in proposal)


def test_feedback_that_may_be_personal_is_pointed_out(tmp_path: Path) -> None:
    feedback, proposed = tmp_path / "feedback.jsonl", tmp_path / "proposed.yaml"
    feedback.write_text(json.dumps({"question": "May I write to ann@example.org?"}), "utf-8")
    code, out, _ = _run("import", str(feedback), "--from", "feedback", "--out", str(proposed))
    assert code == 0
    assert out.splitlines()[1].startswith("1 of them look as if they held a name or an address")


def test_what_cannot_be_imported_is_wrong_usage(tmp_path: Path) -> None:
    out = str(tmp_path / "x.yaml")
    code, _, err = _run("import", str(tmp_path / "none.json"), "--from", "ragas", "--out", out)
    assert code == 2
    assert err.startswith("DatasetError: ")


# --- support


@pytest.fixture
def checking(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """An assistant behind the command that sees support where a sentence says "yes"."""
    assistant = FakeAssistant(lambda sentence, text: "yes" in sentence.lower())
    monkeypatch.setattr(
        "evals.evaluate.open_assistant", lambda *_: SimpleNamespace(**_doors(assistant))
    )
    return assistant


def _doors(assistant: FakeAssistant) -> dict[str, Callable[..., Any]]:
    return {
        "check": assistant.check,
        "search": assistant.search,
        "documents": assistant.documents,
        "close": lambda: None,
    }


def _claims(folder: Path, name: str, *claims: Claim) -> str:
    file = folder / name
    file.write_text(yaml.safe_dump([claim.model_dump() for claim in claims]), "utf-8")
    return str(file)


def _both_splits(folder: Path) -> tuple[str, ...]:
    seen = make_claim("seen", claim="Yes, 4 visible."), make_claim("lost", quote="It ends.")
    hidden = make_claim("hidden", quote="Four", claim="Yes, hidden.", change="number")
    files = _claims(folder, "dev.yaml", *seen), _claims(folder, "test.yaml", hidden)
    return ("support", "--dataset", files[0], "--dataset", files[1])


def test_support_prints_numbers_alone_and_gates_nothing(
    tmp_path: Path, checking: FakeAssistant
) -> None:
    code, out, _ = _run(*_both_splits(tmp_path))
    assert code == 0
    assert out.splitlines()[0].split()[:5] == ["claims", "dev", "(2", "claims)", "test"]
    assert "0 of 1   0.00" in next(line for line in out.splitlines() if line.startswith("number"))
    assert not any(word in out for word in ("visible", "core stays", "hidden"))


def test_support_shows_what_went_wrong_of_test_only_on_request(
    tmp_path: Path, checking: FakeAssistant
) -> None:
    arguments = (*_both_splits(tmp_path), "--survivors", "2")
    for flags in ((), ("--json",)):
        out = _run(*arguments, *flags)[1]
        assert "lost (words: it): The core stays." in out
        assert "seen: Yes, 5 visible." in out
        assert "hidden" not in out
    assert "hidden: Yes, hidden." in _run(*arguments, "--show-test")[1]


def test_support_as_json_is_canonical(tmp_path: Path, checking: FakeAssistant) -> None:
    arguments = (*_both_splits(tmp_path), "--json")
    code, out, _ = _run(*arguments)
    assert (code, _run(*arguments)[1]) == (0, out)
    found = SupportReport.model_validate_json(out)
    assert (found.splits["dev"].taken.n, found.splits["test"].rejected.mean) == (2, 0.0)
    assert out == json.dumps(json.loads(out), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def test_support_prints_the_faults_of_claims_instead_and_fails(
    tmp_path: Path, checking: FakeAssistant
) -> None:
    file = _claims(tmp_path, "dev.yaml", make_claim(quote="Nowhere."))
    code, out, _ = _run("support", "--dataset", file)
    assert (code, out) == (1, "dev.yaml: core: its quote is not in guide\n1 faults\n")
    assert checking.checked == []


def test_support_of_a_broken_file_is_wrong_usage(tmp_path: Path, checking: FakeAssistant) -> None:
    code, out, err = _run("support", "--dataset", str(tmp_path / "dev.yaml"))
    assert (code, out) == (2, "")
    assert err.startswith("DatasetError: ")


# --- lint


def test_lint_prints_each_fault_with_its_place_and_their_number(
    tmp_path: Path, script: Install
) -> None:
    script(_sound)
    gold = [{"document_id": "gone", "quote": "Rain"}]
    file = _dataset(tmp_path, make_case("a", gold=gold), make_trap("b"))
    code, out, _ = _run("lint", "--dataset", file)
    assert (code, out) == (1, "set.yaml:1: a: gold: no document 'gone' in the index\n1 faults\n")


def test_lint_of_a_sound_dataset_passes(tmp_path: Path, script: Install) -> None:
    script(_sound)
    code, out, _ = _run("lint", "--dataset", _dataset(tmp_path, make_case("a"), make_trap("b")))
    assert (code, out) == (0, "0 faults\n")


# --- wrong usage


@pytest.mark.parametrize("command", ["run", "lint"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "{file}: [Errno 2] No such file or directory: '{file}'."),
        ("- id: [a\n", "{file}:2: while parsing a flow sequence "),
        ("- id: a\n  colour: red\n", "{file}:1: question: Field required; "),
    ],
)
def test_a_dataset_that_cannot_be_read_is_wrong_usage(
    tmp_path: Path, script: Install, command: str, content: str | None, said: str
) -> None:
    script(_sound)
    file = tmp_path / "set.yaml"
    if content:
        file.write_text(content, "utf-8")
    code, out, err = _run(command, "--dataset", str(file))
    assert (code, out) == (2, "")
    assert err.startswith(f"DatasetError: {said.format(file=file)}")


def test_a_dataset_of_one_kind_alone_is_wrong_usage(tmp_path: Path, script: Install) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a"), make_case("b"))
    code, out, err = _run("run", "--dataset", file)
    assert (code, out) == (2, "")
    assert err.startswith("DatasetError: set.yaml:1: all cases are answerable: ")


@pytest.mark.parametrize(
    ("variant", "said"), [("half", "'half' is no variant."), ("a:colour=red", "colour: ")]
)
def test_a_variant_that_makes_no_sense_is_wrong_usage(
    tmp_path: Path, script: Install, variant: str, said: str
) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, out, err = _run("run", "--dataset", file, "--variant", variant)
    assert (code, out) == (2, "")
    assert said in err


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
    [
        ("run", "--colour"), ("run", "--deadline", "0"), ("paint",), ("lint", "--dataset"),
        ("bench", "--chunks", "many"), ("import", "x"), ("export", "--for", "paper"),
    ],
)  # fmt: skip
def test_an_unknown_option_or_command_is_wrong_usage(arguments: tuple[str, ...]) -> None:
    code, out, err = _run(*arguments)
    assert (code, out) == (2, "")
    assert "Error" in err


def test_help_names_every_command() -> None:
    code, out, _ = _run("--help")
    assert code == 0
    for name in (
        "run", "compare", "report", "lint", "schema", "mutants", "judge", "import", "export",
        "bench", "calibrate", "copied", "support",
    ):  # fmt: skip
        assert f" {name} " in out


def test_an_out_folder_that_is_a_file_is_wrong_usage(tmp_path: Path, script: Install) -> None:
    script(_sound)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, _, err = _run("run", "--dataset", file, "--out", file)
    assert code == 2
    assert f"{file} is no folder to write to" in err


@pytest.mark.parametrize("command", ["run", "lint"])
def test_an_index_folder_that_is_a_file_is_wrong_usage(tmp_path: Path, command: str) -> None:
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, _, err = _run(command, "--dataset", file, "--index", file)
    assert code == 2
    assert file in err


@pytest.mark.parametrize("command", ["run", "lint"])
def test_a_mistyped_index_folder_is_said_to_be_none_and_not_built(
    tmp_path: Path, command: str
) -> None:
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, _, err = _run(command, "--dataset", file, "--index", str(tmp_path / "mistyped"))
    assert code == 2
    assert err.startswith("IndexMissing: ")
    assert not (tmp_path / "mistyped").exists()


@pytest.mark.parametrize("command", ["run", "lint"])
def test_an_index_that_cannot_be_opened_is_no_failed_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def broken(*_: Any) -> ScriptedAssistant:
        raise IndexDamaged("It contradicts itself.", "Build it again.")

    monkeypatch.setattr("evals.evaluate.open_assistant", broken)
    file = _dataset(tmp_path, make_case("a"), make_trap("trap"))
    code, _, err = _run(command, "--dataset", file)
    assert (code, err) == (2, "IndexDamaged: It contradicts itself. Build it again.\n")


# --- the whole of it, over the shipped library


def _command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "evals", *arguments],
        check=False, capture_output=True, text=True, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.slow
def test_equal_runs_over_the_library_write_equal_bytes(tmp_path: Path, library_index: Path) -> None:
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
        assert done.stdout.splitlines()[1].split() == ["dev", "(1)", "test", "(1)"]
    first = (tmp_path / "one" / "results.json").read_bytes()
    assert (tmp_path / "two" / "results.json").read_bytes() == first
    who, bread = Run.model_validate_json(first).products[0].cases
    held = [who.measures[name].outcome for name in ("outcome", "first_citation", "vital_recall")]
    assert (who.outcome, held) == ("answered", ["pass"] * 3)
    assert (bread.outcome, bread.measures["outcome"].outcome) == ("declined", "pass")
