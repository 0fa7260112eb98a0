"""The chat as somebody in front of it uses it."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    WebError,
    expect,
)

from assistant.chat.strings import read_strings

STRINGS = read_strings()
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
ZERO_WIDTH = "\u200b"

# The server's word that a conversation has begun or was taken up again, that a page is back after
# a break, and which replies are complete, put where a test can wait for it. Chainlit's page
# connects twice when the machine is slow, and then the first word may be lost and only the second
# come.
TOLD = """
addEventListener("message", ({ data }) => {
  const { dataset } = document.documentElement;
  const kinds = ["began", "resumed", "returned"];
  if (kinds.includes(data?.kind)) dataset.began = dataset[data.kind] = "yes";
  if (data?.kind === "answer") dataset.complete = `${dataset.complete ?? ""} ${data.id}`;
});
"""

expect.set_options(timeout=20_000)


class Chat:
    """One page of the chat."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.locator("#chat-input")
        self.starters = page.locator("#starters button")
        self.questions = page.locator("[data-step-type=user_message]")
        self.answers = page.locator("[data-step-type=assistant_message]")
        self.panel = page.locator("#source-panel")
        self.marks = self.panel.locator("mark")
        self.notes = page.locator("#notes")
        self.announcer = page.locator("#announcer")
        self.stop_button = page.locator("#stop-button")

    def wait_until_ready(self) -> None:
        """Until a question is taken."""
        expect(self.page.locator("html")).to_have_attribute("data-began", "yes")
        expect(self.starters.first).to_be_enabled()

    def wait_until_resumed(self, questions: int) -> None:
        """Until a conversation of so many questions is on the page again."""
        expect(self.page.locator("html")).to_have_attribute("data-resumed", "yes")
        expect(self.questions).to_have_count(questions)
        expect(self.answers).to_have_count(questions)
        expect(self.stop_button).to_have_count(0)

    def wait_until_returned(self) -> None:
        """Until a broken connection is taken up again."""
        expect(self.page.locator("html")).to_have_attribute("data-returned", "yes")

    def type(self, question: str) -> None:
        """Into the box, until it can be sent."""
        self.box.press_sequentially(question)
        expect(self.page.locator("#chat-submit")).to_be_enabled()

    def begin(self, question: str) -> None:
        """Ask and wait until it is under way."""
        asked = self.questions.count()
        self.type(question)
        self.page.keyboard.press("Enter")
        expect(self.questions).to_have_count(asked + 1)

    def ask(self, question: str) -> Locator:
        """Ask and wait; gives what was answered."""
        number = self.answers.count()
        self.begin(question)
        answer = self.answer(number)
        step = answer.locator("[id^=step-]").first.get_attribute("id") or ""
        complete = re.compile(re.escape(step.removeprefix("step-")))
        expect(self.page.locator("html")).to_have_attribute("data-complete", complete)
        return answer

    def answer(self, number: int) -> Locator:
        """The answer with that number, from 0, once it is complete."""
        expect(self.answers).to_have_count(number + 1)
        expect(self.stop_button).to_have_count(0)
        return self.answers.nth(number)

    def begin_anew(self) -> None:
        """Leave this conversation for a new one."""
        self.page.locator("#new-chat-button").click()
        self.page.locator("#confirm").click()
        expect(self.questions).to_have_count(0)
        expect(self.starters.first).to_be_enabled()

    def open_source(self, link: Locator) -> None:
        """Press a number and wait for its source."""
        link.click()
        expect(self.panel.locator("#source-content")).to_be_focused()
        expect(self.panel.locator("mark").first).to_be_visible()


class Visits:
    """Opens pages, and keeps what they asked of other hosts and what they complained of."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        self.expected: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def open(self, path: str = "/", address: str = "", **options: Any) -> Page:
        """A page of its own, with nothing remembered."""
        page = self.blank(address, **options)
        page.goto((address or self.address) + path)
        return page

    def blank(self, address: str = "", script: str = "", **options: Any) -> Page:
        """Such a page before anything is asked. `script` runs before those of the chat."""
        address = address or self.address
        context = self._browser.new_context(**({"viewport": WIDE} | options))
        self._contexts.append(context)
        context.on("request", lambda request: self._note_request(request, address))
        context.on("console", self._note_console)
        context.on("weberror", self._note_error)
        context.add_init_script(TOLD + script)
        page = context.new_page()
        page.on("websocket", lambda socket: self._note_address(socket.url, address))
        return page

    def chat(self, path: str = "/", **options: Any) -> Chat:
        """The chat, ready for a question."""
        chat = Chat(self.open(path, **options))
        chat.wait_until_ready()
        return chat

    def close(self, pictures: Path) -> None:
        """Leave a picture of every page, and close it."""
        for number, context in enumerate(self._contexts):
            for page in context.pages:
                page.screenshot(path=pictures / f"page-{number}.png")
            context.close()

    def _note_request(self, request: Request, address: str) -> None:
        self._note_address(request.url, address)

    def _note_address(self, url: str, address: str) -> None:
        own = (f"{address}/", f"ws{address.removeprefix('http')}/", "data:", "blob:")
        if not url.startswith(own):
            self.elsewhere.append(url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complain(f"{message.text} {message.location['url']}")

    def _note_error(self, error: WebError) -> None:
        self._complain(str(error.error))

    def _complain(self, text: str) -> None:
        if not any(expected in text for expected in self.expected):
            self.complaints.append(text)


def shown(text: str) -> str:
    """Text as a page shows it: what has no width is not to be seen."""
    return text.replace(ZERO_WIDTH, "")
