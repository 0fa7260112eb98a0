import re
from datetime import date, time

from markdown_it import MarkdownIt

from assistant.chat.markdown import source_link
from assistant.chat.plan_markdown import plan_markdown, series_markdown
from assistant.chat.strings import read_strings
from assistant.plans import SessionSeries
from assistant.takeaway.labels import read_labels
from tests.coaching.sample import QUOTES, sample_brief, sample_plan, sample_series

STRINGS = read_strings().plan
LABELS = read_labels().plan
SHOWN = plan_markdown(sample_plan(), STRINGS)
_PARSER = MarkdownIt("commonmark").enable("table")


def headings(markdown: str) -> list[tuple[str, str]]:
    tokens = _PARSER.parse(markdown)
    found = [(n, token.tag) for n, token in enumerate(tokens) if token.type == "heading_open"]
    return [(tag, plain(tokens[n + 1].content)) for n, tag in found]


def plain(markdown: str) -> str:
    return re.sub(r"\\(.)", r"\1", markdown)


def tables(markdown: str) -> list[list[list[str]]]:
    """The cells of every table, as Markdown."""
    made: list[list[list[str]]] = []
    for token in _PARSER.parse(markdown):
        if token.type == "table_open":
            made.append([])
        elif token.type == "tr_open":
            made[-1].append([])
        elif token.type == "inline" and made and token.level > 2:
            made[-1][-1].append(plain(token.content))
    return made


def test_what_is_needed_first_stands_first_and_what_is_long_behind_it() -> None:
    plan = sample_plan(changes=("Length: 60 minutes before, 90 minutes now.",))
    found = headings(plan_markdown(plan, STRINGS))
    assert found[:6] == [
        ("h2", plan.title), ("h3", LABELS.changes), ("h3", LABELS.purpose),
        ("h3", LABELS.objectives), ("h3", LABELS.agenda), ("h2", STRINGS.detail),
    ]  # fmt: skip
    later = [text for tag, text in found[6:] if tag == "h3"]
    assert later == [
        LABELS.preparation, LABELS.step_by_step, LABELS.prompts, LABELS.ideas, LABELS.readiness,
        LABELS.risks, LABELS.actions, LABELS.feedback, LABELS.accessibility,
    ]  # fmt: skip


def test_the_agenda_is_a_table_with_a_row_for_each_item_and_the_minutes_together() -> None:
    agenda = tables(SHOWN)[0]
    assert agenda[0] == [STRINGS.time, STRINGS.item, STRINGS.minutes, STRINGS.output]
    assert agenda[1][:3] == ["0:00–0:10", "1. Welcome, aim and last actions", "10"]
    assert agenda[-2][:3] == ["1:22–1:30", "7. Actions and check-out", "8"]
    assert "90" in agenda[-1][2]
    assert sum(int(row[2]) for row in agenda[1:-1]) == 90


def test_the_agenda_of_a_dated_session_has_the_time_of_day() -> None:
    plan = sample_plan(brief=sample_brief(day=date(2026, 12, 3), at=time(14, 0)))
    assert tables(plan_markdown(plan, STRINGS))[0][1][0] == "14:00–14:10"


def test_every_step_of_every_item_is_there_with_its_minutes() -> None:
    plan = sample_plan()
    entries = [text for tag, text in headings(SHOWN) if tag == "h4"]
    assert len(entries) == len(plan.agenda)
    assert entries[3] == "4. Five whys (0:35 to 1:05, 30 minutes)"
    shown = plain(SHOWN)
    for item in plan.agenda:
        assert f"({item.steps[0].minutes} min)" in shown
    assert "1. Ask why, and write down the answer. (29 min)" in shown


def test_ideas_are_quotes_whose_numbers_lead_to_their_sources() -> None:
    plan = sample_plan()
    shown = plain(SHOWN)
    for citation, quote in zip(plan.citations, QUOTES, strict=True):
        assert f"“{quote}”" in shown
        assert SHOWN.count(f"]({source_link(citation)} ") == 2  # the quote, and the list of sources


def test_an_idea_that_its_source_does_not_say_is_no_quote_and_says_why() -> None:
    plan = sample_plan()
    idea = plan.ideas[0].model_copy(update={"support": "unsupported", "reason": "it says less."})
    shown = plain(plan_markdown(sample_plan(ideas=(idea,)), STRINGS))
    assert f"“{QUOTES[0]}”" not in shown
    assert "it says less." in shown


def test_a_plan_without_ideas_says_so() -> None:
    shown = plain(plan_markdown(sample_plan(ideas=(), citations=()), STRINGS))
    assert LABELS.no_ideas in shown


def test_prompts_readiness_risks_and_actions_are_there() -> None:
    plan, shown = sample_plan(), plain(SHOWN)
    for text in (
        *(one.text for one in plan.prompts), *(one.text for one in plan.readiness),
        *(one.if_low for one in plan.readiness), *(one.text for one in plan.risks),
        *(one.response for one in plan.risks), *(one.action for one in plan.actions),
        plan.readiness_note, *plan.notices, *plan.feedback, *plan.accessibility,
    ):  # fmt: skip
        assert text in shown


def test_what_was_assumed_is_said_in_a_word_and_a_guess_of_the_stage_at_once() -> None:
    brief = sample_brief(assumed=("size",), stage_cue="just started")
    plan = sample_plan(brief=brief)
    beginning = plain(plan_markdown(plan, STRINGS)).partition(STRINGS.detail)[0]
    assert "8 people (assumed)" in beginning
    assert plan.stage_evidence in beginning
    assert sample_plan().stage_evidence not in plain(SHOWN).partition(STRINGS.detail)[0]


def test_what_a_coach_wrote_is_shown_as_text() -> None:
    rude = "see [1](http://evil.example) | <b>x</b>\n# no heading :smile:"
    plan = sample_plan(purpose=rude, title=rude, notices=(rude,))
    shown = plan_markdown(plan, STRINGS)
    html = _PARSER.render(shown)
    assert "evil.example" not in re.findall(r'href="([^"]*)"', html)
    assert "<b>" not in html
    assert ("h1", "no heading") not in headings(shown)
    assert r"\:smile\:" in shown
    assert len(tables(shown)) == len(tables(SHOWN))


def test_a_series_is_a_table_that_leads_to_its_sessions() -> None:
    series = sample_series()
    shown = series_markdown(series, STRINGS)
    (table,) = tables(shown)
    assert table[0] == list(STRINGS.session_names)
    assert len(table) == 1 + len(series.sessions)
    assert table[2] == [
        "[Session 2](/?prompt=Show+session+2) Month 5",
        "**Exploration:** Agree what the need in reading is.", "90", "Five whys",
    ]  # fmt: skip
    assert STRINGS.how_to_go_on in plain(shown)


def test_what_changed_in_a_series_stands_before_its_table() -> None:
    series = sample_series().model_copy(update={"changes": ("Session 3: shorter.",)})
    shown = series_markdown(SessionSeries.model_validate(series), STRINGS)
    assert shown.index("shorter") < shown.index("| --- |")
