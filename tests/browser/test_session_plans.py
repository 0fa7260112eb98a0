"""Session plans and what is saved of them, as a coach has them in front of them."""

from io import BytesIO
from typing import Any
from zipfile import ZipFile

from playwright.sync_api import Locator, expect

from tests.browser.test_accessibility import assert_nothing_is_found, settled
from tests.browser.visits import PHONE, STRINGS, Chat, Visits

PLAN, TAKE = STRINGS.plan, STRINGS.take


def preparing(visits: Visits, **options: Any) -> Chat:
    """The chat of somebody who came to prepare a session."""
    chat = visits.chat(**options)
    chat.page.locator("#chat-profiles").click()
    chat.page.get_by_role("option", name=STRINGS.preparing.name).click()
    expect(chat.starters.first).to_have_text(STRINGS.preparing.starters[0])
    expect(chat.starters.first).to_be_enabled()
    return chat


def press(message: Locator, name: str) -> None:
    message.get_by_role("button", name=name).click()


def saved(chat: Chat) -> tuple[str, bytes]:
    """The name and the bytes of the file that the dialog gives."""
    with chat.page.expect_download() as waited:
        chat.page.get_by_role("button", name=TAKE.download).click()
    expect(chat.page.locator("#take-said")).to_have_text(STRINGS.page["take_saved"])
    return waited.value.suggested_filename, waited.value.path().read_bytes()


def test_a_plan_is_made_opened_changed_and_saved(visits: Visits) -> None:
    chat = preparing(visits)
    named = f"{STRINGS.page['profile']}: {STRINGS.preparing.name}"
    expect(chat.page.get_by_role("combobox", name=named)).to_be_visible()
    expect(chat.box).to_have_attribute("placeholder", STRINGS.page["brief"])
    expect(chat.starters.last).to_be_in_viewport(ratio=1)

    plan = chat.ask("brief for a ward")
    expect(plan.get_by_role("table").first).to_contain_text("0:00–0:10")
    detail = plan.get_by_role("heading", name=PLAN.detail)
    expect(detail).to_be_hidden()
    press(plan, PLAN.more_label)
    expect(detail).to_be_visible()
    expect(plan.get_by_role("button", name=PLAN.less_label)).to_be_focused()
    chat.open_source(plan.get_by_role("link", name="[1]").first)
    expect(chat.marks).to_have_text(["Opening words."])
    press(plan, PLAN.less_label)
    expect(detail).to_be_hidden()

    changed = chat.ask("change It is shorter.")
    expect(changed.locator("li").first).to_have_text("It is shorter.")
    press(changed, TAKE.button)
    dialog = chat.page.get_by_role("dialog", name=TAKE.title)
    expect(dialog).to_contain_text(TAKE.undated)
    expect(dialog.get_by_label(TAKE.formats["ics"])).to_be_hidden()
    name, data = saved(chat)
    assert name.endswith(".docx")
    with ZipFile(BytesIO(data)) as word:
        assert b"Five whys" in word.read("word/document.xml")
    dialog.get_by_label(TAKE.formats["pdf"]).check()
    dialog.get_by_label(TAKE.large).check()
    name, data = saved(chat)
    assert name.endswith(".pdf")
    assert data.startswith(b"%PDF-")
    chat.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(changed.get_by_role("button", name=TAKE.button)).to_be_focused()
    expect(chat.marks).to_have_text(["Opening words."])  # Escape has closed the dialog alone


def test_files_and_the_draft_of_an_email_come_by_a_link_and_by_copying(visits: Visits) -> None:
    chat = preparing(visits, permissions=["clipboard-read", "clipboard-write"])
    press(chat.ask("plan dated"), TAKE.button)
    expect(chat.page.get_by_label(TAKE.formats["ics"])).to_be_visible()
    chat.page.get_by_label(TAKE.formats["txt"]).check()
    chat.page.get_by_role("button", name=TAKE.copy_label).click()
    expect(chat.page.locator("#take-said")).to_have_text(STRINGS.page["copied"])
    assert chat.page.evaluate("navigator.clipboard.readText()").startswith("Subject: ")
    chat.page.get_by_role("button", name=TAKE.close, exact=True).click()

    files = chat.ask("Turn that into slides and an email to the team.")
    expect(files.locator("pre")).to_contain_text("Subject: ")
    with chat.page.expect_download() as waited:
        files.get_by_role("link", name=TAKE.formats["pptx"]).click()
    assert waited.value.path().read_bytes().startswith(b"PK")
    expect(chat.box).to_be_visible()  # the page is still the chat


def test_the_whole_conversation_can_be_saved_as_long_as_it_is_kept(visits: Visits) -> None:
    visits.expected.append("404 (Not Found)")
    chat = visits.chat()
    chat.ask("quote colon")
    press(chat.ask("quote marks"), TAKE.button)
    chat.page.get_by_label(TAKE.formats["md"]).check()
    chat.page.get_by_label(TAKE.conversation).check()
    _, data = saved(chat)
    assert b"quote colon" in data
    assert b"quote marks" in data
    chat.page.route("**/take/**", lambda route: route.continue_(url=f"{visits.address}/take/x.md"))
    chat.page.get_by_role("button", name=TAKE.download).click()
    expect(chat.page.locator("#take-said")).to_have_text(STRINGS.pages["not_kept_text"])


def test_nothing_is_in_the_way_of_who_cannot_see_or_point(visits: Visits) -> None:
    chat = preparing(visits)
    plan = chat.ask("plan a")
    press(plan, PLAN.more_label)
    press(plan, TAKE.button)
    assert_nothing_is_found(settled(chat))
    chat.page.keyboard.press("Escape")
    chat.ask("Turn that into slides and an email to the team.")
    chat.ask("lacking")
    assert_nothing_is_found(settled(chat))


def test_on_a_phone_only_a_wide_table_scrolls_sideways(visits: Visits) -> None:
    chat = preparing(visits, viewport=PHONE, has_touch=True)
    plan = chat.ask("plan a")
    table = plan.locator(".overflow-auto:has(> table)").first
    expect(table).to_have_attribute("tabindex", "0")
    expect(table).to_have_attribute("aria-label", STRINGS.page["table"])
    series = chat.ask("series")
    series.get_by_role("link", name="Session 3").click()
    expect(chat.questions.last).to_have_text("Show session 3")
    session = chat.answer(2)
    expect(session.get_by_role("table").first).to_contain_text("0:00–0:10")
    press(session, PLAN.more_label)
    press(session, TAKE.button)
    expect(chat.page.get_by_role("button", name=TAKE.close, exact=True)).to_be_in_viewport(ratio=1)
    assert chat.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    assert_nothing_is_found(settled(chat))
