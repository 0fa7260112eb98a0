from pathlib import Path

import pytest
import yaml

from assistant.errors import CorpusError
from assistant.library.lint import (
    coverage,
    faults_of,
    is_library,
    near_duplicates,
    read_library,
    reading_ease,
)
from assistant.records import Stage
from tests.corpora import write_library, write_note


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of two notes without a fault."""
    return write_library(tmp_path / "library")


def faults(folder: Path) -> list[str]:
    return [f"{fault.where}: {fault.what}" for fault in faults_of(read_library(folder))]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_library_is_a_folder_with_a_glossary(folder: Path, tmp_path: Path) -> None:
    assert is_library(folder)
    assert not is_library(tmp_path)


def test_a_sound_library_has_no_fault(folder: Path) -> None:
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("evidence: guidance\n", "", "front matter: evidence is missing"),
        ("stages: [initial]\n", "stages: []\n", "front matter: stages is missing"),
        ("CC-BY-4.0", "CC-BY-3.0", "front matter: licence must be CC-BY-4.0"),
        ("id: alpha", "id: beta2", "front matter: id must be the file's name, alpha"),
        ("group: teams", "group: team", "front matter: group must be the folder's name, teams"),
        ("evidence:", "conflicts_with: [gamma]\nevidence:", "there is no other note gamma"),
        ("evidence:", "conflicts_with: [alpha]\nevidence:", "there is no other note alpha"),
        ("evidence:", "conflicts_with: [beta]\nevidence:", "beta does not name alpha in turn"),
        ("- Who does what in alpha?\n", "", "names 5 questions that it answers; 6 at least"),
        ("evidence:", "senses: {luck: good}\nevidence:", "senses: luck is not in the glossary"),
        ("evidence:", "senses: {spread: wide}\nevidence:", "spread has no sense wide; it has far"),
        ("evidence:", "senses: {spread: far}\nevidence:", "senses: spread is named and never used"),
    ],
)
def test_front_matter_that_is_wrong_is_named(
    folder: Path, old: str, new: str, expected: str
) -> None:
    edit(folder / "notes/teams/alpha.md", old, new)
    assert any(expected in fault for fault in faults(folder))


def test_a_contested_word_needs_its_sense_unless_the_house_has_one(folder: Path) -> None:
    note = folder / "notes/teams/alpha.md"
    edit(note, "## Who", "Programmes spread slowly, in stages.\n\n## Who")
    assert faults(folder) == ["alpha: says 'spread' and names no sense of spread"]
    edit(note, "evidence:", "senses: {spread: far}\nevidence:")
    assert faults(folder) == []


def test_several_senses_may_be_named(folder: Path) -> None:
    note = folder / "notes/teams/alpha.md"
    edit(note, "## Who", "Programmes spread slowly.\n\n## Who")
    edit(note, "evidence:", "senses: {spread: [far, deep]}\nevidence:")
    assert faults(folder) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Long " + "word " * 45 + "end.", "a sentence of 47 words: Long word"),
        ("See [the guide](https://example.org).", "has a link, a picture, a table, HTML"),
        ("| a | b |\n|---|---|\n| c | d |", "has a link, a picture, a table, HTML"),
        ("# A first heading\n\nText of it.", "a first-level heading"),
    ],
)
def test_a_text_that_breaks_the_form_is_named(folder: Path, text: str, expected: str) -> None:
    edit(folder / "notes/teams/alpha.md", "## Who", f"{text}\n\n## Who")
    assert any(expected in fault for fault in faults(folder))


def test_a_section_that_begins_with_a_pronoun_is_named(folder: Path) -> None:
    edit(folder / "notes/teams/alpha.md", "## Who", "## Why?\n\nThey matter a lot.\n\n## Who")
    assert faults(folder) == ["alpha: a section begins with a pronoun: They matter a lot."]


def test_the_department_of_it_is_no_pronoun(folder: Path) -> None:
    edit(folder / "notes/teams/alpha.md", "## Who", "## Why?\n\nIT equipment helps.\n\n## Who")
    assert faults(folder) == []


@pytest.mark.parametrize("words", [299, 901])
def test_a_note_that_is_too_short_or_too_long_is_named(folder: Path, words: int) -> None:
    write_note(folder, "teams", "gamma", words=words)
    assert faults(folder) == [f"gamma: has {words} words and not 300 to 900"]


def test_a_sentence_in_two_notes_is_named_with_both(folder: Path) -> None:
    for name in ("alpha", "beta"):
        edit(
            folder / f"notes/teams/{name}.md",
            "## Who",
            "One sentence stands in two notes.\n\n## Who",
        )
    assert faults(folder) == ["alpha, beta: share a sentence: One sentence stands in two notes."]


def test_references_without_a_record_and_records_without_a_use_are_named(folder: Path) -> None:
    path = folder / "references.yaml"
    records = yaml.safe_load(path.read_text("utf-8"))
    records["idle-2001"] = records["lane-2019"]
    path.write_text(yaml.safe_dump(records), "utf-8")
    edit(folder / "glossary.yaml", "held_by: [lane-2019]", "held_by: [nobody-1999]")
    assert faults(folder) == [
        "references.yaml: has no record nobody-1999",
        "references.yaml: idle-2001 is used by no note",
    ]


def test_a_note_that_the_glossary_names_must_be_there(folder: Path) -> None:
    edit(folder / "glossary.yaml", "note: beta", "note: delta")
    assert faults(folder) == ["glossary.yaml: spread: there is no note delta"]


def test_a_refused_file_and_one_without_front_matter_are_faults(folder: Path) -> None:
    (folder / "notes/teams/bare.md").write_text("# Bare\n\nNothing about itself here.", "utf-8")
    (folder / "notes/teams/odd.md").write_text("---\ntitle: x\nodd: 1\n---\nText here.", "utf-8")
    found = faults(folder)
    assert len(found) == 2
    assert any("field 'odd' is not known" in fault for fault in found)
    assert any("bare.md: has no front matter" in fault for fault in found)


def test_a_library_without_a_readable_glossary_is_refused(folder: Path) -> None:
    (folder / "glossary.yaml").write_text("terms: [", "utf-8")
    with pytest.raises(CorpusError, match=r"glossary\.yaml"):
        read_library(folder)


def test_notes_with_much_wording_in_common_are_reported(folder: Path) -> None:
    assert near_duplicates(read_library(folder)) == []
    front, body = (folder / "notes/teams/alpha.md").read_text("utf-8").split("## ")
    text = f"{front.replace('alpha', 'copy')}## {body.replace('team', 'group')}"
    (folder / "notes/teams/copy.md").write_text(text, "utf-8")
    (pair,) = near_duplicates(read_library(folder))
    assert pair[:2] == ("alpha", "copy")
    assert 0.3 < pair[2] <= 1


def test_coverage_counts_notes_by_topic_and_stage(folder: Path) -> None:
    cells = coverage(read_library(folder))
    assert cells["teams", Stage.INITIAL] == 2
    assert cells["cost", Stage.FULL] == 0
    assert len(cells) == 18 * 6


def test_plain_words_read_more_easily_than_long_ones(folder: Path) -> None:
    alpha, _ = read_library(folder).notes
    before = reading_ease(alpha)
    edit(
        alpha.path, "## Who", "Organisational considerations necessitate multidisciplinary"
        " deliberation regarding implementation sustainability characteristics.\n\n## Who",
    )  # fmt: skip
    after = reading_ease(read_library(folder).notes[0])
    assert after < before


def test_two_notes_do_not_claim_one_question(folder: Path) -> None:
    for name in ("alpha", "beta"):
        edit(
            folder / "notes" / "teams" / f"{name}.md",
            f"Who does what in {name}?",
            "Who leads, then?",
        )
    assert "beta: asks what alpha asks: Who leads, then?" in faults(folder)
