"""Everything can be reached and used without a mouse, and one sees where one is."""

from playwright.sync_api import Locator, expect

from tests.browser.visits import STRINGS, Chat, Visits
from tests.fakes import QUOTES

# The width of the outline of what has the focus; the box for a question lends it to its frame.
OUTLINE = """
element => {
  const style = getComputedStyle(element.closest("#message-composer") ?? element);
  return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
}
"""


def focused(chat: Chat) -> Locator:
    return chat.page.locator(":focus")


def tab_to(chat: Chat, name: str, key: str = "Tab") -> None:
    """One step of Tab is enough to be there, and to see it."""
    chat.page.keyboard.press(key)
    expect(focused(chat)).to_have_accessible_name(name)
    expect(focused(chat)).to_be_in_viewport()
    assert focused(chat).evaluate(OUTLINE) >= 2, name


def test_tab_goes_through_the_first_screen_and_shows_where_it_is(visits: Visits) -> None:
    chat = visits.chat()
    expect(chat.box).to_be_focused()
    page = STRINGS.page
    chat.page.get_by_role("button", name=page["list_close"]).click()
    expect(focused(chat)).to_have_accessible_name(page["list_open"])
    chat.box.focus()
    profile = f"{page['profile']}: {STRINGS.asking}"
    above = [
        page["skip"], page["list_open"], page["new_chat"], profile, "About", page["theme"]
    ]  # fmt: skip
    for name in reversed(above):
        tab_to(chat, name, "Shift+Tab")
    for name in (*above[1:], STRINGS.page["question"], *STRINGS.starters):
        tab_to(chat, name)
    chat.page.keyboard.press("Enter")
    expect(chat.questions).to_have_text([STRINGS.starters[-1]])


def test_the_skip_link_is_seen_and_leads_to_the_box(visits: Visits) -> None:
    chat = visits.chat()
    chat.ask("many")
    chat.page.get_by_role("button", name=STRINGS.page["list_close"]).focus()
    tab_to(chat, STRINGS.page["skip"], "Shift+Tab")
    box = focused(chat).bounding_box()
    assert box
    assert box["width"] > 100
    chat.page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    chat.page.keyboard.type("quote colon")
    expect(chat.page.locator("#chat-submit")).to_be_enabled()
    tab_to(chat, STRINGS.page["send"])
    chat.page.keyboard.press("Enter")
    expect(chat.answer(1)).to_contain_text(QUOTES["colon"])


def test_tab_goes_through_an_answer(visits: Visits) -> None:
    chat = visits.chat()
    chat.ask("senses")
    chat.page.locator("#theme-toggle").focus()
    for name in (
        "[1]", "[2]", "[1]", "[2]", "What comes next?", STRINGS.answer.copy_label,
        STRINGS.take.button, STRINGS.judge.button, STRINGS.page["question"],
    ):  # fmt: skip
        tab_to(chat, name)


def test_the_button_to_the_end_of_a_long_conversation_has_a_name(visits: Visits) -> None:
    chat = visits.chat(viewport={"width": 1280, "height": 500})
    chat.ask("many").hover(position={"x": 20, "y": 20})
    chat.page.mouse.wheel(0, 100)
    button = chat.page.get_by_role("button", name=STRINGS.page["scroll"])
    expect(button).to_be_visible()
    chat.box.focus()
    tab_to(chat, STRINGS.page["scroll"], "Shift+Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.answers.last.get_by_role("button").last).to_be_in_viewport()


def test_a_source_is_opened_read_and_closed_with_the_keyboard(visits: Visits) -> None:
    chat = visits.chat(viewport={"width": 1280, "height": 600})
    chat.ask("many")
    chat.page.locator("#theme-toggle").focus()
    tab_to(chat, "[1]")
    tab_to(chat, "[2]")
    chat.page.keyboard.press("Enter")
    expect(chat.marks).to_have_text([QUOTES["colon"]])
    expect(chat.panel.locator("#source-content")).to_be_focused()
    tab_to(chat, f"{STRINGS.pages['original']} ({STRINGS.pages['original_elsewhere']})")
    chat.page.keyboard.press("Tab")
    text = chat.panel.locator(".text")
    expect(text).to_be_focused()
    assert text.evaluate(OUTLINE) >= 2
    before = text.evaluate("text => text.scrollTop")
    chat.page.keyboard.press("End")
    expect(chat.panel.get_by_text("Closing words.")).to_be_in_viewport(ratio=1)
    assert text.evaluate("text => text.scrollTop") > before
    chat.page.keyboard.press("Shift+Tab")
    tab_to(chat, STRINGS.page["source_close"], "Shift+Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.panel).to_be_hidden()
    expect(focused(chat)).to_have_accessible_name("[2]")
    assert focused(chat).evaluate(OUTLINE) >= 2
    tab_to(chat, "[3]")


def test_the_buttons_of_a_note_are_reached_with_the_keyboard(visits: Visits) -> None:
    chat = visits.chat()
    chat.begin("slow 9")
    chat.page.reload()
    chat.wait_until_ready()
    expect(chat.notes).to_contain_text("slow 9")
    chat.starters.last.focus()
    tab_to(chat, STRINGS.page["ask_again"])
    tab_to(chat, STRINGS.page["dismiss"])
    tab_to(chat, STRINGS.page["ask_again"], "Shift+Tab")
    chat.page.keyboard.press("Enter")
    expect(chat.questions).to_have_text(["slow 9"])
    expect(chat.box).to_be_focused()


def test_a_dialog_keeps_the_focus_until_it_is_closed(visits: Visits) -> None:
    chat = visits.chat()
    chat.ask("quote colon")
    chat.page.locator("#new-chat-button").focus()
    chat.page.keyboard.press("Enter")
    dialog = chat.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(4):
        chat.page.keyboard.press("Tab")
        expect(dialog.locator(":focus")).to_have_count(1)
        assert focused(chat).evaluate(OUTLINE) >= 2
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("#new-chat-button")).to_be_focused()


def test_the_theme_is_chosen_with_the_keyboard(visits: Visits) -> None:
    chat = visits.chat(color_scheme="light")
    chat.page.locator("#theme-toggle").focus()
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("menuitem", name="Light")).to_be_focused()
    chat.page.keyboard.press("ArrowDown")
    expect(chat.page.get_by_role("menuitem", name="Dark")).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.page.locator("html")).to_have_class("dark")
    expect(chat.page.locator("#theme-toggle")).to_be_focused()
