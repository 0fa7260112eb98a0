"""What is quoted is shown to the letter, in the answer and in its source."""

from playwright.sync_api import Dialog, expect

from tests.browser.visits import Visits, shown
from tests.fakes import QUOTES, ScriptedAssistant


def test_each_quote_is_shown_to_the_letter_in_the_answer_and_in_its_source(visits: Visits) -> None:
    chat = visits.chat()
    for name, text in QUOTES.items():
        quote = shown(text)
        answer = chat.ask(f"quote {name}")
        assert answer.locator(".prose > div").first.inner_text() == f"{quote} [1]"
        expect(answer.locator(".prose > div")).to_have_count(1)
        live = answer.locator(".prose").locator("img, script, b, strong, em, del, hr")
        expect(live).to_have_count(0)
        chat.open_source(answer.get_by_role("link", name="[1]").first)
        assert "\n".join(map(shown, chat.marks.all_inner_texts())) == quote, name


def test_all_quotes_stand_in_one_answer_to_the_letter(visits: Visits) -> None:
    paragraphs = visits.chat().ask("many").locator(".prose > div")
    quotes = ["Opening words.", *QUOTES.values(), "Closing words."]
    assert paragraphs.all_inner_texts() == [
        f"{shown(quote)} [{number}]" for number, quote in enumerate(quotes, 1)
    ]


def test_the_whole_text_of_the_source_is_shown_to_the_letter(visits: Visits) -> None:
    chat = visits.chat()
    chat.open_source(chat.ask("quote colon").get_by_role("link", name="[1]").first)
    text = chat.panel.locator(".text").evaluate("text => text.innerText")
    lines = [line for line in shown(text).split("\n") if line]
    whole = shown(ScriptedAssistant().text)
    assert lines == [line for line in whole.split("\n") if line]
    assert chat.panel.get_by_role("heading", level=2).inner_text() == ScriptedAssistant.TITLE


def test_nothing_of_a_quote_is_run(visits: Visits) -> None:
    chat = visits.chat()
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    chat.page.on("dialog", dismiss)
    chat.open_source(chat.ask("quote html").get_by_role("link", name="[1]").first)
    expect(chat.page.locator("#root script, #source-panel script")).to_have_count(0)
    expect(chat.panel.locator("img, b")).to_have_count(0)
    assert dialogs == []


def test_an_address_in_a_quote_looks_like_the_text_around_it(visits: Visits) -> None:
    paragraph = visits.chat().ask("quote addresses").locator(".prose > div").first
    address = paragraph.locator("code").first
    expect(address).to_have_text("a.nurse@trust.example")
    font = paragraph.evaluate("e => getComputedStyle(e).fontFamily + getComputedStyle(e).fontSize")
    assert font == address.evaluate(
        "e => getComputedStyle(e).fontFamily + getComputedStyle(e).fontSize"
    )
    expect(paragraph.get_by_role("link")).to_have_text(["[1]"])
