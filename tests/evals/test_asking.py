"""Asking: in order, each within its deadline, and on from where a run was broken off."""

import threading
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import QuestionError, UsageError
from assistant.records import Answer
from evals.asking import Helper, Journal, Reply, ask_cases, left_behind
from tests.evals.make import ScriptedAssistant, make_answer, make_case, make_citation, make_trap

CASES = [make_case("core"), make_case("coach"), make_case("half")]


def _script(question: str) -> Answer:
    return make_answer(f"On {question}", [make_citation("Keep the core as it is.")])


def _ask(assistant: ScriptedAssistant, journal: Journal | None = None) -> list[Reply]:
    return ask_cases(assistant, CASES, 5.0, lambda _: None, journal)


def test_every_case_is_asked_in_order_with_its_history() -> None:
    assistant = ScriptedAssistant(_script)
    steps: list[int] = []
    cases = [make_case("core", history=("What is it?",)), make_case("coach")]
    replies = ask_cases(assistant, cases, 5.0, steps.append)
    assert [reply.id for reply in replies] == ["core", "coach"]
    assert assistant.asked == [
        ("What about core?", ("What is it?",)), ("What about coach?", ()),
    ]  # fmt: skip
    assert [r.answer.text for r in replies if r.answer] == [
        "On What about core?", "On What about coach?",
    ]  # fmt: skip
    assert [p.document_id for p in replies[0].passages] == ["other", "guide"]
    assert all(reply.error is None and reply.seconds >= 0 for reply in replies)
    assert steps == [1, 1]


def test_nothing_is_searched_for_a_question_that_no_document_answers() -> None:
    [reply] = ask_cases(ScriptedAssistant(_script), [make_trap()], 5.0, lambda _: None)
    assert reply.answer
    assert reply.passages == ()


def test_what_the_product_says_that_it_cannot_do_is_an_error_in_its_words() -> None:
    def script(question: str) -> Answer:
        raise QuestionError("The question is empty.", "Ask something.")

    replies = _ask(ScriptedAssistant(script))
    assert [reply.error for reply in replies] == ["The question is empty. Ask something."] * 3
    assert all(reply.answer is None and reply.passages == () for reply in replies)


def test_a_fault_of_the_product_is_an_error_and_the_next_case_is_asked() -> None:
    def script(question: str) -> Answer:
        if "core" in question:
            raise ZeroDivisionError("division by zero")
        return _script(question)

    first, second, third = _ask(ScriptedAssistant(script))
    assert (first.answer, first.error) == (None, "ZeroDivisionError: division by zero")
    assert second.answer
    assert third.answer


def test_an_answer_that_never_returns_is_left_behind_at_its_deadline() -> None:
    never = threading.Event()

    def script(question: str) -> Answer:
        if "coach" in question:
            never.wait()
        return _script(question)

    replies = ask_cases(ScriptedAssistant(script), CASES, 0.2, lambda _: None)
    assert left_behind()
    never.set()
    assert [reply.error for reply in replies] == [
        None, "timeout: no answer within 0.2 seconds", None,
    ]  # fmt: skip


def test_nothing_is_left_behind_where_all_answers_came() -> None:
    before = set(threading.enumerate())
    _ask(ScriptedAssistant(_script))
    assert set(threading.enumerate()) <= before


def test_a_late_answer_is_not_taken_for_the_next_one() -> None:
    late = threading.Event()
    with Helper() as helper:
        with pytest.raises(TimeoutError):
            helper.call(lambda: late.wait() and "late", 0.05)
        late.set()
        assert helper.call(lambda: "own", 5.0) == "own"


def _kept(path: Path, key: str = "key") -> set[str]:
    with closing(Journal(path, key)) as journal:
        return set(journal.replies)


class _Interrupted(BaseException):
    """As Ctrl-C."""


def test_a_run_that_was_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out" / "unfinished.jsonl"
    journal = Journal(path, "key")
    steps = 0

    def interrupt(_: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise _Interrupted

    with pytest.raises(_Interrupted):
        ask_cases(ScriptedAssistant(_script), CASES, 5.0, interrupt, journal)
    journal.close()

    again, journal = ScriptedAssistant(_script), Journal(path, "key")
    replies = _ask(again, journal)
    assert [question for question, _ in again.asked] == ["What about half?"]
    whole = _ask(ScriptedAssistant(_script))
    assert [r.model_copy(update={"seconds": 0}) for r in replies] == [
        r.model_copy(update={"seconds": 0}) for r in whole
    ]
    journal.done()
    assert not path.exists()


def test_a_run_of_other_questions_or_documents_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "unfinished.jsonl"
    journal = Journal(path, "key")
    _ask(ScriptedAssistant(_script), journal)
    journal.close()
    assert _kept(path) == {"core", "coach", "half"}
    assert _kept(path, "another key") == set()


def test_a_line_that_was_cut_off_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "unfinished.jsonl"
    journal = Journal(path, "key")
    _ask(ScriptedAssistant(_script), journal)
    journal.close()
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")
    journal = Journal(path, "key")
    assert journal.replies.keys() == {"core", "coach"}
    _ask(ScriptedAssistant(_script), journal)
    journal.close()
    assert _kept(path) == {"core", "coach", "half"}


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(UsageError, match="file is no folder to write to"):
        Journal(tmp_path / "file" / "unfinished.jsonl", "key")
