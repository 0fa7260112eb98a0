"""The product's own words in a plan, and what is refused of them."""

import shutil
from pathlib import Path
from string import Template
from typing import Any, get_args

import pytest
import yaml

from assistant.coaching.lines import read_lines
from assistant.plans import Mode
from assistant.prompts import PromptError
from assistant.resources import shipped_prompts


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The prompts in a folder of their own, from which lines are read."""
    copied = Path(shutil.copytree(shipped_prompts(), tmp_path / "prompts"))
    monkeypatch.setattr("assistant.prompts.shipped_prompts", lambda: copied)
    return copied


def edit(folder: Path, change: Any) -> None:
    path = folder / "coaching.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))
    change(data)
    path.write_text(yaml.safe_dump(data), "utf-8")


def refused() -> PromptError:
    with pytest.raises(PromptError) as caught:
        read_lines()
    assert "coaching.yaml" in caught.value.message
    return caught.value


def test_the_shipped_lines_can_be_used() -> None:
    lines = read_lines()
    assert len(lines.fingerprint) == 12
    assert set(lines.mode_names) == set(get_args(Mode))


def test_a_line_can_be_worded_anew(folder: Path) -> None:
    before = read_lines().fingerprint
    edit(folder, lambda data: data.update(title="$purpose ($stage)"))
    assert read_lines().title == "$purpose ($stage)"
    assert read_lines().fingerprint != before


@pytest.mark.parametrize(
    ("name", "line"),
    [("title", "$stage: $topic"), ("title", "$stage"), ("works_on", "Work."), ("tired", "$size")],
)
def test_a_line_with_other_variables_is_refused_by_its_name(
    folder: Path, name: str, line: str
) -> None:
    edit(folder, lambda data: data.update({name: line}))
    assert f"'{name}'" in refused().message


def test_a_line_within_a_group_is_refused_by_its_name(folder: Path) -> None:
    edit(folder, lambda data: data["changed"].update(minutes="Length: $new."))
    assert "'changed.minutes'" in refused().message


@pytest.mark.parametrize("group", [None, "assumed", "changed"])
def test_a_line_that_is_missing_or_unknown_is_refused(folder: Path, group: str | None) -> None:
    def spare(data: Any) -> None:
        (data[group] if group else data)["spare"] = "A line."

    edit(folder, spare)
    assert "spare" in refused().message


def test_a_missing_mode_is_refused(folder: Path) -> None:
    edit(folder, lambda data: data["mode_names"].update(post="by post"))
    assert "mode_names" in refused().message


@pytest.mark.parametrize("text", ["", "just words", "[1]", "a: {b"])
def test_a_file_of_something_else_is_refused(folder: Path, text: str) -> None:
    (folder / "coaching.yaml").write_text(text, "utf-8")
    refused()


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "coaching.yaml").unlink()
    refused()


def test_lines_end_as_sentences_do_and_leave_no_dollar_alone() -> None:
    lines = read_lines()
    pieces = (lines.assumed.minutes, lines.assumed.size, lines.assumed.mode)
    for group in (lines.assumed, lines.changed):
        for line in group.model_dump().values():
            assert Template(line).is_valid()
            assert line.endswith((".", "$change")) or line in pieces
