"""Sources beside the answer, and on a page of their own."""

import re

from playwright.sync_api import FloatRect, Locator, Route, expect

from tests.browser.visits import STRINGS, Chat, Visits, shown
from tests.fakes import QUOTES, ScriptedAssistant

ALL = ["Opening words.", *QUOTES.values(), "Closing words."]


def number(answer: Locator, text: str) -> Locator:
    """Where a number stands first in an answer."""
    return answer.get_by_role("link", name=text, exact=True).first


def box_of(element: Locator) -> FloatRect:
    box = element.bounding_box()
    assert box
    return box


def assert_the_quote_is_in_sight(chat: Chat) -> None:
    panel, first, last = (box_of(e) for e in (chat.panel, chat.marks.first, chat.marks.last))
    header = box_of(chat.panel.locator("#source > header"))
    assert first["y"] >= max(header["y"] + header["height"], panel["y"])
    assert last["y"] + last["height"] <= panel["y"] + panel["height"]
    expect(chat.marks.first).to_be_in_viewport(ratio=1)
    expect(chat.marks.last).to_be_in_viewport(ratio=1)


def test_a_number_opens_its_source_beside_the_answer(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("quote letters")
    expect(chat.panel).to_be_hidden()
    expect(chat.page).to_have_url(re.compile("/thread/"))
    before = chat.page.url
    chat.open_source(number(answer, "[1]"))
    expect(chat.panel).to_have_role("complementary")
    expect(chat.panel).to_have_accessible_name(STRINGS.page["source"])
    title = chat.panel.get_by_role("heading", level=2)
    assert title.inner_text() == ScriptedAssistant.TITLE
    assert chat.panel.locator("dl").inner_text().split("\n") == [
        STRINGS.pages["published"], "Some <publisher>, 2024", STRINGS.pages["section"],
        "Opening words.",
    ]  # fmt: skip
    expect(chat.marks).to_have_text([QUOTES["letters"]])
    left, right = box_of(answer), box_of(chat.panel)
    assert left["x"] + left["width"] <= right["x"]
    assert right["x"] + right["width"] == 1280
    expect(answer.get_by_text(QUOTES["letters"])).to_be_in_viewport()
    assert chat.page.url == before
    assert chat.page.context.pages == [chat.page]


def test_the_original_opens_on_a_page_of_its_own(visits: Visits) -> None:
    chat = visits.chat()
    chat.open_source(number(chat.ask("quote colon"), "[1]"))
    original = chat.panel.get_by_role("link", name=STRINGS.pages["original"])
    expect(original).to_have_attribute("href", "https://original.example/guide")
    expect(original).to_have_attribute("target", "_blank")
    expect(original).to_have_attribute("rel", "noopener noreferrer")
    elsewhere = STRINGS.pages["original_elsewhere"]
    expect(original).to_have_accessible_name(f"{STRINGS.pages['original']} ({elsewhere})")
    expect(chat.panel.get_by_role("link")).to_have_count(1)


def test_the_quote_is_in_sight_when_its_source_opens(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("many")
    for height in (900, 560, 400):
        chat.page.set_viewport_size({"width": 1280, "height": height})
        for at in (12, 1, 9):
            chat.open_source(number(answer, f"[{at}]"))
            assert "\n".join(map(shown, chat.marks.all_inner_texts())) == shown(ALL[at - 1])
            assert_the_quote_is_in_sight(chat)


def test_each_number_opens_its_own_quote(visits: Visits) -> None:
    chat = visits.chat()
    many, senses = chat.ask("many"), chat.ask("senses")
    for answer, text, quote in (
        (many, "[1]", "Opening words."), (many, "[12]", "Closing words."),
        (many, "[2]", QUOTES["colon"]), (senses, "[1]", "Opening words."),
        (senses, "[2]", "Closing words."),
    ):  # fmt: skip
        chat.open_source(number(answer, text))
        expect(chat.marks).to_have_text([quote])


def test_the_numbers_in_the_list_of_sources_open_them_too(visits: Visits) -> None:
    chat = visits.chat()
    listed = chat.ask("many").get_by_role("listitem").first
    numbers = listed.get_by_role("link")
    assert numbers.all_inner_texts() == [f"[{n}]" for n in range(1, 13)]
    chat.open_source(numbers.nth(11))
    expect(chat.marks).to_have_text(["Closing words."])


def test_the_name_of_a_number_says_where_it_leads(visits: Visits) -> None:
    link = number(visits.chat().ask("quote colon"), "[1]")
    source = f"{ScriptedAssistant.TITLE} (Some <publisher>, 2024), section “Opening words.”"
    expect(link).to_have_attribute("title", source)


def test_a_source_is_closed_and_the_focus_goes_back_to_its_number(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("many")
    for how in ("Escape", "button"):
        chat.open_source(number(answer, "[1]"))
        chat.open_source(number(answer, "[3]"))
        if how == "Escape":
            chat.page.keyboard.press("Escape")
        else:
            chat.panel.get_by_role("button", name=STRINGS.page["source_close"]).click()
        expect(chat.panel).to_be_hidden()
        expect(number(answer, "[3]")).to_be_focused()
        chat.open_source(number(answer, "[2]"))
        expect(chat.marks).to_have_text([QUOTES["colon"]])


def test_escape_closes_a_dialog_before_the_source_behind_it(visits: Visits) -> None:
    chat = visits.chat()
    chat.open_source(number(chat.ask("quote colon"), "[1]"))
    chat.page.get_by_role("button", name="About", exact=True).click()
    expect(chat.page.get_by_role("dialog")).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(chat.page.get_by_role("dialog")).to_have_count(0)
    expect(chat.panel).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()


def test_a_number_opens_a_page_of_its_own_in_another_tab(visits: Visits) -> None:
    chat = visits.chat()
    link = number(chat.ask("quote marks"), "[1]")
    for how in ("Control", "middle button"):
        with chat.page.context.expect_page() as opened:
            if how == "Control":
                link.click(modifiers=["Control"])
            else:
                link.click(button="middle")
        page = opened.value
        expect(page.locator("mark")).to_have_text([QUOTES["marks"]])
        expect(page).to_have_title(f"{ScriptedAssistant.TITLE} – {STRINGS.name}")
        expect(page.get_by_role("link", name=STRINGS.pages["to_chat"])).to_be_visible()
        expect(chat.panel).to_be_hidden()
    page.get_by_role("link", name=STRINGS.pages["to_chat"]).click()
    expect(page.locator("#chat-input")).to_be_visible()
    chat.open_source(link)
    expect(chat.panel.get_by_text(STRINGS.pages["to_chat"])).to_be_hidden()


def test_the_source_asked_for_last_is_shown_whichever_comes_first(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("many")
    held: list[Route] = []
    chat.page.route("**/source/**start=0&**", lambda route: held.append(route))
    number(answer, "[1]").click()
    expect(chat.panel.locator("#source-content")).to_have_text(STRINGS.page["source_loading"])
    chat.open_source(number(answer, "[2]"))
    with chat.page.expect_request_finished(lambda request: "start=0&" in request.url):
        held[0].continue_()
    expect(chat.marks).to_have_text([QUOTES["colon"]])


def test_a_source_that_comes_after_it_was_closed_does_not_open_again(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("many")
    held: list[Route] = []
    chat.page.route("**/source/**start=0&**", lambda route: held.append(route))
    number(answer, "[1]").click()
    expect(chat.panel).to_be_visible()
    chat.page.keyboard.press("Escape")
    with chat.page.expect_request_finished(lambda request: "start=0&" in request.url):
        held[0].continue_()
    expect(number(answer, "[1]")).to_be_focused()
    expect(chat.panel).to_be_hidden()
    expect(chat.panel.locator("#source-content")).to_be_empty()


def test_a_source_that_cannot_be_fetched_says_what_to_do(visits: Visits) -> None:
    visits.expected.append("net::ERR_FAILED")
    chat = visits.chat()
    answer = chat.ask("quote colon")
    chat.page.route("**/source/**", lambda route: route.abort())
    number(answer, "[1]").click()
    expect(chat.panel.locator("#source-content")).to_have_text(STRINGS.page["source_failed"])
    expect(chat.panel.locator("#source-content")).to_be_focused()
    chat.page.unroute_all()
    chat.page.keyboard.press("Escape")
    chat.open_source(number(answer, "[1]"))


def test_a_link_to_what_is_there_no_more_says_so_in_the_panel(visits: Visits) -> None:
    visits.expected += ["status of 404", "status of 410"]
    chat = visits.chat()
    link = number(chat.ask("quote colon"), "[1]")
    chat.page.wait_for_url("**/thread/*")  # the page draws its links anew then
    address = link.get_attribute("href")
    assert address
    for old, new, said in (
        ("&version=", "&version=0000", "replaced"),
        ("guide", "nothing", "removed"),
        ("&end=", "&end=99999", "not_found"),
    ):
        link.evaluate("(link, now) => { link.href = now; }", address.replace(old, new))
        link.click()
        expect(chat.panel.get_by_role("heading")).to_have_text(STRINGS.pages[said])
        expect(chat.marks).to_have_count(0)
        chat.page.keyboard.press("Escape")
        expect(link).to_be_focused()
