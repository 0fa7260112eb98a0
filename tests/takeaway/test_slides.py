from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn

from assistant.takeaway.paper import Layout
from tests.coaching.sample import QUOTES, sample_brief, sample_citation, sample_plan, sample_series
from tests.takeaway.sample import strange_plan, taken


def opened(data: bytes) -> Any:
    return Presentation(BytesIO(data))


def slides(what: Any, layout: Layout | None = None) -> list[Any]:
    return list(opened(taken(what, "pptx", layout or Layout())).slides)


def titles(what: Any) -> list[str]:
    return [slide.shapes.title.text for slide in slides(what)]


def notes(slide: Any) -> str:
    return slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""


def words(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_every_slide_has_one_idea_and_a_title() -> None:
    assert titles(sample_plan()) == [
        "Exploration: agree what the need in reading is", "Why we are here",
        "By the end we will have", "Agenda", "Welcome, aim and last actions",
        "Look at the data and a story", "Where are we? Yes / partly / not yet",
        "An idea from the guidance", "From the guidance", "From the guidance", "Five whys",
        "Break and spare time", "Decide", "Our decisions", "Actions and check-out",
        "Our actions", "Before we go", "Sources",
    ]  # fmt: skip


def test_the_notes_of_an_item_have_its_times_steps_and_prompts() -> None:
    found = {slide.shapes.title.text: notes(slide) for slide in slides(sample_plan())}
    assert "Time: 0:35 to 1:05, 30 minutes" in found["Five whys"]
    assert "1. Ask why, and write down the answer. (29 min)" in found["Five whys"]
    assert "Ask: Who is this for, and who says so?" in found["Five whys"]
    assert "Ask: What would make this fail? (what could fail)" in found["Decide"]
    assert "breakout" not in found["Five whys"]


def test_all_prompts_are_in_the_notes_whatever_the_agenda_holds() -> None:
    plan = sample_plan()
    only = plan.agenda[0].model_copy(update={"minutes": 90, "steps": plan.agenda[3].steps})
    plan = plan.model_copy(
        update={
            "agenda": (only,),
            "objectives": tuple(one.model_copy(update={"item": 1}) for one in plan.objectives),
        }
    )
    everything = "\n".join(map(notes, slides(plan)))
    assert all(prompt.text in everything for prompt in plan.prompts)
    shown = "\n".join(map(words, slides(plan)))
    assert all(quote in shown for quote in QUOTES)


def test_the_online_variant_is_in_the_notes_where_somebody_is_online() -> None:
    plan = sample_plan(brief=sample_brief(mode="online"))
    assert any("breakout" in notes(slide) for slide in slides(plan))


def test_quotes_have_their_numbers_and_their_places_in_the_notes() -> None:
    found = [one for one in slides(sample_plan()) if one.shapes.title.text == "From the guidance"]
    for number, (slide, quote) in enumerate(zip(found, QUOTES, strict=True), 1):
        assert f"“{quote}”" in words(slide)
        assert f"[{number}] Why explore first?" in words(slide)
        assert "section “What goes wrong?”" in notes(slide)


def test_the_last_slide_lists_the_sources_with_links() -> None:
    cited = tuple(
        sample_citation(n, quote).model_copy(update={"url": "https://example.org"})
        for n, quote in enumerate(QUOTES, 1)
    )
    last = slides(sample_plan(citations=cited))[-1]
    assert "[1] Why explore first? (1) (Implementation Assistant library, 2026)" in words(last)
    links = [
        run.hyperlink.address
        for one in last.placeholders[1].text_frame.paragraphs
        for run in one.runs
    ]
    assert links == ["https://example.org"] * 2


def test_tables_have_a_header_row_and_say_what_they_are_for() -> None:
    frames = [shape for one in slides(sample_plan()) for shape in one.shapes if shape.has_table]
    assert len(frames) == 2
    for frame in frames:
        assert frame.table.first_row
        assert "A table to fill in" in frame._element.nvGraphicFramePr.cNvPr.get("descr")
    assert [cell.text for cell in frames[1].table.rows[0].cells] == ["Action", "Owner", "Done by"]


def test_all_text_is_marked_as_british_english() -> None:
    data = taken(sample_plan(), "pptx")
    with ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.startswith(("ppt/slides/slide", "ppt/notesSlides/")) and name.endswith(".xml"):
                text = archive.read(name).decode()
                assert text.count("<a:r>") <= text.count('lang="en-GB"'), name
                assert "en-US" not in text
    about = opened(data).core_properties
    assert (about.title, about.language, about.author) == (sample_plan().title, "en-GB", "")


def test_slides_are_numbered_and_wide() -> None:
    show = opened(taken(sample_plan(), "pptx"))
    assert round(show.slide_width / show.slide_height, 2) == 1.78
    for slide in show.slides:
        (number,) = slide._element.iter(qn("a:fld"))
        assert number.get("type") == "slidenum"


@pytest.mark.parametrize("large", [False, True])
def test_no_slide_holds_more_than_fits(large: bool) -> None:
    many = tuple(sample_plan().readiness) * 12
    plan = strange_plan().model_copy(update={"readiness": many, "purpose": "long words " * 150})
    for slide in slides(plan, Layout(large=large)):
        text = slide.placeholders[1].text_frame.text if len(slide.placeholders) > 2 else ""
        lines = sum(1 + len(line) // (48 if large else 62) for line in text.split("\n"))
        assert lines <= (9 if large else 11), text


def test_a_list_that_is_too_long_goes_on_with_all_of_its_lines() -> None:
    many = tuple(
        one.model_copy(update={"text": f"Statement {n} is about what the team can say today."})
        for n, one in enumerate(sample_plan().readiness * 10)
    )
    found = slides(sample_plan(readiness=many))
    shown = "\n".join(map(words, found))
    assert all(one.text in shown for one in many)
    assert any(slide.shapes.title.text.endswith("(2 of 3)") for slide in found)


def test_a_series_has_the_slides_of_all_sessions_and_one_list_of_sources() -> None:
    found = titles(sample_series())
    assert found[1] == "The sessions"
    assert found.count("Five whys") == 3
    assert found.count("Sources") == 1
    everything = "\n".join(map(words, slides(sample_series())))
    assert all(f"[{n}]" in everything for n in range(1, 7))


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert taken(sample_plan(), "pptx") == taken(sample_plan(), "pptx")


def test_strange_text_does_no_harm() -> None:
    assert "שלום" in "\n".join(map(words, slides(strange_plan())))
