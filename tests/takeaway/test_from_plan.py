from datetime import date, time
from itertools import pairwise

from assistant.records import Claim
from assistant.takeaway.from_plan import plan_paper, series_paper
from assistant.takeaway.paper import (
    Heading,
    Layout,
    Paper,
    Paragraph,
    Table,
    fitted,
    referred,
    runs_in,
)
from tests.coaching.sample import QUOTES, sample_brief, sample_plan, sample_series


def headings(paper: Paper, level: int = 1) -> list[str]:
    found = (block for block in paper.blocks if isinstance(block, Heading))
    return [block.text for block in found if block.level == level]


def tables(paper: Paper) -> dict[str, Table]:
    return {block.name: block for block in paper.blocks if isinstance(block, Table)}


def said(paper: Paper) -> str:
    return "\n".join(run.text for run in runs_in(paper.blocks))


def test_a_plan_is_in_the_order_in_which_a_coach_reads_it() -> None:
    assert headings(plan_paper(sample_plan(changes=("Shorter by 30 minutes.",)))) == [
        "Purpose", "Objectives", "Preparation", "Agenda", "Step by step", "Discussion prompts",
        "Key ideas from the guidance", "Readiness check", "Risks", "Decisions log",
        "Follow-up actions", "Feedback", "Accessibility", "Sources", "Notices", "What changed",
    ]  # fmt: skip


def test_every_item_has_its_section_with_its_times() -> None:
    found = headings(plan_paper(sample_plan()), 2)
    assert found[3] == "Item 4: Five whys (0:35 to 1:05, 30 minutes)"
    assert len(found) == 7


def test_times_are_those_of_the_day_if_one_is_set() -> None:
    plan = sample_plan(brief=sample_brief(day=date(2026, 12, 3), at=time(14)))
    assert tables(plan_paper(plan))["Agenda"].rows[1][0][0].text == "14:10 to 14:25"


def test_an_owner_who_is_to_be_chosen_is_a_blank() -> None:
    rows = tables(plan_paper(sample_plan()))["Agenda"].rows
    assert [row[3][0].blank for row in rows[:2]] == [False, True]


def test_the_online_variant_is_there_only_where_somebody_is_online() -> None:
    assert "breakout rooms" not in said(plan_paper(sample_plan()))
    for mode in ("online", "hybrid"):
        assert "breakout rooms" in said(plan_paper(sample_plan(brief=sample_brief(mode=mode))))


def test_objectives_name_their_product_and_the_item_that_makes_it() -> None:
    assert "What shows it: A cause to test (agenda item 4, “Five whys”)" in said(
        plan_paper(sample_plan())
    )


def test_prompts_on_equity_and_failure_are_marked() -> None:
    text = said(plan_paper(sample_plan()))
    assert "Whose voice is missing here? (equity and voice)" in text
    assert "What would make this fail? (what could fail)" in text


def test_readiness_is_marked_in_words_with_room_for_evidence() -> None:
    row = tables(plan_paper(sample_plan()))["Readiness check"].rows[0]
    assert row[1][0].text == "yes / partly / not yet"
    assert row[2][0].blank


def test_decisions_and_further_actions_have_empty_rows() -> None:
    found = tables(plan_paper(sample_plan()))
    assert all(cell[0].blank for row in found["Decisions log"].rows for cell in row)
    action, *empty = found["Follow-up actions"].rows
    assert [cell[0].blank for cell in action] == [False, False, False, True, True]
    assert len(empty) == 2


def test_ideas_are_quotes_with_their_numbers() -> None:
    paper = plan_paper(sample_plan())
    quotes = [block for block in paper.blocks if isinstance(block, Paragraph) and block.quote]
    assert [quote.runs[0].text for quote in quotes] == [f"“{quote}”" for quote in QUOTES]
    assert referred(paper) == [1, 2]


def test_an_idea_that_is_not_supported_is_no_quote_and_says_why() -> None:
    idea = Claim(text="It works.", support="unsupported", citations=(), reason="nobody says so.")
    paper = plan_paper(sample_plan(ideas=(idea,)))
    assert "“It works.”" not in said(paper)
    assert "(Not supported: nobody says so.)" in said(paper)


def test_the_numbers_of_a_series_go_on_from_plan_to_plan() -> None:
    paper = series_paper(sample_series())
    assert [note.number for note in paper.notes] == list(range(1, 7)) == referred(paper)
    assert headings(paper)[1] == (
        "Session 1, Month 1: Exploration: agree what the need in reading is"
    )
    assert headings(paper)[-1] == "Sources"


def test_headings_skip_no_level() -> None:
    for paper in (plan_paper(sample_plan()), series_paper(sample_series())):
        levels = [0] + [block.level for block in paper.blocks if isinstance(block, Heading)]
        assert all(now <= before + 1 for before, now in pairwise(levels))


def test_in_large_print_no_table_has_more_than_three_columns() -> None:
    paper = plan_paper(sample_plan())
    blocks = list(fitted(paper.blocks, Layout(large=True)))
    assert {len(block.header) for block in blocks if isinstance(block, Table)} == {2}
    assert [run.text for run in runs_in(blocks) if run.text == "A cause to test"] == [
        run.text for run in runs_in(paper.blocks) if run.text == "A cause to test"
    ]
    for table in tables(paper).values():
        for row in table.rows:
            for cell in row:
                assert all(run in list(runs_in(blocks)) for run in cell)
