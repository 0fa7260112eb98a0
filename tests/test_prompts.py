import hashlib
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from assistant.models.language import FailureKind
from assistant.prompts import Boundary, PromptError, fill, has_cue, read_boundaries, read_frames
from assistant.resources import shipped_prompts

FRAMES: dict[str, Any] = {
    "from_source": "Out of $title:",
    "senses": "$term in senses:",
    "says": "By $title:",
    "senses_relate": "Meanings.",
    "side": "$side:",
    "views_differ": "They differ.",
    "vague": "What first?",
    "clarify_vague": "Which is nearest?",
    "kept": "You told: $told.",
    "read_as": "Read: $words",
    "figure_not_found": "Not $figure.",
    "follow_up": "What of $section in $title?",
    "nearest": "Near:",
    "missing_terms": "No word on $terms.",
    "missing": "No passage.",
    "refer_to": "Ask $who.",
    "declined": {
        "not_covered": "No.",
        "out_of_scope": "Outside.",
        "language": "English.",
        "local_fact": "Yours.",
        "needs_professional": "Theirs.",
        "instruction": "Told.",
    },
    "written": "By $model.",
    "left_out": "Left out: $count",
    "marked": "Marked: $count",
    "not_supported": "(No: $why)",
    "doubt": dict.fromkeys(
        "amount unit date name people duty quantity contrary cause condition not_offered".split(),
        "Not $word.",
    )
    | {"denial": "Denied.", "words": "Other.", "uncited": "None.", "opinion": "Doubted."},
    "quoted_instead": "Quoted, as $why ($model)",
    "failed": dict.fromkeys((*get_args(FailureKind), "language", "garbage", "unsupported"), "No."),
    "corpus_changed": "$count files changed.",
}


@pytest.fixture
def frames_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the frame lines are read from in a test."""
    monkeypatch.setattr("assistant.prompts.shipped_prompts", lambda: tmp_path)
    return tmp_path / "frames.yaml"


def error_with(path: Path, **changes: object) -> PromptError:
    path.write_text(yaml.safe_dump(FRAMES | changes), "utf-8")
    with pytest.raises(PromptError) as caught:
        read_frames()
    return caught.value


def test_the_shipped_lines_can_be_read_and_are_known_by_their_bytes() -> None:
    frames, fingerprint = read_frames()
    data = (shipped_prompts() / "frames.yaml").read_bytes()
    assert fingerprint == hashlib.sha256(data).hexdigest()[:12]
    assert frames.model_dump() == yaml.safe_load(data)


def test_the_shipped_lines_are_filled() -> None:
    frames, _ = read_frames()
    assert "A plan" in fill(frames.from_source, title="A plan")
    assert "zebra" in fill(frames.missing_terms, terms="zebra")
    assert "17" in fill(frames.corpus_changed, count="17")
    assert "spread" in fill(frames.senses, term="spread")
    assert "A plan" in fill(frames.says, title="A plan")
    assert "FRAME" in fill(frames.side, side="FRAME")
    assert "stage: full" in fill(frames.kept, told="stage: full")
    assert "fidelity" in fill(frames.read_as, words="fidelity")
    assert "95%" in fill(frames.figure_not_found, figure="95%")
    asked = fill(frames.follow_up, title="A plan", section="Who starts")
    assert "A plan" in asked
    assert "Who starts" in asked
    assert asked.endswith("?")


def test_the_shipped_lines_for_a_vague_question_ask_one_thing() -> None:
    frames, _ = read_frames()
    assert frames.clarify_vague.count("?") == 1
    assert frames.clarify_vague.endswith("?")
    assert frames.vague.endswith("?")


def test_lines_of_another_file_have_another_fingerprint(frames_file: Path) -> None:
    frames_file.write_text(yaml.safe_dump(FRAMES), "utf-8")
    frames, first = read_frames()
    assert frames.declined.out_of_scope == "Outside."
    frames_file.write_text(yaml.safe_dump(FRAMES | {"nearest": "Nearby:"}), "utf-8")
    assert read_frames()[1] != first


def test_a_line_is_filled_with_its_variables() -> None:
    assert fill("From $title, $$5 for ${count}.", title="A $plan", count="2") == (
        "From A $plan, $5 for 2."
    )


def test_a_missing_file_is_an_error(frames_file: Path) -> None:
    with pytest.raises(PromptError) as caught:
        read_frames()
    assert caught.value.message.startswith(f"{frames_file} cannot be used: ")
    assert caught.value.remedy == "Correct or restore it."


@pytest.mark.parametrize("data", [b"", b"- a\n", b"nearest: [", b"nearest: caf\xe9\n", b"words"])
def test_a_broken_file_is_an_error(data: bytes, frames_file: Path) -> None:
    frames_file.write_bytes(data)
    with pytest.raises(PromptError) as caught:
        read_frames()
    assert caught.value.message.startswith(f"{frames_file} cannot be used: ")
    assert "\n" not in caught.value.message


def test_a_missing_line_is_named(frames_file: Path) -> None:
    frames_file.write_text(
        yaml.safe_dump({name: line for name, line in FRAMES.items() if name != "nearest"}), "utf-8"
    )
    with pytest.raises(PromptError, match="nearest Field required"):
        read_frames()


def test_an_unknown_line_is_named(frames_file: Path) -> None:
    assert "farthest" in error_with(frames_file, farthest="Far:").message


def test_a_missing_reason_to_decline_is_named(frames_file: Path) -> None:
    error = error_with(frames_file, declined={"not_covered": "No.", "language": "English."})
    assert "declined.out_of_scope Field required" in error.message


def test_a_line_that_lacks_its_variable_is_an_error(frames_file: Path) -> None:
    error = error_with(frames_file, from_source="Out of something:")
    assert error.message == f"{frames_file}: the line 'from_source' has or lacks $title."
    assert error.remedy == "Its variables are: title."


def test_a_line_needs_all_of_its_variables(frames_file: Path) -> None:
    error = error_with(frames_file, follow_up="What does $title say?")
    assert error.message == f"{frames_file}: the line 'follow_up' has or lacks $section."
    assert error.remedy == "Its variables are: section, title."


def test_a_line_with_an_unknown_variable_is_an_error(frames_file: Path) -> None:
    error = error_with(frames_file, nearest="Near $place and $time:")
    assert error.message == f"{frames_file}: the line 'nearest' has or lacks $place, $time."
    assert error.remedy == "Its variables are: none."


def test_a_line_with_a_lone_dollar_sign_is_an_error(frames_file: Path) -> None:
    assert "the line 'missing'" in error_with(frames_file, missing="It costs $5.").message


def test_a_reason_to_decline_with_an_unknown_variable_is_an_error(frames_file: Path) -> None:
    error = error_with(frames_file, declined=FRAMES["declined"] | {"language": "In $language."})
    assert "$language" in error.message


@pytest.mark.parametrize(
    ("text", "cue", "has"),
    [
        ("We have no time.", "no time", True), ("NO TIME", "no time", True),
        ("it fits", "fit", True), ("benefit", "fit", False),
        ("our lead has left", "lead + left", True),
        ("our lead is here", "lead + left", False), ("she left the lead", "lead + left", True),
        ("stop-list", "stop-list", True), ("", "fit", False), ("(fit)", "fit", True),
    ],
)  # fmt: skip
def test_a_cue_begins_a_word_and_a_plus_needs_both(text: str, cue: str, has: bool) -> None:
    assert has_cue(text, cue) is has


def boundary(*cues: str) -> Boundary:
    return Boundary(reason="instruction", cues=cues)


def test_a_cue_is_found_from_the_beginning_of_a_word_in_any_case() -> None:
    assert boundary("suicid").covers("She speaks of SUICIDE.")
    assert not boundary("sue").covers("What is the issue?")


def test_a_cue_of_two_parts_needs_both_in_any_order() -> None:
    both = boundary("contract + clause")
    assert both.covers("Is there a clause in the contract?")
    assert not both.covers("Who signs the contract?")


def test_the_shipped_boundaries_say_whom_to_ask() -> None:
    for group in read_boundaries():
        assert (group.refer_to is not None) == (group.reason == "needs_professional")


@pytest.mark.parametrize(
    "text", ["", "- reason: because\n  cues: [a]", "- reason: instruction\n  cues: []", "a: ["]
)
def test_broken_boundaries_are_named(frames_file: Path, text: str) -> None:
    path = frames_file.parent / "boundaries.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(PromptError, match=r"boundaries\.yaml cannot be used"):
        read_boundaries()


def test_missing_boundaries_are_named(frames_file: Path) -> None:
    with pytest.raises(PromptError, match=r"boundaries\.yaml cannot be used"):
        read_boundaries()
