import subprocess
import sys
from datetime import date
from typing import Any, get_args

import pytest

from assistant.takeaway.errors import TakeawayError
from assistant.takeaway.export import MEDIA_TYPES, Format, TakenAway, take_away
from tests.coaching.sample import sample_brief, sample_plan, sample_series
from tests.takeaway.sample import quoted_answer, strange_plan


@pytest.mark.parametrize(
    ("what", "form", "name"),
    [
        (quoted_answer(), "pdf", "answer-are-we-ready.pdf"),
        ([quoted_answer()], "md", "answer-are-we-ready.md"),
        ([quoted_answer()] * 2, "docx", "answers-are-we-ready.docx"),
        (quoted_answer(question="中文?"), "md", "answer.md"),
        (
            sample_plan(title="Agree / decide", brief=sample_brief(day=date(2026, 12, 3))),
            "pptx",
            "session-plan-agree-decide-2026-12-03.pptx",
        ),
        (
            sample_series(),
            "txt",
            "email-session-series-three-sessions-over-a-year-a-primary-school.txt",
        ),
    ],
)
def test_a_file_is_named_for_what_is_in_it(what: Any, form: Format, name: str) -> None:
    taken = take_away(what, form)
    assert (taken.name, taken.media_type) == (name, MEDIA_TYPES[form])
    assert isinstance(taken, TakenAway)
    assert taken.data


def test_every_format_has_its_type() -> None:
    assert set(MEDIA_TYPES) == set(get_args(Format))


def test_any_title_gives_a_name_that_every_system_takes() -> None:
    name = take_away(strange_plan(), "md").name
    assert name.isascii()
    assert len(name) < 100
    assert not set(name) & set('<>:"/\\|?* ')


@pytest.mark.parametrize("form", ["pptx", "ics"])
def test_an_answer_is_neither_slides_nor_a_calendar(form: Format) -> None:
    with pytest.raises(TakeawayError, match="Prepare a session first"):
        take_away(quoted_answer(), form)
    with pytest.raises(TakeawayError, match="Prepare a session first"):
        take_away([quoted_answer()] * 2, form)


def test_without_an_answer_there_is_nothing_to_take_away() -> None:
    with pytest.raises(TakeawayError, match="no answer"):
        take_away([], "md")


def test_an_unknown_format_is_named_with_those_that_there_are() -> None:
    form: Any = "odt"
    with pytest.raises(TakeawayError, match="docx, pdf, md"):
        take_away(sample_plan(), form)


def test_nothing_heavy_is_loaded_before_it_is_wanted() -> None:
    code = (
        "import sys, assistant.takeaway.export\n"
        "print([name for name in ('docx', 'pptx', 'typst', 'icalendar') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
