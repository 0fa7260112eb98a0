"""The coaching data as it is read: what a coach edits works, and what is wrong is named."""

from pathlib import Path
from string import Template
from typing import Any

import pytest

from assistant.coaching.bank import WORDS, CoachingDataError, lines_of, read_bank, speaking
from assistant.coaching.data import Range
from assistant.coaching.plan import make_plan
from assistant.records import Stage
from assistant.resources import shipped_coaching
from tests.coaching.coached import (
    FILES,
    INDEX,
    activities_of,
    bank,
    brief,
    coaching,
    copy_of_the_data,
    edit,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_data(tmp_path)


def refused(folder: Path) -> CoachingDataError:
    with pytest.raises(CoachingDataError) as caught:
        read_bank(folder)
    return caught.value


def test_a_copy_of_the_folder_gives_the_same_data_and_the_same_fingerprint(folder: Path) -> None:
    assert read_bank(folder) == bank()


def test_the_fingerprint_is_of_the_bytes_and_changes_with_a_comment(folder: Path) -> None:
    before = read_bank(folder).fingerprint
    path = folder / "topics.yaml"
    path.write_text(f"{path.read_text('utf-8')}\n# Seen in May.\n", "utf-8")
    after = read_bank(folder).fingerprint
    assert before != after
    assert len(after) == 12


def test_what_a_coach_writes_into_a_copy_is_in_the_next_plan(folder: Path) -> None:
    def only_mine(activities: list[dict[str, Any]]) -> list[dict[str, Any]]:
        mine = activities[0] | {
            "id": "walk-round-the-yard", "title": "Walk round the yard", "stages": list(Stage),
            "minutes": {"least": 10, "usual": 20, "most": 60}, "size": {"least": 2, "most": 60},
            "modes": ["room"],
        }  # fmt: skip
        return [mine]

    edit(folder, "activities", lambda data: [_plain(one) for one in only_mine(data)])
    made = make_plan(coaching(data=read_bank(folder)), brief(minutes=60), INDEX)
    assert activities_of(made) == ["walk-round-the-yard"]


def _plain(activity: dict[str, Any]) -> dict[str, Any]:
    return activity | {"stages": [str(stage) for stage in activity["stages"]]}


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / f"{name}.yaml").unlink()
    error = refused(folder)
    assert f"{name}.yaml cannot be read" in error.message
    assert error.remedy == "Restore the file."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *((name, "just words") for name in FILES),
        *(("activities", text) for text in ("", "{a: 1}", "[1, 2]", "a: {b", "- - -", "\t- x")),
    ],
)
def test_a_file_of_something_else_is_named(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    assert f"{name}.yaml cannot be used" in refused(folder).message


def test_a_file_that_is_no_utf_8_is_named(folder: Path) -> None:
    (folder / "prompts.yaml").write_bytes(b"- text: \xff\xfe\x00")
    assert "prompts.yaml cannot be used" in refused(folder).message


def _set(*way: str | int, to: Any) -> Any:
    def change(data: Any) -> None:
        for step in way[:-1]:
            data = data[step]
        data[way[-1]] = to

    return change


@pytest.mark.parametrize(
    ("name", "change", "field"),
    [
        ("activities", _set(0, "minutes", "least", to=0), "0.minutes.least"),
        ("activities", _set(0, "minutes", "usual", to=1), "0.minutes"),
        ("activities", _set(0, "minutes", "most", to=1), "0.minutes"),
        ("activities", _set(0, "size", "least", to=1), "sizes go from 2 to 60"),
        ("activities", _set(0, "size", "most", to=61), "sizes go from 2 to 60"),
        ("activities", _set(0, "stages", to=[]), "0.stages"),
        ("activities", _set(0, "stages", to=["someday"]), "0.stages.0"),
        ("activities", _set(0, "modes", to=["by post"]), "0.modes.0"),
        ("activities", _set(0, "topics", to=[]), "0.topics"),
        ("activities", _set(0, "id", to="Five Whys"), "0.id"),
        ("activities", _set(0, "aim", to="  "), "0.aim"),
        ("activities", _set(0, "output", to="x" * 401), "0.output"),
        ("activities", _set(0, "doing", to="often"), "0.doing"),
        ("activities", _set(0, "steps", to=[{"share": 1, "do": "Sit."}]), "0.steps"),
        ("activities", _set(0, "steps", 0, "share", to=0), "0.steps.0.share"),
        ("activities", _set(0, "colour", to="red"), "0.colour"),
        ("activities", _set(0, "online", to=None), "0.online"),
        ("prompts", _set(0, "about", to="blame"), "0.about"),
        ("prompts", _set(3, "stages", to=["exploration", "never"]), "3.stages.1"),
        ("readiness", _set("items", to=[]), "items"),
        ("readiness", _set("note", to=""), "note"),
        ("stages", _set("exploration", "topics", to=["need"]), "exploration.topics"),
        ("stages", _set("full", "risks", to=[]), "full.risks"),
        ("topics", _set("need", "cues", to=[]), "need.cues"),
        ("shapes", _set("minutes", 60, "welcome", to=9), "the parts of 60 minutes take 61"),
        ("shapes", _set("feedback", to=["Well?"]), "feedback"),
        ("sectors", _set("health", "leader", to=""), "health.leader"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_field(
    folder: Path, name: str, change: Any, field: str
) -> None:
    edit(folder, name, change)
    error = refused(folder)
    assert f"{name}.yaml cannot be used: " in error.message
    assert field in error.message
    assert error.remedy == "Correct it."


def test_all_that_is_wrong_in_a_file_is_said_at_once(folder: Path) -> None:
    def twice(data: Any) -> None:
        data[0]["aim"] = ""
        data[2]["doing"] = "often"

    edit(folder, "activities", twice)
    message = refused(folder).message
    assert "0.aim" in message
    assert "2.doing" in message


def test_an_activity_needs_two_minutes_for_each_of_its_steps(folder: Path) -> None:
    def hurry(data: Any) -> None:
        data[0]["minutes"] = {"least": 2, "usual": 10, "most": 20}

    edit(folder, "activities", hurry)
    assert "steps need at least" in refused(folder).message


def test_an_activity_that_stands_there_twice_is_named(folder: Path) -> None:
    edit(folder, "activities", lambda data: [*data, data[0]])
    assert f"the activity {bank().activities[0].id} stands there twice" in refused(folder).message


def test_a_prompt_that_stands_there_twice_is_named(folder: Path) -> None:
    edit(folder, "prompts", lambda data: [*data, data[5]])
    error = refused(folder)
    assert bank().prompts[5].text in error.message
    assert "twice" in error.message


@pytest.mark.parametrize("name", ["activities", "prompts"])
def test_a_topic_that_nobody_describes_is_named(folder: Path, name: str) -> None:
    edit(folder, name, _set(0, "topics", to=["astrology"]))
    assert "no topic 'astrology' is described" in refused(folder).message


def test_a_topic_of_a_stage_that_nobody_describes_is_named(folder: Path) -> None:
    edit(folder, "stages", _set("full", "topics", to=["astrology", "data"]))
    assert "no topic 'astrology' is described" in refused(folder).message


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("activities", (0, "steps", 0, "do")), ("activities", (0, "materials", 0)),
        ("prompts", (0, "text")), ("readiness", ("items", 0, "if_low")),
        ("stages", ("full", "bring", 0)), ("shapes", ("coach", 0)),
        ("shapes", ("parts", "story", "aim")),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("line", "named"), [("Ask $parents first.", "parents"), ("It costs 5 $ each.", "$")]
)
def test_a_word_that_no_sector_has_is_named(
    folder: Path, name: str, way: tuple[str | int, ...], line: str, named: str
) -> None:
    edit(folder, name, _set(*way, to=line))
    message = refused(folder).message
    assert f"{name}.yaml cannot be used" in message
    assert named in message
    assert line in message


def test_a_stage_without_data_is_named(folder: Path) -> None:
    edit(folder, "stages", lambda data: {n: d for n, d in data.items() if n != "scaling"})
    assert "stages are missing: scaling" in refused(folder).message


def test_a_part_without_words_is_named(folder: Path) -> None:
    edit(folder, "shapes", lambda data: data["parts"].pop("decide") and None)
    assert "no words for the parts: decide" in refused(folder).message


def test_a_stage_without_a_series_is_refused(folder: Path) -> None:
    edit(folder, "shapes", lambda data: data["series"].pop("full") and None)
    assert "a series is needed for every stage" in refused(folder).message


def test_a_sector_that_is_missing_is_named(folder: Path) -> None:
    edit(folder, "sectors", lambda data: data.pop("health") and None)
    message = refused(folder).message
    assert "sectors.yaml" in message
    assert "health" in message


def test_data_that_would_run_code_are_refused(folder: Path) -> None:
    (folder / "topics.yaml").write_text("need: !!python/object/apply:os.getcwd []", "utf-8")
    assert "topics.yaml cannot be used" in refused(folder).message


def test_a_range_holds_both_of_its_ends() -> None:
    some = Range(least=2, most=5)
    assert [n for n in range(8) if n in some] == [2, 3, 4, 5]


def test_every_sector_has_words_for_every_line() -> None:
    for words in bank().sectors.values():
        speak = speaking(words)
        for line in lines_of([bank().activities, bank().prompts, bank().stages]):
            assert "$" not in speak(line)


@pytest.mark.parametrize(
    ("sector", "setting", "place", "leader"),
    [
        ("education", "primary school", "school", "headteacher"),
        ("education", "a day nursery", "nursery", "nursery manager"),
        ("health", "Ward", "ward", "ward manager"),
        ("health", "GP practice ", "practice", "practice manager"),
        ("health", "maternity unit", "service", "service manager"),
        ("social-care", "our care home", "care home", "care home manager"),
        ("public-services", "central library", "library", "library manager"),
    ],
)
def test_a_kind_of_place_has_words_of_its_own(
    sector: Any, setting: str, place: str, leader: str
) -> None:
    speak = speaking(bank().sectors[sector], setting)
    assert speak("$place and $leader") == f"{place} and {leader}"


def test_the_words_of_the_sectors_are_those_that_lines_may_use() -> None:
    words = {
        name
        for line in lines_of([bank().activities, bank().prompts, bank().stages, bank().readiness])
        for name in Template(line).get_identifiers()
    }
    assert words <= WORDS
    assert shipped_coaching().is_dir()
