from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistant.errors import CorpusError, DocumentRefused
from assistant.library.notes import FrontMatter, Reference, read_references, split_front_matter
from assistant.records import Stage

NOTE = Path("notes/plan.md")


def refusal(text: str) -> DocumentRefused:
    with pytest.raises(DocumentRefused) as caught:
        split_front_matter(text, NOTE)
    return caught.value


def test_front_matter_is_read_and_parted_from_the_text() -> None:
    front, body = split_front_matter(
        "---\nid: plan\ntitle: A plan\nkind: tool\nstages: [initial, full]\ntopics: [teams]\n"
        "sectors: [health]\nreferences: [lane-2019]\nreviewed: 2026-05-04\nyear: 2020\n"
        "licence: CC-BY-4.0\npublisher: Us\ngroup: teams\nurl: https://example.org/plan\n"
        "---\n\nAsk first.\n---\n",
        NOTE,
    )
    assert front == FrontMatter(
        id="plan",
        title="A plan",
        group="teams",
        kind="tool",
        stages=(Stage.INITIAL, Stage.FULL),
        topics=("teams",),
        sectors=("health",),
        references=("lane-2019",),
        reviewed=date(2026, 5, 4),
        licence="CC-BY-4.0",
        publisher="Us",
        year=2020,
        url="https://example.org/plan",
    )
    assert body == "\nAsk first.\n---\n"


def test_only_a_title_is_needed() -> None:
    front, body = split_front_matter("---\ntitle: A plan\n---", NOTE)
    assert front == FrontMatter(title="A plan")
    assert body == ""


@pytest.mark.parametrize("text", ["", "Ask first.", "\n---\ntitle: A plan\n---\n", "----\n"])
def test_a_text_without_front_matter_stays_whole(text: str) -> None:
    assert split_front_matter(text, NOTE) == (None, text)


def test_an_unknown_field_is_named_with_those_allowed() -> None:
    error = refusal("---\ntitle: A plan\nautor: Lane\n---\nAsk.")
    assert error.message == "notes/plan.md: front matter: field 'autor' is not known."
    assert error.remedy == (
        "The fields are: title, author, publisher, year, url, id, stages, topics, sectors, "
        "questions, group, kind, senses, conflicts_with, evidence, references, reviewed, licence."
    )


def test_a_missing_title_is_named() -> None:
    error = refusal("---\nid: plan\n---\nAsk.")
    assert error.message == "notes/plan.md: front matter: field 'title': Field required."


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("title: ''", "title"),
        ("kind: essay", "kind"),
        ("stages: [launch]", "stages.0"),
        ("stages: initial", "stages"),
        ("topics: [teams, weather]", "topics.1"),
        ("sectors: [mining]", "sectors.0"),
        ("id: My Plan", "id"),
        ("year: 1066", "year"),
        ("year: soon", "year"),
        ("reviewed: last week", "reviewed"),
        ("url: javascript:alert(1)", "url"),
        ("url: https://exa mple.org", "url"),
    ],
)
def test_a_bad_value_is_named_by_its_field(line: str, name: str) -> None:
    title = "" if name == "title" else "title: A plan\n"
    error = refusal(f"---\n{title}{line}\n---\nAsk.")
    assert error.message.startswith(f"notes/plan.md: front matter: field '{name}': ")


def test_a_bad_choice_is_told_the_good_ones() -> None:
    error = refusal("---\ntitle: A plan\nsectors: [mining]\n---\nAsk.")
    for sector in ("education", "health", "social-care", "public-services"):
        assert sector in error.message


def with_questions(*questions: object) -> str:
    return f"---\n{yaml.safe_dump({'title': 'A plan', 'questions': list(questions)})}---\nAsk."


def test_questions_are_read_in_their_order_and_may_stand_without_quotes() -> None:
    front, _ = split_front_matter(
        "---\ntitle: A plan\nquestions:\n  - Who leads?\n"
        '  - "We have started: what now? And who pays?"\n---\nAsk.',
        NOTE,
    )
    assert front is not None
    assert front.questions == ("Who leads?", "We have started: what now? And who pays?")


@pytest.mark.parametrize("line", ["", "questions: []\n"])
def test_a_note_need_not_name_questions(line: str) -> None:
    front, _ = split_front_matter(f"---\ntitle: A plan\n{line}---\nAsk.", NOTE)
    assert front is not None
    assert front.questions == ()


@pytest.mark.parametrize(
    "question",
    [
        "",
        "?",
        "Who leads",
        "Who leads? Tell us.",
        "Who leads?\n",
        "Who\nleads?",
        "\nWho leads?",
        " Who leads?",
        "Who leads? ",
        2024,
        None,
        ["Who leads?"],
    ],
)
def test_what_is_no_question_of_one_line_is_named_by_its_place(question: object) -> None:
    error = refusal(with_questions("Who leads?", question))
    assert error.message.startswith("notes/plan.md: front matter: field 'questions.1")


@pytest.mark.parametrize("line", ["questions: Who leads?", "questions:", "questions: {who: leads}"])
def test_questions_that_are_no_list_are_refused(line: str) -> None:
    error = refusal(f"---\ntitle: A plan\n{line}\n---\nAsk.")
    assert error.message.startswith("notes/plan.md: front matter: field 'questions': ")


@pytest.mark.parametrize("letter", ["w", "é", "實"])
def test_a_question_has_at_most_400_characters(letter: str) -> None:
    longest = letter * 399 + "?"
    front, _ = split_front_matter(with_questions(longest), NOTE)
    assert front is not None
    assert front.questions == (longest,)
    assert "'questions.0'" in refusal(with_questions(letter + longest)).message


def test_every_bad_question_is_named_at_once() -> None:
    message = refusal(with_questions("Who leads", "Who pays?", "How long")).message
    assert "'questions.0'" in message
    assert "'questions.1'" not in message
    assert "'questions.2'" in message


@given(st.text(max_size=450))
def test_any_text_is_a_question_of_one_line_or_refused(question: str) -> None:
    try:
        front = FrontMatter(title="A plan", questions=(question,))
    except ValidationError:
        return
    assert front.questions == (question,)
    assert question.endswith("?")
    assert "\n" not in question
    assert question[0] not in " \t"
    assert 2 <= len(question) <= 400


def test_all_faults_are_named_at_once() -> None:
    error = refusal("---\nautor: Lane\nyear: soon\n---\nAsk.")
    for fault in ("'autor' is not known", "'year'", "'title'"):
        assert fault in error.message


def test_an_unclosed_fence_is_refused() -> None:
    error = refusal("---\ntitle: A plan\n\nAsk first.\n")
    assert error.message == (
        "notes/plan.md: the front matter that the first line opens is never closed."
    )
    assert error.remedy == "Add a line --- below its last field."


@pytest.mark.parametrize("front", ["- a\n- b\n", "just words\n", "", "# a remark\n"])
def test_front_matter_that_is_no_mapping_is_refused(front: str) -> None:
    error = refusal(f"---\n{front}---\nAsk.")
    assert error.message == "notes/plan.md: the front matter is not a list of fields."


@pytest.mark.parametrize("front", ["title: [one\n", "title: A: B\n", "title: !!python/name:os x\n"])
def test_invalid_yaml_is_refused(front: str) -> None:
    error = refusal(f"---\n{front}---\nAsk.")
    assert error.message.startswith("notes/plan.md: the front matter is not valid YAML: ")
    assert "\n" not in error.message


def test_a_date_that_does_not_exist_is_refused() -> None:
    error = refusal("---\ntitle: A plan\nreviewed: 2026-02-30\n---\nAsk.")
    assert error.message.startswith("notes/plan.md: ")


def test_an_unclosed_fence_with_a_space_behind_it_is_refused() -> None:
    assert "never closed" in refusal("--- \ntitle: A plan\n\nAsk first.\n").message


def test_a_reference_reads_like_a_short_citation() -> None:
    work = Reference(authors="Lane P", year=2019, title="A plan", container="A journal")
    assert str(work) == "Lane P (2019). A plan. A journal."


def test_a_reference_names_its_doi_before_its_address() -> None:
    work = Reference(
        authors="Lane P", title="A plan", container="A site", doi="10.1/x", url="https://e.org"
    )
    assert str(work) == "Lane P (no date). A plan. A site. doi:10.1/x"
    assert str(work.model_copy(update={"doi": None})) == (
        "Lane P (no date). A plan. A site. https://e.org"
    )


RECORD = "lane-2019:\n  authors: Lane P\n  year: 2019\n  title: A plan\n  container: A journal\n"
LANE = Reference(authors="Lane P", year=2019, title="A plan", container="A journal")


def test_references_are_read_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "references.yaml").write_text(RECORD, "utf-8")
    assert read_references(tmp_path) == {"lane-2019": LANE}


def test_references_are_read_from_the_folder_above(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "references.yaml").write_text(RECORD, "utf-8")
    assert read_references(tmp_path / "notes") == {"lane-2019": LANE}


def test_references_in_the_folder_win_over_those_above(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "references.yaml").write_text("broken: [", "utf-8")
    (tmp_path / "notes" / "references.yaml").write_text(RECORD, "utf-8")
    assert list(read_references(tmp_path / "notes")) == ["lane-2019"]


def test_no_references_are_an_empty_dictionary(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    assert read_references(tmp_path / "notes") == {}


def test_an_empty_references_file_is_an_empty_dictionary(tmp_path: Path) -> None:
    (tmp_path / "references.yaml").write_text("# none yet\n", "utf-8")
    assert read_references(tmp_path) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"lane: [",
        b"- a list\n",
        b"lane-2019: words\n",
        b"lane-2019:\n  authors: Lane P\n",
        RECORD.encode() + b"  pages: 3\n",
        b"caf\xe9: {}\n",
    ],
)
def test_a_broken_references_file_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "references.yaml"
    path.write_bytes(content)
    with pytest.raises(CorpusError) as caught:
        read_references(tmp_path)
    assert caught.value.message.startswith(f"{path}: ")
    assert "\n" not in caught.value.message
