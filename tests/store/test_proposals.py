"""Proposed cases: what is carried over of feedback, and what tells who asked."""

import errno
import json
import stat
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.records import Answer
from assistant.store.proposals import ExportRefused, propose, without_names, write_new
from assistant.store.records import Feedback, Verdict
from tests.store.events import at
from tests.store.replied import answered


def thinks(
    verdict: Verdict = "wrong_evidence",
    said: Answer | str | None = None,
    comment: str = "",
    day: int = 0,
) -> Feedback:
    """Feedback on an answer, or on another reply with that JSON."""
    said = said or answered()
    return Feedback(
        id=f"feedback-{day}", verdict=verdict, comment=comment,
        created=at(0) + timedelta(days=day),
        asked=said.question if isinstance(said, Answer) else "What stays?",
        said=said.model_dump_json() if isinstance(said, Answer) else said,
    )  # fmt: skip


def cases_of(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(text)
    return found


def notes_of(text: str) -> str:
    """The comments after the head, each line joined to what it goes on from."""
    lines = text.split("\n\n", 1)[1].splitlines()
    comments = [line.removeprefix("#") for line in lines if line.startswith("#")]
    return "".join(f"\n{one}" if not one.startswith("  ") else one[2:] for one in comments)


def test_wrong_evidence_becomes_a_proposed_case_with_what_was_said() -> None:
    proposed = propose([thinks(comment="That is about something else.")])
    (case,) = cases_of(proposed.text)
    assert case == {
        "id": "feedback-296c3d17d1cb", "question": "What stays?", "answerable": False,
        "unanswerable_class": "no_document", "tags": ["proposed", "wrong-evidence"],
        "split": "dev", "source": "feedback of 2026-03-02",
        "labelled_by": "nobody yet, the class is a placeholder",
    }  # fmt: skip
    assert notes_of(proposed.text).splitlines() == [
        "",
        " wrong-evidence, 2026-03-02: answered",
        " cited: guide, The core, characters 10 to 33 of abababababab: “Keep the core as it is.”",
        " the reader: That is about something else.",
    ]
    assert (proposed.cases, proposed.left_out) == (1, 0)


def test_missing_guidance_tells_why_there_was_no_answer_and_what_was_nearest() -> None:
    proposed = propose([thinks("missing_guidance", answered(declined=True))])
    (case,) = cases_of(proposed.text)
    assert case["tags"] == ["proposed", "missing-guidance"]
    assert "missing-guidance, 2026-03-02: declined (not_covered)\n" in notes_of(proposed.text)
    assert "nearest: guide, The core, characters 10 to 33" in notes_of(proposed.text)
    assert "cited" not in notes_of(proposed.text)
    assert "the reader:" not in notes_of(proposed.text)


def test_a_question_that_leans_on_another_tells_how_it_was_understood() -> None:
    proposed = propose([thinks(said=answered("And Mrs Smith?", resolved="What of Mrs Smith?"))])
    assert "understood as: What of [name]?" in notes_of(proposed.text)
    assert "understood" not in notes_of(propose([thinks(said=answered("A b?", "a  B"))]).text)


@pytest.mark.parametrize("verdict", ["helpful", "not_helpful"])
def test_other_verdicts_propose_nothing(verdict: Verdict) -> None:
    proposed = propose([thinks(verdict)])
    assert (proposed.text, proposed.cases, proposed.left_out) == ("", 0, 0)


@pytest.mark.parametrize("said", ["", "{}", "[]", "no JSON", '{"agenda": []}', "null"])
def test_what_is_no_answer_is_left_out_and_counted(said: str) -> None:
    one = thinks().model_copy(update={"said": said})
    proposed = propose([one, one.model_copy(update={"said": None}), thinks(), thinks("helpful")])
    assert (proposed.cases, proposed.left_out) == (1, 2)


def test_a_question_without_anything_that_can_be_read_is_left_out() -> None:
    proposed = propose([thinks(said=answered(" \n\u200b"))])
    assert (proposed.text, proposed.left_out) == ("", 1)


def test_an_answer_of_another_version_is_carried_over_all_the_same() -> None:
    said = answered().model_dump(mode="json") | {"mood": "glad"}
    del said["engine"]
    one = thinks().model_copy(update={"said": yaml.safe_dump(said)})
    assert propose([one]).left_out == 1
    one = thinks().model_copy(update={"said": json.dumps(said)})
    assert propose([one]).cases == 1


def test_what_is_said_of_the_same_question_stands_in_one_case() -> None:
    proposed = propose(
        [
            thinks("wrong_evidence", answered("What stays?"), "First."),
            thinks("wrong_evidence", answered("What goes?"), day=1),
            thinks("missing_guidance", answered("what  STAYS"), "Second.", day=2),
        ]
    )
    stays, goes = cases_of(proposed.text)
    assert (stays["question"], goes["question"]) == ("What stays?", "What goes?")
    assert stays["tags"] == ["proposed", "wrong-evidence", "missing-guidance"]
    before = proposed.text[: proposed.text.index(stays["id"])]
    assert "the reader: First." in before
    assert "the reader: Second." in before
    assert proposed.cases == 2


def test_the_id_of_a_case_stays_whatever_is_exported_beside_it() -> None:
    def ids(*feedback: Feedback) -> list[str]:
        return [case["id"] for case in cases_of(propose(feedback).text)]

    alone = ids(thinks(day=5, comment="Other."))
    assert ids(thinks(said=answered("What goes?")), thinks())[1:] == alone
    assert ids(thinks(said=answered("Ask Dr Ann"))) == ids(thinks(said=answered("Ask Dr Bob")))
    assert len(alone[0]) == len("feedback-") + 12


def test_the_head_says_how_many_there_are_and_to_read_them() -> None:
    head = propose([thinks(), thinks(said=answered("What goes?"))]).text.split("\n\n", 1)[0]
    assert head.startswith("# 2 proposed cases")
    assert "Read each before use" in head


@given(st.text(min_size=1), st.text(), st.text())
def test_whatever_is_said_the_file_can_be_read(asked: str, comment: str, quote: str) -> None:
    (one,) = answered().citations
    cited = one.model_copy(update={"quote": quote, "section": quote, "document_id": quote})
    said = answered(f"Why {asked}").model_copy(update={"citations": (cited,)})
    (case,) = cases_of(propose([thinks(said=said, comment=comment)]).text)
    assert case["question"].startswith("Why")
    assert case["labelled_by"].startswith("nobody")


@pytest.mark.parametrize(
    "comment", ["a\n- id: b", "a\r- id: b", "a\x85- id: b", "a\u2028- id: b", "a\x0b\x0c\0- id: b"]
)
def test_a_comment_cannot_add_a_case(comment: str) -> None:
    assert len(cases_of(propose([thinks(comment=comment)]).text)) == 1


def test_a_word_that_is_longer_than_a_line_is_left_whole() -> None:
    assert f" {'x' * 200}" in propose([thinks(comment=f"See {'x' * 200}")]).text


# --- names


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Ask ann.b+c@school.example, or ann@x.org.", "Ask [e-mail], or [e-mail]."),
        ("See https://x.org/a?b=c. And www.x.org!", "See [link]. And [link]!"),
        ("It is on school.example/staff/ann now", "It is on [link] now"),
        ("+44 (0)20-7946-0018 or 020 7946 0018", "[phone] or [phone]"),
        ("Ring (555) 010-0199, please", "Ring [phone], please"),
        ("Is Mrs Smith's class ready?", "Is [name]'s class ready?"),
        ("Dr. J.K. van der Berg says. We go", "[name] says. We go"),
        ("Mr and Mrs O'Neill-Żak come", "[name] come"),
        ("ask dr smith", "ask [name]"),
        ("Prof Anna de la Cruz, Miss 王, Ms. Ann", "[name], [name], [name]"),
        ("I'm Anna and I coach", "I'm [name] and I coach"),
        ("I am Dr Ömer", "I am [name]"),
        ("My name is ömer", "My name is [name]"),
    ],
)
def test_what_tells_who_it_is_about_is_replaced(text: str, without: str) -> None:
    assert without_names(text) == without


@pytest.mark.parametrize(
    "text",
    [
        "",
        "What are the four stages of NIRN, 2003-2012?",
        "Is it true that 140 trials gave 4.3 points for 1,200 to 3,400 pupils?",
        "We miss Tuesdays. I am a coach, I am NOT new, and I'm tired",
        "What do and/or and 3:1 mean? e.g. Usable Innovation",
        "Does the Education Endowment Foundation use MS Teams?",
    ],
)
def test_what_tells_of_nobody_is_left_alone(text: str) -> None:
    assert without_names(text) == text


@pytest.mark.parametrize("text", ["Anna asks", "our school, St Mary", "x.org", "555 0123"])
def test_what_is_known_not_to_be_caught_is_still_so(text: str) -> None:
    assert without_names(text) == text


@given(st.text(), st.text())
def test_an_address_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    text = f"{before} ann.lee@school.example {after} +44 20 7946 0018 {before} Mrs Quill"
    without = without_names(text)
    assert "ann.lee@" not in without
    assert "7946" not in without
    assert "Quill" not in without


def test_a_long_text_is_read_in_no_time() -> None:
    began = time.process_time()
    for part in ("a", "1", "1 ", "a.", "a-", "Mr ", "I am A", "@", "https://", "é.", "( "):
        without_names(part * (20_000 // len(part)))
    assert time.process_time() - began < 5


def test_question_comment_and_notes_are_without_names_and_sources_as_they_were() -> None:
    (one,) = answered().citations
    cited = one.model_copy(update={"quote": "Ask Dr Deming."})
    said = answered("Does Mrs Smith know?").model_copy(update={"citations": (cited,)})
    text = propose([thinks(said=said, comment="Ask ann@x.org")]).text
    assert "Smith" not in text
    assert "ann@x.org" not in text
    assert "“Ask Dr Deming.”" in text


# --- the file


def test_a_new_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    write_new(tmp_path / "new.yaml", "é\n")
    assert (tmp_path / "new.yaml").read_bytes() == "é\n".encode()
    assert stat.S_IMODE((tmp_path / "new.yaml").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("my work")
    with pytest.raises(ExportRefused, match=r"mine\.yaml is there already"):
        write_new(tmp_path / "mine.yaml", "new")
    assert (tmp_path / "mine.yaml").read_text() == "my work"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportRefused, match=r"new\.yaml cannot be written"):
        write_new(tmp_path / "none" / "new.yaml", "new")


def test_of_a_file_that_breaks_off_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left")

    monkeypatch.setattr(Path, "write_text", breaks)
    with pytest.raises(ExportRefused, match="No space left"):
        write_new(tmp_path / "new.yaml", "new")
    assert list(tmp_path.iterdir()) == []
