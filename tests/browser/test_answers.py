"""Questions and answers on the screen."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.visits import STRINGS, Chat, Visits
from tests.fakes import QUOTES, ScriptedAssistant

# What the page can be told to have no clipboard by.
NO_CLIPBOARD = "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined });"
OURS = re.compile(r"/source/a%2Fguide%20%281%29\?start=\d+&end=\d+&version=\w{16}|/\?prompt=.+")


def links_of(answer: Locator) -> list[str]:
    addresses = answer.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return [str(address) for address in addresses]


def headings_of(answer: Locator) -> list[str]:
    return answer.get_by_role("heading").all_inner_texts()


def pasted(chat: Chat) -> str:
    return str(chat.page.evaluate("() => navigator.clipboard.readText()"))


def test_an_answer_has_its_sources_and_what_to_ask_next_below(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("first one")
    assert headings_of(answer) == [STRINGS.answer.sources, STRINGS.answer.follow_ups]
    source = f"[1] {ScriptedAssistant.TITLE} (Some <publisher>, 2024)"
    assert answer.get_by_role("listitem").all_inner_texts() == [source, "What comes next?"]
    assert [link.partition("?")[0] for link in links_of(answer)] == [
        "/source/a%2Fguide%20%281%29", "/source/a%2Fguide%20%281%29", "/"
    ]  # fmt: skip


def test_a_question_that_leans_on_the_one_before_is_shown_as_understood(visits: Visits) -> None:
    chat = visits.chat()
    expect(chat.ask("first one")).not_to_contain_text(STRINGS.answer.understood_as)
    understood = f"{STRINGS.answer.understood_as} first one | second one"
    expect(chat.ask("second one").locator(".prose > div").first).to_have_text(understood)


def test_a_question_is_shown_as_it_was_typed(visits: Visits) -> None:
    chat = visits.chat()
    question = "Is *this* <b>bold</b> ![x](http://evil.example/x.png) :smile: [1] `code` ~~so~~?"
    answer = chat.ask(question)
    assert chat.questions.inner_text() == question
    expect(chat.questions.locator("b, em, strong, img, a, code")).to_have_count(0)
    chat.ask("again")
    understood = f"{STRINGS.answer.understood_as} {question} | again"
    assert chat.answers.last.locator(".prose > div").first.inner_text() == understood
    expect(answer.locator(".prose img")).to_have_count(0)


def test_an_answer_has_no_picture_and_no_link_but_ours(visits: Visits) -> None:
    chat = visits.chat()
    for question in ("many", "senses", "paint", "again", "quote brackets"):
        answer = chat.ask(question)
        expect(answer.locator(".message-content img")).to_have_count(0)
        links = links_of(answer)
        assert links, question
        assert all(OURS.fullmatch(link) for link in links), question


def test_a_question_to_ask_next_is_asked_when_it_is_pressed(visits: Visits) -> None:
    chat = visits.chat()
    chat.ask("first one").get_by_role("link", name="What comes next?").click()
    expect(chat.questions.last).to_have_text("What comes next?")
    understood = f"{STRINGS.answer.understood_as} first one | What comes next?"
    expect(chat.answer(1)).to_contain_text(understood)
    assert chat.page.context.pages == [chat.page]


# What Chainlit's page does when it begins a conversation anew, only longer.
WITHOUT_A_BOX = """
() => {
  const there = ["chat-input", "chat-submit"].map((id) => [id, document.getElementById(id)]);
  for (const [, element] of there) element.removeAttribute("id");
  window.bringBack = () => there.forEach(([id, element]) => (element.id = id));
}
"""


def test_a_question_that_cannot_be_sent_yet_is_sent_as_soon_as_it_can_be(visits: Visits) -> None:
    chat = visits.chat()
    link = chat.ask("first one").get_by_role("link", name="What comes next?")
    chat.page.evaluate(WITHOUT_A_BOX)
    link.click()
    chat.page.wait_for_timeout(2000)
    chat.page.evaluate("bringBack()")
    expect(chat.questions).to_have_count(2)
    expect(chat.questions.last).to_have_text("What comes next?")


def test_a_question_that_cannot_be_sent_yet_gives_way_to_what_the_reader_types(
    visits: Visits,
) -> None:
    chat = visits.chat()
    link = chat.ask("first one").get_by_role("link", name="What comes next?")
    chat.page.evaluate(WITHOUT_A_BOX)
    link.click()
    chat.page.get_by_role("textbox", name=STRINGS.page["question"]).press_sequentially("mine")
    chat.page.evaluate("bringBack()")
    chat.page.wait_for_timeout(500)
    expect(chat.box).to_have_value("mine")
    expect(chat.questions).to_have_count(1)


def test_a_question_to_ask_next_opens_in_a_tab_of_its_own_with_ctrl(visits: Visits) -> None:
    chat = visits.chat()
    link = chat.ask("first one").get_by_role("link", name="What comes next?")
    with chat.page.context.expect_page() as opened:
        link.click(modifiers=["Control"])
    expect(opened.value.locator("#chat-input")).to_have_value("What comes next?")
    expect(chat.questions).to_have_count(1)


def test_a_declined_question_looks_like_no_answer(visits: Visits) -> None:
    chat = visits.chat()
    answered, declined = chat.ask("quote colon"), chat.ask("paint")
    expect(answered.locator("img[src='/public/icon.svg']")).to_have_count(1)
    expect(declined.locator("img")).to_have_count(0)
    expect(answered.locator("blockquote")).to_have_count(0)
    apart = declined.locator(".prose > blockquote")
    assert apart.inner_text().split("\n")[0] == STRINGS.answer.declined
    assert apart.inner_text() == declined.locator(".prose").inner_text()
    expect(apart).to_have_css("border-left-width", "5px")
    page = chat.page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    expect(apart).not_to_have_css("background-color", page)
    assert headings_of(declined) == []


def test_the_nearest_title_of_a_declined_question_opens_the_source(visits: Visits) -> None:
    chat = visits.chat()
    nearest = chat.ask("paint").get_by_role("link", name=ScriptedAssistant.TITLE)
    expect(nearest).to_have_css("text-decoration-line", "underline")
    chat.open_source(nearest)
    expect(chat.marks).to_have_text(["Opening words."])


def test_the_senses_of_a_word_stand_side_by_side_below_their_sources(visits: Visits) -> None:
    table = visits.chat().ask("senses").get_by_role("table")
    titles = table.get_by_role("columnheader")
    assert titles.all_inner_texts() == [ScriptedAssistant.TITLE] * 2
    cells = table.get_by_role("cell")
    assert cells.all_inner_texts() == ["Opening words. [1]", "Closing words. [2]"]
    first, second = (cells.nth(number).bounding_box() for number in (0, 1))
    assert first
    assert second
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"] + 1
    assert first["width"] == pytest.approx(second["width"], rel=0.05)


@pytest.mark.parametrize("clipboard", [True, False], ids=["clipboard", "no clipboard"])
def test_the_button_puts_the_answer_with_its_sources_on_the_clipboard(
    visits: Visits, clipboard: bool
) -> None:
    script = "" if clipboard else NO_CLIPBOARD
    chat = visits.chat(script=script, permissions=["clipboard-read", "clipboard-write"])
    assert bool(chat.page.evaluate("() => !!navigator.clipboard")) is clipboard
    chat.ask("senses")
    answer = chat.ask("quote html")
    answer.get_by_role("button", name=STRINGS.answer.copy_label).click()
    expect(chat.announcer).to_have_text(STRINGS.page["copied"])
    expect(answer.locator("[data-copied]")).to_have_count(1)
    if clipboard:
        text = pasted(chat)
    else:
        chat.box.focus()
        chat.page.keyboard.press("Control+V")
        text = chat.box.input_value()
    title = f"{ScriptedAssistant.TITLE} (Some <publisher>, 2024), section “Opening words.”"
    assert text == (
        f"{QUOTES['html']} [1]\n\nSources\n\n[1] {title}\n    https://original.example/guide\n"
        f"    “{QUOTES['html']}”\n\nYou could ask next\n- What comes next?"
    )
    expect(answer.locator("[data-copied]")).to_have_count(0)
    expect(chat.notes).to_be_empty()


def test_each_answer_has_a_button_to_copy_one_to_save_and_one_to_judge_and_the_first_copies_it(
    visits: Visits,
) -> None:
    chat = visits.chat(permissions=["clipboard-read", "clipboard-write"])
    answers = [chat.ask(question) for question in ("quote colon", "quote marks")]
    for answer, quote in zip(answers, ("colon", "marks"), strict=True):
        assert answer.locator("button:visible").all_inner_texts() == [
            STRINGS.answer.copy_label, STRINGS.take.button, STRINGS.judge.button
        ]  # fmt: skip
        button = answer.get_by_role("button", name=STRINGS.answer.copy_label)
        button.click()
        expect(answer.locator("[data-copied]")).to_have_count(1)
        assert pasted(chat).startswith(QUOTES[quote])


def test_a_browser_that_does_not_allow_copying_says_what_to_do(visits: Visits) -> None:
    chat = visits.chat()
    refuse = "document.execCommand = () => false; navigator.clipboard.writeText = null;"
    chat.page.evaluate(f"() => {{ {refuse} }}")
    chat.ask("quote colon").get_by_role("button", name=STRINGS.answer.copy_label).click()
    expect(chat.notes).to_contain_text(STRINGS.page["copy_failed"])
    chat.notes.get_by_role("button", name=STRINGS.page["dismiss"]).click()
    expect(chat.notes).to_be_empty()


def test_a_failure_is_said_in_a_sentence_and_the_next_question_is_answered(visits: Visits) -> None:
    chat = visits.chat()
    failed = chat.ask("broken").locator("blockquote")
    assert failed.inner_text().split("\n")[0] == STRINGS.failure.title
    expect(failed).to_contain_text("failure.log")
    expect(chat.page.locator("body")).not_to_contain_text("a secret of the inside")
    known = chat.ask("damaged").locator("blockquote")
    assert [line for line in known.inner_text().split("\n") if line] == [
        STRINGS.failure.title, "The index contradicts itself.", "Run: assistant build"
    ]  # fmt: skip
    expect(chat.ask("quote colon")).to_contain_text(QUOTES["colon"])


def test_the_first_sentence_of_an_answer_is_said_to_screen_readers(visits: Visits) -> None:
    chat = visits.chat()
    for question, first in (
        ("quote letters", QUOTES["letters"]),
        ("paint", STRINGS.answer.declined),
        ("damaged", "The index contradicts itself."),
    ):
        chat.ask(question)
        expect(chat.page.get_by_role("status")).to_have_text(f"{STRINGS.page['answered']} {first}")


def test_a_long_answer_is_read_from_its_beginning(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("many")
    expect(answer.get_by_text("Opening words.").first).to_be_in_viewport()
    expect(chat.questions.last).to_be_in_viewport()
