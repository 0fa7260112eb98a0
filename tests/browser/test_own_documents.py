"""Documents of one's own: a PDF at its page beside the passage, and what is answered from."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, Page, Route, expect

from tests.browser.test_accessibility import assert_nothing_is_found, settled
from tests.browser.test_keyboard import OUTLINE
from tests.browser.visits import PHONE, STRINGS, Chat, Visits
from tests.chat.serving import Served, scripted_chat
from tests.fakes import HANDBOOK, MANUAL, ScriptedAssistant, pdf_of

DESKTOP = {"width": 1280, "height": 800}
LARGE = {"width": 1600, "height": 900}
SIZES = pytest.mark.parametrize("size", [DESKTOP, LARGE], ids=["1280", "1600"])
WORDS = STRINGS.page
MANUALS_TEXT = ScriptedAssistant(own=True).own["manual"].text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """In place of the one without documents of its own."""
    home = str(tmp_path_factory.mktemp("state"))
    with scripted_chat(XDG_STATE_HOME=home, OWN_DOCUMENTS="1") as chat:
        yield chat


def viewer(chat: Chat) -> Locator:
    return chat.page.get_by_role("region", name=WORDS["viewer"])


def pdf_text(chat: Chat) -> Locator:
    """The words of the page, which lie unseen above its picture so that they can be marked."""
    return viewer(chat).locator(".react-pdf__Page__textContent")


def scope(chat: Chat) -> Locator:
    return chat.page.get_by_label(WORDS["scope"])


def open_page(chat: Chat, number: int) -> Locator:
    """Ask for a page of the manual, press its number and wait for the page; gives the number."""
    link = chat.ask(f"page {number}").get_by_role("link", name="[1]").first
    chat.open_source(link)
    assert_shown(chat, number)
    return link


def assert_shown(chat: Chat, number: int) -> None:
    expect(pdf_text(chat)).to_contain_text(MANUAL[number - 1][0])
    expect(viewer(chat)).to_contain_text(f"{number} / {len(MANUAL)}")


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box
    return box


def apart(one: FloatRect, other: FloatRect) -> bool:
    return (
        one["x"] + one["width"] <= other["x"] + 1
        or other["x"] + other["width"] <= one["x"] + 1
        or one["y"] + one["height"] <= other["y"] + 1
        or other["y"] + other["height"] <= one["y"] + 1
    )


# --- a PDF at its page ----------------------------------------------------------------


@SIZES
def test_the_answer_the_passage_and_the_page_are_seen_side_by_side(
    visits: Visits, size: dict[str, int]
) -> None:
    chat = visits.chat(viewport=size)
    link = open_page(chat, 2)
    expect(chat.marks).to_have_text([MANUAL[1][1]])
    expect(chat.panel.locator(".at-page")).to_have_text("Page 2 (printed as 8)")
    for part in (chat.marks.first, link, chat.box, viewer(chat).locator("canvas")):
        expect(part).to_be_in_viewport()
    expect(chat.marks.first).to_be_in_viewport(ratio=1)
    expect(pdf_text(chat).get_by_text(MANUAL[1][0])).to_be_in_viewport(ratio=0.99)
    answer = chat.answers.first
    parts = [box_of(part) for part in (answer, chat.panel, viewer(chat))]
    assert all(apart(a, b) for n, a in enumerate(parts) for b in parts[n + 1 :])
    canvas = box_of(viewer(chat).locator("canvas"))
    assert canvas["width"] == pytest.approx(595, abs=2)  # an A4 page in its own size, unscaled
    assert canvas["x"] >= parts[2]["x"]
    assert canvas["x"] + canvas["width"] <= size["width"]
    assert chat.page.evaluate("() => document.documentElement.scrollWidth") == size["width"]


def test_another_number_opens_another_page_and_the_same_one_leads_back(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    third = open_page(chat, 3)
    open_page(chat, 1)
    expect(chat.marks).to_have_text([MANUAL[0][1]])
    viewer(chat).get_by_role("button", name=WORDS["viewer_next"]).click()
    assert_shown(chat, 2)
    chat.open_source(third)
    assert_shown(chat, 3)
    expect(viewer(chat)).to_have_count(1)


def test_a_source_that_is_no_pdf_takes_the_place_of_passage_and_page(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    chat.open_source(chat.answers.first.get_by_role("link", name="[2]").first)
    expect(chat.marks).to_have_text(["Opening words."])
    expect(viewer(chat)).to_have_count(0)
    assert box_of(chat.panel)["height"] == DESKTOP["height"]


def test_passage_and_page_are_closed_together_and_the_focus_goes_back(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    link = open_page(chat, 2)
    for how in ("Escape", "button"):
        if how == "Escape":
            viewer(chat).get_by_role("button", name=WORDS["viewer_larger"]).click()
            chat.page.keyboard.press("Escape")
        else:
            chat.panel.get_by_role("button", name=WORDS["source_close"]).click()
        expect(chat.panel).to_be_hidden()
        expect(viewer(chat)).to_have_count(0)
        expect(link).to_be_focused()
        chat.open_source(link)
        assert_shown(chat, 2)


def test_the_page_is_closed_alone_and_the_passage_has_the_room(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    viewer(chat).get_by_role("button", name=WORDS["viewer_close"]).click()
    expect(viewer(chat)).to_have_count(0)
    expect(chat.marks.first).to_be_in_viewport(ratio=1)
    assert box_of(chat.panel)["height"] == DESKTOP["height"]


def test_a_page_that_comes_after_its_source_was_closed_is_closed_too(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    link = chat.ask("page 2").get_by_role("link", name="[1]").first
    chat.open_source(link)
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    chat.ask("from")  # what was asked for before has been answered by now
    expect(viewer(chat)).to_have_count(0)
    expect(chat.panel).to_be_hidden()


def test_a_new_conversation_closes_passage_and_page(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    chat.page.locator("#new-chat-button").click()
    chat.page.locator("#confirm").click()
    expect(chat.starters.first).to_be_visible()
    expect(viewer(chat)).to_have_count(0)
    expect(chat.panel).to_be_hidden()


def test_the_page_stays_while_one_asks_on(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    chat.ask("quote colon")
    assert_shown(chat, 2)
    expect(chat.marks).to_have_text([MANUAL[1][1]])


def test_a_file_that_cannot_be_had_leaves_the_passage(visits: Visits) -> None:
    visits.expected += ["net::ERR_FAILED", "Failed to fetch", "UnknownErrorException"]
    chat = visits.chat(viewport=DESKTOP)
    chat.page.route("**/file/**", lambda route: route.abort())
    link = chat.ask("page 2").get_by_role("link", name="[1]").first
    chat.open_source(link)
    expect(viewer(chat)).to_contain_text("Failed to load PDF file")
    expect(chat.marks.first).to_be_in_viewport(ratio=1)
    chat.page.unroute_all()
    chat.open_source(link)
    assert_shown(chat, 2)


def test_words_of_the_page_can_be_marked(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    heading = pdf_text(chat).get_by_text(MANUAL[1][0])
    heading.dblclick()
    marked = chat.page.evaluate("() => getSelection().toString().trim()")
    assert marked
    assert marked in MANUAL[1][0]


def test_everything_in_the_viewer_is_reached_with_the_keyboard_and_has_a_name(
    visits: Visits,
) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    chat.page.locator("#chat-input").focus()
    reached = []
    for _ in range(12):
        chat.page.keyboard.press("Tab")
        focused = chat.page.locator(":focus")
        name = focused.evaluate("e => e.ariaLabel ?? e.textContent")
        if focused.evaluate("e => Boolean(e.closest('#root aside'))"):
            assert focused.evaluate(OUTLINE) >= 2, name
            reached.append(name)
    names = ("close", "previous", "next", "smaller", "larger", "print", "download", "pages")
    assert reached == [WORDS[f"viewer_{name}"] for name in names]


def test_with_the_keyboard_one_turns_the_pages_and_makes_them_larger(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    for name, shown in (("next", "3 / 3"), ("previous", "2 / 3"), ("larger", "125%")):
        viewer(chat).get_by_role("button", name=WORDS[f"viewer_{name}"]).focus()
        chat.page.keyboard.press("Enter")
        expect(viewer(chat)).to_contain_text(shown)
    expect(viewer(chat).get_by_role("button", name=WORDS["viewer_next"])).to_be_visible()


@SIZES
def test_axe_finds_nothing_beside_an_open_page(visits: Visits, size: dict[str, int]) -> None:
    chat = visits.chat(viewport=size)
    assert_nothing_is_found(settled(chat))
    open_page(chat, 2)
    scope(chat).select_option("own")
    chat.ask("page 3")
    assert_nothing_is_found(settled(chat))


# --- where there is no room for it ----------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [{"viewport": PHONE}, {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}],
    ids=["phone", "zoomed"],
)
def test_on_a_small_screen_a_link_leads_to_the_page_and_nothing_covers_the_passage(
    visits: Visits, options: dict[str, Any]
) -> None:
    chat = visits.chat(**options)
    link = chat.ask("page 2").get_by_role("link", name="[1]").first
    chat.open_source(link)
    expect(chat.marks.first).to_be_in_viewport(ratio=1)
    opened = chat.panel.get_by_role("link", name="Open page 2 of the PDF")
    expect(opened).to_have_attribute("target", "_blank")
    address = opened.get_attribute("href")
    assert address
    assert address.endswith("#page=2")
    reply = chat.page.request.get(visits.address + address)
    assert reply.body() == pdf_of(MANUAL)
    assert_nothing_is_found(settled(chat))
    chat.page.keyboard.press("Escape")
    chat.ask("from")
    expect(chat.page.locator("#side-view-content")).to_have_count(0)
    expect(scope(chat)).to_be_in_viewport(ratio=1)
    width = chat.page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert width[0] == width[1]


def test_a_window_that_becomes_small_closes_the_page_and_opens_it_again(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    chat.page.set_viewport_size({"width": 390, "height": 844})
    expect(chat.page.locator("#side-view-content")).to_have_count(0)
    expect(chat.panel).to_be_visible()
    chat.page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
    assert_shown(chat, 2)
    expect(chat.marks.first).to_be_in_viewport(ratio=1)


def test_the_page_of_a_source_by_itself_leads_to_the_page_of_the_pdf(visits: Visits) -> None:
    chat = visits.chat()
    address = chat.ask("page 3").get_by_role("link", name="[1]").first.get_attribute("href")
    assert address
    page = visits.open(address)
    expect(page.get_by_text("Page 3 (printed as 9)").first).to_be_visible()
    link = page.get_by_role("link", name="Open page 3 of the PDF")
    expect(link).to_have_attribute("target", "_blank")
    assert (link.get_attribute("href") or "").endswith("#page=3")
    assert_nothing_is_found(page)


# --- pages in the passage, and what is no PDF -----------------------------------------


def separators(page: Page) -> list[str]:
    found = page.locator("#source-panel").get_by_role("separator").all()
    return [one.get_attribute("aria-label") or "" for one in found]


def test_where_pages_begin_is_seen_and_heard_but_is_not_in_the_text(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    open_page(chat, 2)
    names = [f"Page {n} (printed as {n + 6})" for n in (1, 2, 3)]
    assert separators(chat.page) == names
    text = chat.panel.locator(".text").evaluate("text => text.innerText")
    lines = [line for line in text.split("\n") if line]
    assert lines == [line for line in MANUALS_TEXT.split("\n") if line]
    shown = chat.panel.get_by_role("separator").nth(1)
    assert names[1] in shown.evaluate("e => getComputedStyle(e, '::before').content")
    assert box_of(shown)["height"] > 5


def test_a_docx_opens_at_its_section_and_its_file_can_be_had(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    chat.open_source(chat.ask("handbook").get_by_role("link", name="[1]").first)
    expect(chat.marks.first).to_be_in_viewport(ratio=1)
    expect(chat.panel.locator("dl")).to_contain_text("Handover")
    assert HANDBOOK.endswith(f"{chat.marks.first.inner_text()} at seven.")
    expect(viewer(chat)).to_have_count(0)
    original = chat.panel.get_by_role("link", name=STRINGS.pages["original"])
    expect(original).to_have_attribute("href", "https://ward.example/handbook#handover")
    with chat.page.expect_download() as saved:
        chat.panel.get_by_role("link", name=STRINGS.pages["download"]).click()
    assert saved.value.suggested_filename == "Ward handbook é.docx"
    expect(chat.panel).to_be_visible()


def test_a_text_that_has_changed_since_is_shown_as_it_was_with_a_word_on_that(
    visits: Visits,
) -> None:
    chat = visits.chat(viewport=DESKTOP)
    link = chat.ask("quote colon").get_by_role("link", name="[1]").first
    old = f"/source/a%2Fguide%20(1)?start=0&end=13&version={ScriptedAssistant.OLD_SHA256[:16]}"
    link.evaluate("(link, address) => { link.href = address; }", old)
    chat.open_source(link)
    expect(chat.marks).to_have_text(["Opening words"])
    expect(chat.panel.get_by_role("note")).to_have_text(STRINGS.pages["older"])
    expect(chat.panel.get_by_role("note")).to_be_in_viewport(ratio=1)
    assert_nothing_is_found(settled(chat))


# --- what is answered from ------------------------------------------------------------


def options_of(chat: Chat) -> list[str]:
    return scope(chat).locator("option").all_inner_texts()


LABELS = [
    STRINGS.scope.everything, STRINGS.scope.own, STRINGS.scope.library, "Our team manual",
    "Ward handbook",
]  # fmt: skip


def test_what_is_answered_from_is_chosen_beside_the_question(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    expect(scope(chat)).to_be_in_viewport(ratio=1)
    assert options_of(chat) == LABELS
    expect(scope(chat)).to_have_value("everything")
    scope(chat).select_option(label="Our team manual")
    answer = chat.ask("from")
    expect(answer).to_contain_text("Answered from: Our team manual")
    expect(answer).to_contain_text("from manual")
    expect(scope(chat)).to_have_value("document:manual")
    expect(chat.ask("from")).to_contain_text("Answered from: Our team manual")
    scope(chat).select_option("everything")
    expect(chat.ask("from")).not_to_contain_text("Answered from")


def test_the_choice_is_made_with_the_keyboard(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    expect(chat.box).to_be_focused()
    chat.page.keyboard.press("Tab")
    expect(scope(chat)).to_be_focused()
    assert scope(chat).evaluate(OUTLINE) >= 2
    chat.page.keyboard.press("ArrowDown")
    expect(scope(chat)).to_have_value("own")
    chat.page.keyboard.press("Shift+Tab")
    expect(chat.ask("from")).to_contain_text("Answered from: Our own documents")


def test_what_was_copied_says_what_it_was_answered_from(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    scope(chat).select_option("library")
    chat.ask("from").get_by_role("button", name=STRINGS.answer.copy_label).click()
    expect(chat.announcer).to_have_text(WORDS["copied"])
    copied = chat.page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("Answered from: The guidance library\n\n")


def test_a_new_conversation_begins_with_everything(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    scope(chat).select_option("own")
    chat.ask("from")
    chat.page.locator("#new-chat-button").click()
    chat.page.locator("#confirm").click()
    expect(chat.starters.first).to_be_visible()
    expect(scope(chat)).to_have_value("everything")
    expect(chat.ask("from")).not_to_contain_text("Answered from")


def test_a_document_that_was_removed_is_said_to_be_gone_and_is_offered_no_more(
    visits: Visits,
) -> None:
    chat, other = visits.chat(viewport=DESKTOP), visits.chat(viewport=DESKTOP)
    scope(chat).select_option(label="Our team manual")
    other.ask("remove manual")
    try:
        expect(chat.ask("from")).to_contain_text(STRINGS.scope.gone)
        expect(scope(chat)).to_have_value("everything")
        assert "Our team manual" not in options_of(chat)
    finally:
        other.ask("restore manual")
    chat.ask("from")
    assert options_of(chat) == LABELS


def test_a_choice_outlives_a_broken_connection(visits: Visits) -> None:
    visits.expected.append("net::ERR_INTERNET_DISCONNECTED")
    visits.expected.append("WebSocket")
    sockets: list[Any] = []
    page = visits.blank(viewport=DESKTOP)

    def passed_on(socket: Any) -> None:
        sockets.append(socket)
        socket.connect_to_server()

    page.route_web_socket("**/ws/socket.io/**", passed_on)
    page.goto(visits.address)
    chat = Chat(page)
    chat.wait_until_ready()
    scope(chat).select_option("own")
    chat.ask("from")
    sockets[-1].close()
    chat.wait_until_returned()
    expect(scope(chat)).to_have_value("own")
    expect(chat.ask("from")).to_contain_text("Answered from: Our own documents")


def test_a_source_that_is_asked_for_last_has_its_page_shown(visits: Visits) -> None:
    chat = visits.chat(viewport=DESKTOP)
    first = chat.ask("page 1").get_by_role("link", name="[1]").first
    second = chat.ask("page 3").get_by_role("link", name="[1]").first
    held: list[Route] = []
    chat.page.route("**/source/manual**start=32&**", lambda route: held.append(route))
    first.click()
    expect(chat.panel.locator("#source-content")).to_have_text(WORDS["source_loading"])
    chat.open_source(second)
    with chat.page.expect_request_finished(lambda request: "start=32&" in request.url):
        held[0].continue_()
    assert_shown(chat, 3)
    expect(chat.marks).to_have_text([MANUAL[2][1]])
