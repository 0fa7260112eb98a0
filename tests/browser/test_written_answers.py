"""Answers that a language model writes, on the screen: while they are written, and complete."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_accessibility import assert_nothing_is_found, settled
from tests.browser.test_interruptions import Line
from tests.browser.visits import PHONE, STRINGS, Visits
from tests.chat.chatting import BAD, SAID, UNSAID, WHY
from tests.chat.serving import Served, chat_command, scripted_chat
from tests.models.scripted_model import ScriptedModel, cuts, drips, eventually, hangs, says, status

ANSWER = STRINGS.answer
SIGNS = ANSWER.signs
NOTE = """# Coaching after training

## How often should coaches visit?

Coaches should visit each teacher at least once a week in the first 12 weeks. Coaches must agree
each visit with the teacher beforehand. A visit may be left out in the week of examinations.
"""
QUESTION = "How often should coaches visit?"
QUOTED = "Coaches should visit each teacher at least once a week in the first 12 weeks."
AGREED = "Each visit must be agreed with the teacher beforehand."
WRONG = "Coaches should visit each teacher at least once a week in the first 30 weeks."
WRITTEN = f"{QUOTED} [1] {AGREED} [1] {WRONG} [1]"
SNEAKY = (
    f"{QUOTED} [1] See [this plan](http://evil.example/a) and ![x](http://evil.example/b.png) <img "
    "src=http://evil.example/c.png> www.evil.example a.b@evil.example :smile :warning[now] [1]."
)


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with ScriptedModel() as server:
        yield server


@pytest.fixture(scope="module")
def written(model: ScriptedModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real chat over a note, with a language model that does as told."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "notes").mkdir()
    (folder / "notes" / "coaching.md").write_text(NOTE, "utf-8")
    with chat_command(
        folder / "index", ASSISTANT_CORPUS=str(folder / "notes"),
        ASSISTANT_MODEL="openai-like:small", ASSISTANT_MODEL_URL=model.address,
        ASSISTANT_UNSUPPORTED="show", ASSISTANT_MODEL_AT_ONCE="1",
        XDG_STATE_HOME=str(folder / "state"),
    ) as chat:  # fmt: skip
        chat.wait_until_ready()
        yield chat


@pytest.fixture
def real(browser: Browser, written: Served, tmp_path: Path) -> Iterator[Visits]:
    """As `visits`, of that chat."""
    visits = Visits(browser, written.address)
    yield visits
    visits.close(tmp_path)
    assert visits.elsewhere == []
    assert visits.complaints == []


def words_of(answer: Locator) -> str:
    """The text of an answer on one line."""
    return " ".join(answer.locator(".message-content").inner_text().split())


def links_of(answer: Locator) -> list[str]:
    found = answer.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    return [str(address) for address in found]


# --- with a model ---------------------------------------------------------------------


def test_nothing_is_sent_to_the_model_before_somebody_asks(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(says(WRITTEN))
    real.chat()
    assert model.asked == []


def test_text_is_there_before_the_end_and_signs_come_with_each_sentence(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(drips(f"{QUOTED} [1] {AGREED} [1]", 4))
    chat = real.chat()
    chat.begin(QUESTION)
    draft = chat.answers.last.locator(".message-content")
    expect(draft).to_contain_text("Coaches should visit")
    expect(chat.stop_button).to_be_visible()
    expect(draft).to_contain_text(f"{QUOTED} [1] {SIGNS.verbatim}")
    expect(chat.stop_button).to_be_visible()
    answer = chat.answer(0)
    assert words_of(answer).startswith(
        f"{QUOTED} [1] {SIGNS.verbatim} {AGREED} [2] {SIGNS.supported}"
    )
    expect(chat.announcer).to_contain_text(QUOTED)


def test_a_written_answer_explains_its_signs_and_says_who_wrote_it(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(says(WRITTEN))
    answer = real.chat().ask(QUESTION)
    expect(answer).to_contain_text(
        f"{SIGNS.verbatim} {SIGNS.verbatim_means} · {SIGNS.supported} {SIGNS.supported_means} · "
        f"{SIGNS.unsupported} {SIGNS.unsupported_means}"
    )
    expect(answer).to_contain_text("Written by openai-like:small.")


def test_a_sentence_without_support_is_set_apart_with_its_reason(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(says(WRITTEN))
    answer = real.chat().ask(QUESTION)
    expect(answer.locator(".italic", has_text=WRONG)).to_have_text(WRONG)
    reason = answer.locator(".font-bold", has_text="Not supported:")
    expect(reason).to_contain_text("“30 weeks”")
    assert f"{WRONG} [1] {SIGNS.unsupported} (Not supported:" in words_of(answer)
    assert len(model.asked) == 2  # it was asked once more


def test_nothing_that_the_model_writes_is_live_in_a_draft_or_in_an_answer(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(drips(SNEAKY, 3), says("a) -"))
    chat = real.chat()
    chat.begin(QUESTION)
    draft = chat.answers.last
    expect(draft).to_contain_text("See")
    while chat.stop_button.count():
        assert all(link.startswith(("/source/coaching?", "/?prompt=")) for link in links_of(draft))
        expect(draft.locator(".message-content img")).to_have_count(0)
    assert all(link.startswith(("/source/coaching?", "/?prompt=")) for link in links_of(draft))
    expect(draft.locator(".message-content img")).to_have_count(0)
    expect(draft).to_contain_text(QUOTED)


def test_where_the_model_breaks_off_quotes_stand_in_its_place_and_say_why(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(cuts(f"{QUOTED} [1] And then"))
    answer = real.chat().ask(QUESTION)
    expect(answer).to_contain_text("This answer is quoted and not written, because")
    expect(answer).to_contain_text(QUOTED)
    expect(answer).not_to_contain_text("And then")
    expect(answer).not_to_contain_text(SIGNS.verbatim)
    expect(answer.get_by_role("button", name=ANSWER.quotes_label)).to_have_count(0)


def test_where_the_model_cannot_be_asked_the_answer_is_quoted(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(status(401))
    answer = real.chat().ask(QUESTION)
    expect(answer).to_contain_text("because the language model did not accept the key")
    expect(answer).to_contain_text(QUOTED)


def test_the_stop_button_frees_the_model_and_leaves_what_was_shown(
    real: Visits, model: ScriptedModel
) -> None:
    model.does(hangs(f"{QUOTED} [1] {AGREED} [1] "))
    chat = real.chat()
    chat.begin(QUESTION)
    expect(chat.answers.last).to_contain_text(f"{QUOTED} [1] {SIGNS.verbatim}")
    chat.stop_button.click()
    assert eventually(lambda: model.cancelled == 1 and model.under_way == 0)
    expect(chat.answers).to_have_count(2)
    expect(chat.answers.first).to_contain_text(QUOTED)
    expect(chat.answers.first).to_contain_text(ANSWER.unfinished)
    expect(chat.answers.last).to_have_text(ANSWER.stopped)
    model.does(says(WRITTEN))  # there is one place at the model, and it is free
    expect(chat.ask(QUESTION)).to_contain_text(SIGNS.unsupported)
    expect(chat.notes).to_be_empty()


def test_a_model_on_this_computer_is_named_before_the_first_question(real: Visits) -> None:
    welcome = real.chat().page.locator("#welcome-screen")
    expect(welcome).to_contain_text(
        "The language model small runs on the computer of the assistant"
    )
    expect(welcome).to_contain_text("A language model writes the answers")
    expect(welcome).not_to_contain_text("is quoted from")


# --- with a script --------------------------------------------------------------------


def test_a_model_elsewhere_is_named_with_its_host_before_the_first_question(
    visits: Visits,
) -> None:
    where = {"MODEL": "openai-like:small", "MODEL_URL": "https://models.example/v1"}
    with scripted_chat(**where) as served:
        chat = visits.chat(address=served.address)
        expect(chat.page.locator("#welcome-screen")).to_contain_text(
            "Your questions and the passages found for them are sent to openai-like at "
            "models.example, where the language model small runs."
        )
        expect(chat.page.locator("#welcome-screen a")).to_have_count(0)
        chat.page.get_by_role("button", name="About", exact=True).click()
        about = chat.page.get_by_role("dialog")
        expect(about).to_contain_text("The language model small writes the answers")
        expect(about).to_contain_text("sent to openai-like at models.example")
        expect(about).not_to_contain_text("makes no sentence of its own")


def test_without_a_model_nothing_is_said_of_one(visits: Visits) -> None:
    chat = visits.chat()
    expect(chat.page.locator("#welcome-screen")).not_to_contain_text("language model")
    chat.page.get_by_role("button", name="About", exact=True).click()
    expect(chat.page.get_by_role("dialog")).to_contain_text("makes no sentence of its own")
    expect(chat.page.get_by_role("dialog")).not_to_contain_text("language model")


def test_quotes_take_the_place_of_an_answer_and_give_it_back(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("write")
    whole = words_of(answer)
    quotes = answer.get_by_role("button", name=ANSWER.quotes_label)
    back = answer.get_by_role("button", name=ANSWER.answer_label)
    expect(back).to_have_count(0)
    quotes.click()
    expect(answer).to_contain_text(ANSWER.quotes)
    expect(answer).to_contain_text("[1] “Opening words.”")
    expect(answer).not_to_contain_text(UNSAID)
    expect(quotes).to_have_count(0)
    chat.open_source(answer.get_by_role("link", name="[1]"))
    expect(chat.marks).to_have_text("Opening words.")
    chat.page.keyboard.press("Escape")
    back.click()
    expect(answer).to_contain_text(UNSAID)
    assert words_of(answer) == whole
    expect(back).to_have_count(0)


def test_quotes_are_turned_with_the_keyboard_and_that_is_announced(visits: Visits) -> None:
    chat = visits.chat()
    answer = chat.ask("write")
    quotes = answer.get_by_role("button", name=ANSWER.quotes_label)
    back = answer.get_by_role("button", name=ANSWER.answer_label)
    answer.get_by_role("button", name=STRINGS.take.button).focus()
    chat.page.keyboard.press("Tab")
    expect(answer.get_by_role("button", name=STRINGS.judge.button)).to_be_focused()
    chat.page.keyboard.press("Tab")
    expect(quotes).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(back).to_be_focused()
    expect(chat.announcer).to_have_text(STRINGS.page["quotes_shown"])
    chat.page.keyboard.press("Space")
    expect(quotes).to_be_focused()
    expect(chat.announcer).to_have_text(STRINGS.page["answer_shown"])


def test_the_answer_is_copied_also_while_its_quotes_are_shown(visits: Visits) -> None:
    chat = visits.chat(permissions=["clipboard-read", "clipboard-write"])
    answer = chat.ask("write")
    answer.get_by_role("button", name=ANSWER.quotes_label).click()
    expect(answer).to_contain_text(ANSWER.quotes)
    answer.get_by_role("button", name=ANSWER.copy_label).click()
    expect(chat.announcer).to_have_text(STRINGS.page["copied"])
    copied = str(chat.page.evaluate("() => navigator.clipboard.readText()"))
    assert f"{UNSAID} [1] (Not supported: {WHY})" in copied


def test_markup_of_the_model_is_shown_as_it_was_written(visits: Visits) -> None:
    answer = visits.chat().ask("markup")
    expect(answer).to_contain_text(BAD)
    expect(answer.locator(".message-content img")).to_have_count(0)
    assert all(link.startswith(("/source/", "/?prompt=")) for link in links_of(answer))


def test_a_break_while_it_is_written_loses_and_doubles_no_word(visits: Visits) -> None:
    chat = visits.chat()
    line = Line(chat)
    line.cut_after = '"stream_token"'
    chat.begin("slowly 0.3")
    chat.wait_until_returned()
    draft = chat.answers.first.locator(".message-content")
    expect(draft).to_contain_text(f"{SAID[1]} [1] {SIGNS.supported}")
    expect(chat.stop_button).to_be_visible()
    assert draft.inner_text().count(SAID[0]) == 1
    answer = chat.answer(0)
    expect(answer).to_contain_text(UNSAID)
    assert words_of(answer).count(UNSAID) == 1
    assert line.cuts == 1
    expect(answer.get_by_role("button", name=ANSWER.quotes_label)).to_have_count(1)
    expect(chat.notes).to_be_empty()


def test_that_it_is_asked_again_is_said_meanwhile(visits: Visits) -> None:
    chat = visits.chat()
    chat.begin("anew 2")
    expect(chat.answers.last).to_contain_text(ANSWER.again)
    expect(chat.answer(0)).not_to_contain_text(ANSWER.again)


def test_axe_finds_nothing_in_a_draft_an_answer_and_its_quotes(visits: Visits) -> None:
    chat = visits.chat()
    chat.begin("hang")
    expect(chat.answers.last).to_contain_text(SIGNS.verbatim)
    assert_nothing_is_found(chat.page)
    chat.stop_button.click()
    expect(chat.answers).to_have_count(2)
    answer = chat.ask("write")
    assert_nothing_is_found(settled(chat))
    answer.get_by_role("button", name=ANSWER.quotes_label).click()
    expect(answer).to_contain_text(ANSWER.quotes)
    assert_nothing_is_found(settled(chat))


SIDEWAYS = """
() => [...document.querySelectorAll("html, body, #root, .message-content")].some(
  (element) => element.scrollWidth > element.clientWidth + 1,
)
"""
AT_REST = """
() => new Promise((done) => {
  let before = "", same = 0;
  (function look() {
    const said = [...document.querySelectorAll("[data-step-type]")];
    const now = JSON.stringify(said.map((element) => element.getBoundingClientRect()));
    same = now === before ? same + 1 : 0;
    before = now;
    if (same < 15) requestAnimationFrame(look);
    else done();
  })();
})
"""


def test_on_a_phone_nothing_scrolls_sideways(visits: Visits) -> None:
    chat = visits.chat(viewport=PHONE)
    for question in ("markup", "write"):
        answer = chat.ask(question)
        assert fits(chat.page)
        answer.get_by_role("button", name=ANSWER.quotes_label).press("Enter")
        expect(answer).to_contain_text(ANSWER.quotes)
        assert fits(chat.page)


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen once what moves has come to rest. What moves away
    below the pointer is not pressed."""
    page.evaluate(AT_REST)
    return not page.evaluate(SIDEWAYS)


def test_a_reader_who_leaves_frees_the_model(real: Visits, model: ScriptedModel) -> None:
    model.does(hangs(f"{QUOTED} [1] {AGREED} [1] "))
    chat = real.chat()
    chat.begin(QUESTION)
    expect(chat.answers.last).to_contain_text(SIGNS.verbatim)
    chat.page.close()
    assert not eventually(lambda: model.under_way == 0, 5)
    assert eventually(lambda: model.under_way == 0, 20)
