"""Stopping, reloading, and a server that goes away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.browser.restarts import UNREACHED, free_port, replaced
from tests.browser.visits import STRINGS, Chat, Visits
from tests.chat.serving import scripted_chat
from tests.fakes import QUOTES

LOST = STRINGS.chainlit["common"]["status"]["error"]["serverConnection"]


def assert_asks_again(chat: Chat, question: str, why: str = "") -> None:
    expect(chat.notes.locator("p")).to_have_text(f"{why} {STRINGS.page['unanswered']}".strip())
    expect(chat.notes.locator("blockquote")).to_have_text(question)
    asked, answered = chat.questions.count(), chat.answers.count()
    chat.notes.get_by_role("button", name=STRINGS.page["ask_again"]).click()
    expect(chat.questions).to_have_count(asked + 1)
    expect(chat.questions.last).to_have_text(question)
    expect(chat.notes).to_be_empty()
    expect(chat.answer(answered)).to_contain_text("Opening words. [1]")


def test_a_question_is_stopped_with_the_button_and_the_next_one_is_answered(
    visits: Visits,
) -> None:
    chat = visits.chat()
    chat.begin("slow 8")
    chat.page.get_by_role("button", name=STRINGS.page["stop"]).click()
    expect(chat.answer(0).locator(".message-content")).to_have_text(STRINGS.answer.stopped)
    expect(chat.ask("quote colon")).to_contain_text(QUOTES["colon"])
    expect(chat.answers).to_have_count(2)
    chat.page.reload()
    chat.wait_until_resumed(1)
    expect(chat.notes).to_be_empty()


def test_a_question_interrupted_by_a_reload_can_be_asked_again(visits: Visits) -> None:
    chat = visits.chat()
    chat.begin("slow 4")
    chat.page.reload()
    chat.wait_until_ready()
    expect(chat.questions).to_have_count(0)
    assert_asks_again(chat, "slow 4")
    chat.page.reload()
    chat.wait_until_resumed(1)
    expect(chat.notes).to_be_empty()


def test_a_note_that_was_closed_does_not_come_back(visits: Visits) -> None:
    chat = visits.chat()
    chat.begin("slow 4")
    chat.page.reload()
    chat.notes.get_by_role("button", name=STRINGS.page["dismiss"]).click()
    expect(chat.notes).to_be_empty()
    chat.page.reload()
    chat.wait_until_ready()
    expect(chat.notes).to_be_empty()


def test_nothing_is_offered_again_in_another_tab(visits: Visits) -> None:
    chat = visits.chat()
    chat.begin("slow 4")
    other = chat.page.context.new_page()
    other.goto(visits.address)
    expect(other.locator("#starters button").first).to_be_enabled()
    expect(other.locator("#notes")).to_be_empty()


def test_an_answered_question_is_not_offered_again(visits: Visits) -> None:
    chat = visits.chat()
    for question, kept in (("quote colon", 1), ("paint", 2), ("broken", 2)):
        chat.ask(question)
        chat.page.reload()
        chat.wait_until_resumed(kept)
        expect(chat.notes).to_be_empty()


# The page looks at what is new before it is drawn; on a busy computer that is late.
LATE = "window.requestAnimationFrame = (look) => setTimeout(look, 4000);"


def test_a_question_that_was_answered_at_once_is_not_offered_again(visits: Visits) -> None:
    chat = visits.chat(script=LATE)
    answer = chat.ask("quote colon")
    expect(answer).to_contain_text(QUOTES["colon"])
    chat.page.wait_for_timeout(4500)
    chat.page.reload()
    chat.wait_until_resumed(1)
    expect(chat.notes).to_be_empty()


class Line:
    """The connection between the page and the server, which can be cut and kept broken."""

    def __init__(self, chat: Chat) -> None:
        self.cut_after = ""
        self.lost = ""
        self.broken = False
        self._joined = 0
        chat.page.route_web_socket(re.compile(r"/ws/socket\.io/"), self._join)
        chat.page.reload()
        chat.wait_until_ready()

    @property
    def cuts(self) -> int:
        return self._joined - 1

    def _join(self, page: WebSocketRoute) -> None:
        if self.broken:
            page.close()
            return
        self._joined += 1
        server = page.connect_to_server()

        def hand_on(to: WebSocketRoute, message: str | bytes) -> None:
            if self.lost and self.lost in str(message):
                self.lost = ""
                page.close()
                server.close()
                return
            to.send(message)
            if self.cut_after and self.cut_after in str(message):
                self.cut_after = ""
                page.close()
                server.close()

        page.on_message(lambda message: hand_on(server, message))
        server.on_message(lambda message: hand_on(page, message))


@pytest.mark.parametrize("sign", ['"client_message"', '"on_message"'], ids=["asked", "begun"])
def test_a_connection_that_breaks_for_a_moment_changes_nothing(visits: Visits, sign: str) -> None:
    chat = visits.chat()
    line = Line(chat)
    chat.ask("before the break")
    line.cut_after = sign
    chat.begin("slow 8")
    expect(chat.answers).to_have_count(2)
    expect(chat.answers.last).to_contain_text("before the break | slow 8")
    assert line.cuts == 1
    expect(chat.page.locator("#session-error")).to_have_count(0)
    expect(chat.notes).to_be_empty()
    expect(chat.ask("after it")).to_contain_text("before the break | slow 8 | after it")


def test_an_answer_that_was_given_while_the_connection_was_broken_comes_after_it(
    visits: Visits,
) -> None:
    chat, other = visits.chat(), visits.chat()
    line = Line(chat)
    line.broken, line.cut_after = True, '"client_message"'
    chat.begin("slow 2")
    other.ask("slow 3")
    expect(chat.page.get_by_role("alert").filter(has_text=LOST)).to_be_visible()
    expect(chat.answers).to_have_count(0)
    line.broken = False
    answer = chat.answer(0)
    expect(answer).to_contain_text("Opening words. [1]")
    expect(answer.get_by_role("button", name=STRINGS.answer.copy_label)).to_have_count(1)
    expect(chat.notes).to_be_empty()


def test_an_answer_that_came_before_a_break_is_there_once_after_it(visits: Visits) -> None:
    chat = visits.chat()
    line = Line(chat)
    line.cut_after = '"task_end"'
    answer = chat.ask("quote colon")
    expect(answer).to_contain_text(QUOTES["colon"])
    expect(chat.answers).to_have_count(1)
    expect(chat.announcer).to_contain_text(QUOTES["colon"])
    chat.announcer.evaluate("announcer => { announcer.textContent = '' }")
    chat.wait_until_returned()
    chat.page.wait_for_timeout(300)  # longer than a text takes to be announced
    expect(chat.announcer).to_be_empty()
    expect(answer.get_by_role("button", name=STRINGS.answer.copy_label)).to_have_count(1)
    expect(chat.notes).to_be_empty()


def test_a_question_that_never_reached_the_server_can_be_asked_again(visits: Visits) -> None:
    chat = visits.chat()
    line = Line(chat)
    line.lost = '"client_message"'
    chat.begin("lost on the way")
    assert_asks_again(chat, "lost on the way")


def test_a_question_under_way_can_still_be_stopped_after_a_break(visits: Visits) -> None:
    chat = visits.chat()
    line = Line(chat)
    line.cut_after = '"client_message"'
    chat.begin("slow 12")
    chat.wait_until_returned()
    chat.stop_button.click()
    expect(chat.answer(0).locator(".message-content")).to_have_text(STRINGS.answer.stopped)


def test_a_server_that_stopped_is_said_in_our_words(visits: Visits) -> None:
    visits.expected += UNREACHED
    with scripted_chat() as served:
        chat = visits.chat(address=served.address)
        answer = chat.ask("quote colon")
        served.process.kill()
        alert = chat.page.get_by_role("alert").filter(has_text=LOST)
        expect(alert).to_be_visible()
        expect(answer).to_be_visible()
        answer.get_by_role("link", name="[1]").first.click()
        expect(chat.panel).to_contain_text(STRINGS.page["source_failed"])


def test_a_restarted_server_takes_the_conversation_up_again(visits: Visits, tmp_path: Path) -> None:
    visits.expected += UNREACHED
    kept = {"DATABASE": f"sqlite:///{tmp_path}/history.db"}
    with scripted_chat(PORT=free_port(), **kept) as first:
        chat = visits.chat(address=first.address)
        chat.ask("known to the first")
        expect(chat.page.locator("[data-sidebar=menu-button]")).to_have_count(1)
        with replaced(first, **kept):
            chat.wait_until_resumed(1)
            expect(chat.page.locator("#session-error")).to_have_count(0)
            expect(chat.notes).to_be_empty()
            expect(chat.ask("next")).to_contain_text("known to the first | next")
            expect(chat.questions).to_have_count(2)


def test_a_restarted_server_that_keeps_nothing_says_that_the_conversation_is_not_known_any_more(
    visits: Visits,
) -> None:
    visits.expected += UNREACHED
    with scripted_chat(PORT=free_port(), WAY="guests") as first:
        chat = visits.chat(address=first.address)
        chat.ask("known to the first")
        with replaced(first, WAY="guests"):
            expect(chat.notes).to_contain_text(STRINGS.page["restarted"])
            expect(chat.page.locator("#session-error")).to_have_count(0)
            expect(chat.questions).to_have_count(1)
            answer = chat.ask("quote colon")
            expect(answer).to_contain_text(QUOTES["colon"])
            expect(chat.notes).to_be_empty()
            expect(chat.ask("next")).not_to_contain_text("known to the first")


def test_a_restarted_server_without_its_database_says_that_the_conversation_is_gone(
    visits: Visits,
) -> None:
    visits.expected += [*UNREACHED, "401 (Unauthorized)"]
    with scripted_chat(PORT=free_port()) as first:
        chat = visits.chat(address=first.address)
        chat.ask("known to the first")
        with replaced(first):
            expect(chat.notes).to_contain_text(STRINGS.page["gone"])
            chat.wait_until_ready()
            expect(chat.page.locator("#session-error")).to_have_count(0)
            expect(chat.questions).to_have_count(0)
            expect(chat.ask("quote colon")).to_contain_text(QUOTES["colon"])
            expect(chat.notes).to_be_empty()
            expect(chat.ask("next")).not_to_contain_text("known to the first")


def test_a_question_that_a_restart_interrupted_can_be_asked_again(
    visits: Visits, tmp_path: Path
) -> None:
    visits.expected += UNREACHED
    kept = {"DATABASE": f"sqlite:///{tmp_path}/history.db"}
    with scripted_chat(PORT=free_port(), **kept) as first:
        chat = visits.chat(address=first.address)
        chat.begin("slow 4")
        expect(chat.page).to_have_url(re.compile("/thread/"))  # the page goes there at once
        with replaced(first, **kept):
            assert_asks_again(chat, "slow 4")


def test_a_page_without_a_conversation_is_not_told_of_a_restart(
    visits: Visits, tmp_path: Path
) -> None:
    visits.expected += UNREACHED
    kept = {"DATABASE": f"sqlite:///{tmp_path}/history.db"}
    with scripted_chat(PORT=free_port(), **kept) as first:
        chat = visits.chat(address=first.address)
        began = "() => document.documentElement.removeAttribute('data-began')"
        chat.page.evaluate(began)
        with replaced(first, **kept):
            chat.wait_until_ready()
            expect(chat.notes).to_be_empty()
            expect(chat.ask("quote colon")).to_contain_text(QUOTES["colon"])
