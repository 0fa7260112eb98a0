"""The words of the chat are all there, and none is left over."""

import ast
import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import Any, get_args

import pytest
from pydantic import ValidationError

import assistant.chat.strings
from assistant.chat.pages import State
from assistant.chat.strings import Strings, read_strings
from assistant.models.language import ModelChoice, choose_model
from assistant.store.records import Verdict
from assistant.takeaway.export import Format

CHAT = Path(assistant.chat.strings.__file__).parent
STRINGS = read_strings()
PUBLIC = CHAT / "app" / "public"
OURS = ("chat.js", "take.js", "judge.js")
SCRIPT = "\n".join((PUBLIC / name).read_text("utf-8") for name in OURS)
TEMPLATES = "\n".join(path.read_text("utf-8") for path in (CHAT / "templates").iterdir())


def page_names() -> set[str]:
    """The words that our script and the templates take from `page`."""
    in_script = set(re.findall(r"\bwords\.(\w+)", SCRIPT))
    return in_script | set(re.findall(r"\bstrings\.page\.(\w+)", TEMPLATES))


def pages_names() -> set[str]:
    """The words that the templates and our modules take from `pages`."""
    names = set(re.findall(r"\bstrings\.pages\.(\w+)", TEMPLATES))
    if "strings.pages[state]" in TEMPLATES:
        names |= set(get_args(State)) - {"current"}
    for module in CHAT.rglob("*.py"):
        names |= set(_named_in(ast.parse(module.read_text("utf-8"))))
    return names


def names_in(group: str) -> set[str]:
    """The words that the templates and our modules take from one of the smaller groups."""
    found = set(re.findall(rf"\bstrings\.{group}\.(\w+)", TEMPLATES))
    for module in CHAT.rglob("*.py"):
        code = module.read_text("utf-8")
        found |= set(re.findall(rf"\bstrings\.{group}\.(\w+)", code))
        taken = f"words = pages.strings.{group}\n", f"words: {group.capitalize()}Strings\n"
        if any(line in code for line in taken):
            found |= set(re.findall(r"\bwords\.(\w+)", code))
    return found


def _named_in(code: ast.AST) -> Iterator[str]:
    for node in ast.walk(code):
        if isinstance(node, ast.Subscript) and _name_of(node.value) == "pages":
            taken: list[ast.expr] = [node.slice]
        elif isinstance(node, ast.Call) and _name_of(node.func) == "_message":
            taken = node.args
        else:
            continue
        for one in taken:
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
                yield one.value


def _name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def leaves(words: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(words, dict):
        for key, value in words.items():
            yield from leaves(value, (*path, key))
    elif isinstance(words, list | tuple):
        for number, value in enumerate(words):
            yield from leaves(value, (*path, str(number)))
    else:
        yield path, words


def theirs() -> dict[tuple[str, ...], Any]:
    """Chainlit's own words, by their path."""
    spec = find_spec("chainlit")
    assert spec
    assert spec.submodule_search_locations
    file = Path(spec.submodule_search_locations[0]) / "translations" / "en-US.json"
    return dict(leaves(json.loads(file.read_text("utf-8"))))


def test_the_page_has_every_word_that_it_takes() -> None:
    assert len(page_names()) > 10
    assert page_names() - STRINGS.page.keys() == set()


def test_the_page_has_no_word_that_nothing_takes() -> None:
    assert STRINGS.page.keys() - page_names() == set()


def test_the_pages_of_the_server_have_every_word_that_they_take() -> None:
    assert {"preparing", "loading", "no_passage", "refused_text", "cut_after"} <= pages_names()
    assert pages_names() - STRINGS.pages.keys() == set()


def test_the_pages_of_the_server_have_no_word_that_nothing_takes() -> None:
    assert STRINGS.pages.keys() - pages_names() == set()


@pytest.mark.parametrize("group", ["history", "judge", "data", "status"])
def test_around_what_is_kept_every_word_is_there_and_taken(group: str) -> None:
    assert names_in(group) == getattr(STRINGS, group).model_dump().keys() != set()


def test_what_stands_in_place_of_words_of_chainlit_has_their_keys() -> None:
    ours = dict(leaves(STRINGS.chainlit))
    assert len(ours) > 5
    assert ours.keys() - theirs().keys() == set()
    assert all(isinstance(words, str) and words for words in ours.values())


def test_what_stands_in_place_of_words_of_chainlit_fills_in_nothing_that_they_do_not() -> None:
    for path, words in leaves(STRINGS.chainlit):
        assert re.findall(r"{{.*?}}", words) == re.findall(r"{{.*?}}", theirs()[path])


def test_there_are_at_least_four_starters_each_once() -> None:
    assert len(STRINGS.starters) >= 4
    assert len(set(STRINGS.starters)) == len(STRINGS.starters)
    assert all(starter.strip() == starter and starter for starter in STRINGS.starters)


def test_no_line_is_empty_and_variables_stand_only_where_they_are_filled_in() -> None:
    lines = dict(leaves(STRINGS.model_dump(exclude={"starters"})))
    assert [path for path, line in lines.items() if not line.strip()] == []
    assert [path for path, line in lines.items() if not Template(line).is_valid()] == []
    with_variables = {
        path: identifiers
        for path, line in lines.items()
        if (identifiers := Template(line).get_identifiers())
    }
    assert with_variables.pop(("pages", "refused_text")) == ["name"]
    assert with_variables.pop(("failure", "unexpected")) == ["log"]
    assert with_variables.pop(("pages", "page")) == ["number"]
    assert with_variables.pop(("pages", "page_printed")) == ["number", "label"]
    assert with_variables.pop(("pages", "open_page")) == ["number"]
    assert with_variables.pop(("answer", "signs", "not_supported")) == ["why"]
    assert with_variables.pop(("plan", "assumed")) == ["value"]
    assert with_variables.pop(("plan", "objective")) == ["text", "item"]
    assert with_variables.pop(("plan", "entry")) == ["number", "title", "start", "end", "minutes"]
    assert with_variables.pop(("plan", "step")) == ["text", "minutes"]
    assert with_variables.pop(("plan", "session")) == ["number"]
    assert with_variables.pop(("plan", "show_session")) == ["number"]
    assert with_variables.pop(("take", "here")) == ["title"]
    assert with_variables.pop(("take", "not_possible")) == ["name", "why"]
    assert with_variables.pop(("history", "unkept")) == ["why"]
    assert with_variables.pop(("pages", "sign_in_with")) == ["host"]
    assert with_variables.pop(("pages", "no_account")) == ["name"]
    assert with_variables.pop(("pages", "sign_in_wait")) == ["minutes"]
    assert with_variables.pop(("upload", "text")) == ["most"]
    assert with_variables.pop(("upload", "too_large")) == ["most"]
    assert with_variables.pop(("upload", "added")) == ["title"]
    assert with_variables.pop(("upload", "added_for_all")) == ["title"]
    assert with_variables.pop(("data", "account")) == ["name"]
    assert with_variables.pop(("data", "days")) == ["days"]
    assert with_variables.pop(("data", "deleted")) == ["count"]
    assert with_variables.pop(("status", "since")) == ["when", "length"]
    assert with_variables.pop(("status", "days")) == ["days", "hours"]
    assert with_variables.pop(("status", "hours")) == ["hours", "minutes"]
    assert with_variables.pop(("status", "minutes")) == ["minutes"]
    assert with_variables.pop(("status", "changed")) == ["count"]
    assert with_variables.pop(("status", "fast")) == ["name"]
    assert with_variables.pop(("status", "slow")) == ["name"]
    assert with_variables.pop(("status", "seconds")) == ["seconds"]
    assert with_variables == {}


def test_who_comes_to_prepare_reads_what_a_brief_needs_and_where_it_goes() -> None:
    welcome = STRINGS.preparing.welcome
    needed = ("stage", "length", "setting", "purpose", "people", "room or online", "last time")
    assert [word for word in needed if f"**{word}**" not in welcome] == []
    assert "Type no names" in welcome
    assert len(STRINGS.preparing.starters) >= 4
    elsewhere = read_strings(ELSEWHERE).preparing.welcome
    assert "are sent to `openai-like`" in elsewhere


def test_the_page_knows_the_profile_by_its_name() -> None:
    assert STRINGS.page["preparing"] == STRINGS.preparing.name


def test_every_format_has_a_name() -> None:
    assert set(STRINGS.take.formats) == set(get_args(Format))


def test_every_verdict_has_a_name_of_its_own() -> None:
    assert set(STRINGS.judge.verdicts) == set(get_args(Verdict))
    assert len(set(STRINGS.judge.verdicts.values())) == len(get_args(Verdict))


ELSEWHERE = choose_model("openai-like:small", "https://models.example:9/v1", None)
PROVIDERS = choose_model("anthropic:small", None, None)
HERE = choose_model("ollama:small", None, None)


def test_without_a_model_nothing_is_said_of_one() -> None:
    assert "language model" not in STRINGS.model_dump_json(exclude={"answer"})
    assert "makes no sentence of its own" in STRINGS.about


@pytest.mark.parametrize(
    ("model", "line"),
    [
        (ELSEWHERE, "are sent to `openai-like` at `models.example`, where the language model"),
        (PROVIDERS, "are sent to `anthropic`, where the language model `small` runs."),
        (HERE, "The language model `small` runs on the computer of the assistant, and nothing"),
    ],
)
def test_where_questions_are_sent_is_said_before_the_first_and_in_about(
    model: ModelChoice, line: str
) -> None:
    strings = read_strings(model)
    assert line in strings.welcome
    assert line in strings.about


@pytest.mark.parametrize("model", [ELSEWHERE, PROVIDERS, HERE])
def test_with_a_model_nothing_is_said_that_holds_for_quotes_alone(model: ModelChoice) -> None:
    strings = read_strings(model)
    said = f"{strings.tagline} {strings.welcome} {strings.about}"
    assert "makes no sentence of its own: it quotes" not in said
    assert "is quoted from" not in said
    assert "of every sentence" not in said
    assert strings.chainlit["chat"]["watermark"].startswith("Written by a language model")
    assert all(sign in strings.about for sign in ("❝", "✓", "⚠"))
    assert "$" not in said
    lines = dict(leaves(strings.model_dump()))
    assert [path for path, line in lines.items() if isinstance(line, str) and not line] == []


def test_the_name_of_a_model_makes_nothing_of_the_text() -> None:
    named = choose_model("openai-like:a`b ![x](http://evil.example) $c", "http://h.example", None)
    assert "`a b ![x](http://evil.example) $c`" in read_strings(named).welcome


@pytest.mark.parametrize("change", [{"tagline": None}, {"another": "line"}, {"answer": {}}])
def test_a_file_that_lacks_a_line_or_has_another_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Strings.model_validate(STRINGS.model_dump() | change)
