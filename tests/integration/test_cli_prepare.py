"""`assistant prepare` to the letter of its contract, on the real library and the real model."""

import json
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from assistant.cli import app
from assistant.plans import SessionPlan, SessionSeries

RUNNER = CliRunner()


def prepare(index: Path, *arguments: str | Path) -> Result:
    return RUNNER.invoke(app, ["prepare", "--index", str(index), *map(str, arguments)])


def error_of(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)["error"]
    return found


def test_prepare_gives_the_plan_json_with_minutes_that_add_up(library_index: Path) -> None:
    result = prepare(
        library_index, "--stage", "installation", "--minutes", "75", "--setting", "a ward",
        "--purpose", "agree who coaches whom", "--mode", "hybrid", "--size", "12", "--json",
    )  # fmt: skip
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert found["total_minutes"] == sum(item["minutes"] for item in found["agenda"]) == 75
    assert all(item["title"] for item in found["agenda"])
    assert all(found[name] for name in ("objectives", "prompts", "actions"))
    for citation in found["citations"]:
        shown = RUNNER.invoke(
            app,
            ["show", citation["document_id"], "--json", "--index", str(library_index),
             "--start", str(citation["start"]), "--end", str(citation["end"])],
        )  # fmt: skip
        assert json.loads(shown.stdout)["text"] == citation["quote"]


def test_a_brief_in_a_coachs_words_prints_a_plan_that_can_be_read(library_index: Path) -> None:
    result = prepare(
        library_index, "Plan me a 90-minute session on exploration for a primary school team."
    )
    assert result.exit_code == 0
    for part in ("# Exploration", "primary school", "1:30", "## Discussion prompts", "[1]"):
        assert part in result.stdout


def test_the_ending_of_the_file_chooses_its_format(library_index: Path, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    made = prepare(
        library_index, "--stage", "deliver", "--minutes", "45", "--setting", "a nursery",
        "--date", "2026-12-03", "--at", "14:00", "--zone", "Europe/London", "--out", saved,
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    begins = {
        "docx": b"PK", "pdf": b"%PDF", "pptx": b"PK", "md": b"# ", "txt": b"Subject",
        "ics": b"BEGIN:VCALENDAR",
    }  # fmt: skip
    for ending, first in begins.items():
        out = tmp_path / f"plan.{ending}"
        assert prepare(library_index, "--plan", saved, "--out", out).exit_code == 0
        assert out.read_bytes().startswith(first), ending
    large = tmp_path / "large.pdf"
    prepare(library_index, "--plan", saved, "--large", "--letter", "--out", large)
    assert PdfReader(large).pages[0].mediabox.width == 612
    assert len(PdfReader(large).pages) > len(PdfReader(tmp_path / "plan.pdf").pages)


def test_a_saved_plan_is_changed_in_words(library_index: Path, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    prepare(
        library_index, "--stage", "full", "--minutes", "90", "--setting", "a school",
        "--out", saved,
    )  # fmt: skip
    result = prepare(library_index, "--plan", saved, "--change", "for 45 minutes", "--json")
    new = SessionPlan.model_validate_json(result.stdout)
    assert new.total_minutes == 45
    assert new.changes[0] == "Length: 90 minutes before, 45 minutes now."


def test_a_series_is_saved_and_changed_too(library_index: Path, tmp_path: Path) -> None:
    saved = tmp_path / "series.json"
    prepare(
        library_index, "--stage", "scaling", "--minutes", "30", "--setting", "a clinic",
        "--series", "3", "--span", "a term", "--out", saved,
    )  # fmt: skip
    result = prepare(library_index, "--plan", saved, "--change", "session 2 online", "--json")
    series = SessionSeries.model_validate_json(result.stdout)
    assert [one.plan.brief.mode for one in series.sessions] == ["room", "online", "room"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--stage", "full", "--minutes", "3", "--setting", "a ward"), "20"),
        (("--stage", "full", "--minutes", "4320", "--setting", "a ward"), "series"),
        (("--stage", "marketing", "--setting", "a ward"), "exploration"),
        (("--stage", "full", "--setting", "a ward", "--size", "400"), "7 groups"),
        (("--stage", "full", "--setting", "a ward", "--mode", "zoom"), "hybrid"),
        (("--stage", "full", "--setting", "  "), "where the team works"),
        (("--stage", "full", "--setting", "a ward", "--zone", "Mars/Base"), "Europe/London"),
        (("--minutes", "60", "--setting", "a ward"), "Which stage"),
        (("--stage", "full", "--setting", "a ward", "--out", "plan.odt"), ".docx"),
        (("--stage", "full", "--setting", "a ward", "--out", "no/plan.pdf"), "folder"),
        (("--plan", "none.json", "--change", "shorter"), "none.json"),
        (("--change", "shorter"), "--plan"),
        (("--plan", "none.json", "--stage", "full"), "--change"),
    ],
)
def test_what_cannot_be_prepared_is_wrong_usage_that_says_what_can(
    library_index: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = prepare(library_index, *arguments, "--json")
    assert result.exit_code == 2
    assert says in error_of(result)["message"]


@pytest.mark.parametrize(
    ("purpose", "says"),
    [
        ("decide the warfarin dose of our patient", "pharmacist"),
        ("bake sourdough bread together", "outside"),
        ("wir wollen gemeinsam entscheiden, was wir als nächstes tun", "English"),
    ],
)
def test_a_purpose_that_no_guidance_helps_with_is_declined_with_whom_to_ask(
    library_index: Path, purpose: str, says: str
) -> None:
    result = prepare(
        library_index, "--stage", "full", "--setting", "a ward", "--purpose", purpose, "--json"
    )
    assert result.exit_code == 2
    assert says in error_of(result)["message"]


def test_a_plan_that_is_no_plan_is_left_alone(library_index: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes.json"
    notes.write_text('{"title": "Notes"}', "utf-8")
    result = prepare(library_index, "--plan", notes, "--change", "shorter", "--out", notes)
    assert result.exit_code == 2
    assert notes.read_text("utf-8") == '{"title": "Notes"}'


def test_a_calendar_without_a_day_says_how_to_name_one(library_index: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.ics"
    result = prepare(
        library_index, "--stage", "full", "--setting", "a ward", "--json", "--out", out
    )
    assert result.exit_code == 2
    assert "2026" in error_of(result)["message"]
    assert not out.exists()
