"""An evaluation from beginning to end, of assistants whose answers are written."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.errors import IndexDamaged, UsageError
from assistant.records import Answer
from assistant.settings import Settings
from assistant.terminal import TerminalProgress
from evals.cases import Case, DatasetError
from evals.evaluate import EVERY, evaluate, opened, variants
from evals.results import Product, Run, Timings
from tests.evals.make import ScriptedAssistant, make_answer, make_case, make_citation, make_trap

BOTH = [make_case("core").at("set.yaml:1"), make_trap("weather").at("set.yaml:9")]
Install = Callable[..., list[ScriptedAssistant]]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts assistants with written answers behind the door, one for each time that it is opened."""

    def put(*scripts: Callable[[str], Answer]) -> list[ScriptedAssistant]:
        assistants = [ScriptedAssistant(script) for script in scripts]
        left: Iterator[ScriptedAssistant] = iter(assistants)
        monkeypatch.setattr("evals.evaluate.open_assistant", lambda *_: next(left))
        return assistants

    return put


def _sound(question: str) -> Answer:
    if "weather" in question:
        return make_answer("No.", confidence=0.1, nearest=())
    return make_answer("Keep the core. [1]", [make_citation("Keep the core")])


def _evaluate(
    cases: Sequence[Case], baseline: Product | None = None, out: Path | None = None
) -> tuple[Run, Timings]:
    subjects = {"as set": Settings()}
    return evaluate(subjects, cases, TerminalProgress(), 5.0, baseline, out=out)


def test_a_sound_product_passes_and_is_closed(install: Install) -> None:
    [assistant] = install(_sound)
    run, timings = _evaluate(BOTH)
    assert run.exit_code == 0
    assert [gate.name for gate in run.gates] == ["integrity", "permitted", "repeats"]
    assert [case.place for case in run.products[0].cases] == ["set.yaml:1", "set.yaml:9"]
    assert timings.products[0].answers.keys() == {"core", "weather"}
    assert timings.products[0].peak_mib > 0
    assert assistant.closed


def test_one_case_in_ten_is_asked_again(install: Install) -> None:
    [assistant] = install(_sound)
    cases = [*(make_case(f"core-{n}") for n in range(EVERY)), make_trap("weather")]
    run, _ = _evaluate(cases)
    again = [question for question, _ in assistant.asked][len(cases) :]
    assert again == ["What about core-0?", "What about weather?"]
    assert (run.checks[0].measured, run.checks[0].held) == (2, 2)


def test_an_answer_that_differs_when_asked_again_fails_the_run(install: Install) -> None:
    asked: list[str] = []

    def wavering(question: str) -> Answer:
        asked.append(question)
        return _sound(question).model_copy(update={"confidence": 0.1 + len(asked) / 100})

    install(wavering)
    run, _ = _evaluate(BOTH)
    assert run.exit_code == 1
    assert [gate.name for gate in run.gates if not gate.passed] == ["repeats"]


@pytest.mark.parametrize(
    ("case", "other"),
    [(make_case("a"), "unanswerable"), (make_trap("a"), "answerable")],
)
def test_cases_of_one_kind_alone_are_refused(install: Install, case: Case, other: str) -> None:
    [assistant] = install(_sound)
    with pytest.raises(DatasetError) as caught:
        _evaluate([case.at("set.yaml:4")])
    assert caught.value.message.startswith("set.yaml:4: all cases are ")
    assert caught.value.remedy.startswith(f"Add {other} ones")
    assert assistant.asked == []
    assert assistant.closed


def test_cases_of_which_the_index_can_be_asked_one_kind_alone_are_refused(
    install: Install,
) -> None:
    install(_sound)
    gone = [{"document_id": "gone", "quote": "x"}]
    nugget = make_case().nuggets[0].model_dump() | {"evidence": gone}
    elsewhere = make_case("elsewhere", gold=gone, nuggets=[nugget])
    with pytest.raises(DatasetError, match="all cases are unanswerable"):
        _evaluate([elsewhere, make_trap()])


def test_an_index_of_which_nothing_can_be_asked_is_named(install: Install) -> None:
    install(_sound)
    with pytest.raises(DatasetError, match="No case can be asked of this index"):
        _evaluate([])


def test_products_stand_side_by_side_and_the_first_is_judged(install: Install) -> None:
    def misquoting(question: str) -> Answer:
        moved = make_citation("Keep the core").model_copy(update={"start": 1, "end": 14})
        return make_answer("Keep the core. [1]", [moved])

    assistants = install(_sound, misquoting)
    subjects = variants(Settings(), ["half:embedding_dtype=bfloat16"])
    run, timings = evaluate(subjects, BOTH, TerminalProgress(), 5.0)
    assert run.exit_code == 0
    assert [product.name for product in run.products] == ["as set", "half"]
    assert [timing.product for timing in timings.products] == ["as set", "half"]
    settings = [product.fingerprint.settings["embedding_dtype"] for product in run.products]
    assert settings == ["float32", "bfloat16"]
    assert [case.blame for case in run.products[1].cases] == ["citing", "citing"]
    assert all(assistant.closed for assistant in assistants)


def test_a_run_is_compared_with_its_baseline(install: Install) -> None:
    install(_sound, _sound, _sound)
    before = _evaluate(BOTH)[0].products[0]
    run, _ = _evaluate(BOTH, before)
    assert run.comparison
    assert (run.comparison.verdict, run.exit_code) == ("no change", 0)
    other, _ = _evaluate([make_case("coach"), BOTH[1]], before)
    assert other.comparison
    assert (other.comparison.verdict, other.exit_code) == ("not comparable", 2)


class _Interrupted(BaseException):
    """As Ctrl-C."""


def _broken_off(out: Path) -> None:
    """A run that is interrupted after its first case."""

    @contextmanager
    def interrupting(*_: object) -> Iterator[Callable[[int], None]]:
        def advance(_: int) -> None:
            raise _Interrupted

        yield advance

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TerminalProgress, "step", interrupting)
        with pytest.raises(_Interrupted):
            _evaluate(BOTH, out=out)


def test_a_run_that_was_broken_off_begins_anew_when_the_code_has_changed(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second = install(_sound, _sound)
    _broken_off(tmp_path)
    monkeypatch.setattr("evals.evaluate._code", lambda: "another")
    _evaluate(BOTH, out=tmp_path)
    assert [question for question, _ in second.asked][:2] == [
        "What about core?", "What about weather?",
    ]  # fmt: skip


def test_a_run_that_was_broken_off_goes_on_and_leaves_nothing_behind(
    install: Install, tmp_path: Path
) -> None:
    first, second = install(_sound, _sound)
    _broken_off(tmp_path)
    assert len(first.asked) == 1
    assert first.closed
    _evaluate(BOTH, out=tmp_path)
    # Of the first case the answer was kept: it is asked only to see that it repeats.
    assert [question for question, _ in second.asked] == ["What about weather?", "What about core?"]
    assert {path.name for path in tmp_path.iterdir()} == {"qrels.txt", "run.txt"}


def test_with_checks_dev_cases_are_asked_in_other_ways_and_beside_another_document(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[list[str]] = []

    def build(settings: Settings, _: object, folders: Sequence[Path]) -> None:
        built.append([file.name for folder in folders for file in folder.iterdir()])

    index, library = tmp_path / "index", tmp_path / "library"
    index.mkdir()
    library.mkdir()
    (library / "note.md").write_text("# A note\n", "utf-8")
    monkeypatch.setattr(ScriptedAssistant, "index_folder", index)
    monkeypatch.setattr("evals.evaluate.folders_to_read", lambda _: (library,))
    monkeypatch.setattr("evals.evaluate.build", build)
    assistants = install(_sound, _sound)
    cases = [*BOTH, make_case("hidden", split="test")]
    run, _ = evaluate({"as set": Settings()}, cases, TerminalProgress(), 5.0, with_checks=True)
    names = [check.name for check in run.checks]
    assert (names[0], len(names)) == ("repeats", len(set(names)))
    assert {
        "same_when_mistyped",
        "follow_ups_are_answered",
        "same_with_an_irrelevant_document",
    } <= set(names)
    assert built == [["note.md", "fishing.md"]]
    again = [question for question, _ in assistants[0].asked][len(cases) :]
    assert "WHAT ABOUT CORE?" in again
    assert not any("hidden" in question.lower() for question in again)
    assert [question for question, _ in assistants[1].asked] == [
        "What about core?", "What about weather?",
    ]  # fmt: skip
    assert all(assistant.closed for assistant in assistants)


def test_an_assistant_is_closed_whatever_happens(install: Install) -> None:
    [assistant] = install(_sound)
    with (
        pytest.raises(IndexDamaged),
        opened(Settings(), TerminalProgress()),
    ):
        raise IndexDamaged("It is broken.", "Build it again.")
    assert assistant.closed


# --- variants


def test_a_variant_differs_in_the_settings_that_it_names(tmp_path: Path) -> None:
    settings = Settings(index=tmp_path / "one", engine="extractive")
    found = variants(settings, [f"a:index={tmp_path},embedding_model=small", "b:engine=extractive"])
    assert list(found) == ["as set", "a", "b"]
    assert found["as set"] == found["b"] == settings
    assert (found["a"].index, found["a"].embedding_model) == (tmp_path, "small")


@pytest.mark.parametrize(
    "text", ["", "a", "a:", "a:engine", "a:engine=", ":engine=extractive", "as set:engine=x"]
)
def test_what_is_no_variant_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no variant"):
        variants(Settings(), [text])


@pytest.mark.parametrize(
    ("text", "fault"), [("a:colour=red", "colour"), ("a:engine=guessing", "engine")]
)
def test_a_setting_that_is_not_one_is_named(text: str, fault: str) -> None:
    with pytest.raises(UsageError, match=f"'{text}': {fault}: "):
        variants(Settings(), [text])


def test_a_name_stands_for_one_variant() -> None:
    with pytest.raises(UsageError, match="each name once"):
        variants(Settings(), ["a:engine=extractive", "a:engine=extractive"])
