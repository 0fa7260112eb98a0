"""The README's first screen is what a reader will get."""

import re
from pathlib import Path

from assistant.app import Assistant
from assistant.render import answer_as_text

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def test_the_opening_question_has_the_answer_that_is_printed(library: Assistant) -> None:
    block = README.split("```")[1]
    asked = re.search(r'\$ assistant ask "(.+)"\n', block)
    assert asked
    printed = block[asked.end() : block.index("Sources")]
    shown = answer_as_text(library.ask(asked[1]))
    assert printed.split() == shown[: shown.index("\n\nSources\n")].split()


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) < 150
    for target in re.findall(r"\]\(([^)]+)\)", README):
        assert (Path(__file__).parents[1] / target).exists()


def test_the_two_commands_are_targets_of_make() -> None:
    makefile = (Path(__file__).parents[1] / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE)
