"""Pictures of the chat for people: `python -m tests.browser.pictures FOLDER [INDEX]`.

Over the shipped library, in its default index if none is named. With the word "written" after the
index, only the answer that a language model wrote is taken.
"""

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from assistant.settings import default_index
from tests.chat.serving import chat_command
from tests.models.scripted_model import Body, Reply, ScriptedModel, says, words_of

# What a scripted model writes, and some words of the passage that it names.
_SENTENCES = (
    (
        "An implementation team should hold people who know the programme, people with authority, "
        "people who can use data and people who can speak for pupils, patients or families.",
        "An implementation team should hold",
    ),
    (
        "- A steering group can become the implementation team only if it also does the work and "
        "has time for it.",
        "A leadership or steering group can become",
    ),
    ("- A team needs a written purpose and at least 12 members.", "written purpose"),
)
_WIDE = {"width": 1280, "height": 860}
_TALL = {"width": 1280, "height": 1250}
_DESKTOP = {"width": 1280, "height": 800}
_PHONE = {"width": 390, "height": 844}


def _ask(page: Page, question: str) -> None:
    page.locator("#chat-input").press_sequentially(question)
    page.keyboard.press("Enter")
    page.locator("button[id^=copy-]").wait_for()
    page.wait_for_timeout(800)  # what moves has come to rest


def take(address: str, folder: Path) -> None:
    """First screen, source, disagreement, declined, a session plan, phone in the dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )

        def page(size: dict[str, int], scheme: str) -> Page:
            context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
            opened = context.new_page()
            opened.goto(address)
            opened.locator("#starters button").first.wait_for()
            opened.wait_for_timeout(800)
            return opened

        first = page(_WIDE, "light")
        first.screenshot(path=folder / "first-screen.png")
        _ask(first, "Should we scale up or scale out?")
        first.screenshot(path=folder / "disagreement.png")
        first.locator('.message-content a[href^="/source/"]').nth(1).click()
        first.locator("mark").first.wait_for()
        first.wait_for_timeout(300)
        first.screenshot(path=folder / "source.png")
        declined = page(_WIDE, "light")
        _ask(declined, "How many schools in Leeds use our programme?")
        declined.screenshot(path=folder / "declined.png")
        coach = page(_TALL, "light")
        coach.locator("#chat-profiles").click()
        coach.get_by_role("option", name="Prepare a session").click()
        coach.get_by_role("button", name="Plan me a 90-minute session").click()
        coach.locator("button[id^=copy-]").wait_for(timeout=90_000)
        coach.wait_for_timeout(800)
        coach.get_by_role("heading", name="Exploration").first.scroll_into_view_if_needed()
        coach.screenshot(path=folder / "session-plan.png")
        phone = page(_PHONE, "dark")
        _ask(phone, "Our champion's leaving in six weeks. Help!")
        phone.screenshot(path=folder / "phone.png")
        browser.close()


def take_own_document(address: str, folder: Path, question: str) -> None:
    """A PDF of a team's own, open at the page beside the passage: the question has to be answered
    from one."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_context(viewport=_DESKTOP, color_scheme="light").new_page()  # type: ignore[arg-type]
        page.goto(address)
        page.locator("#starters button").first.wait_for()
        page.wait_for_timeout(800)
        _ask(page, question)
        page.locator('.message-content a[href^="/source/"][title*=", page "]').first.click()
        page.locator(".side-pdf canvas").wait_for()
        page.wait_for_timeout(1500)  # the page is drawn
        page.screenshot(path=folder / "own-document.png")
        browser.close()


def take_written(index: Path, folder: Path) -> None:
    """An answer of a scripted language model, with a sentence that the passage does not say."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        ScriptedModel(_written, says("a) Nothing better.")) as model,
        chat_command(
            index, ASSISTANT_MODEL="openai-like:small", ASSISTANT_MODEL_URL=model.address,
            ASSISTANT_UNSUPPORTED="show",
        ) as served,
        sync_playwright() as player,
    ):  # fmt: skip
        served.wait_until_ready(600)
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_context(viewport=_WIDE, color_scheme="light").new_page()  # type: ignore[arg-type]
        page.goto(served.address)
        page.locator("#starters button").first.wait_for()
        page.wait_for_timeout(800)
        _ask(page, "Who should be on the implementation team?")
        page.screenshot(path=folder / "written-answer.png")
        browser.close()


def _written(body: Body) -> Reply:
    """An answer as a model may write it: each sentence with the number of the passage that holds
    the words beside it."""
    passages = re.findall(r"<<<PASSAGE (\d+): (.*?)PASSAGE>>>", words_of(body), re.DOTALL)
    lines = []
    for sentence, held in _SENTENCES:
        number = next((number for number, text in passages if held in text), "1")
        lines.append(f"{sentence} [{number}]")
    return says("\n".join(lines))


if __name__ == "__main__":
    # A question makes the picture of a PDF that the index holds; without one, all the others.
    folder, *rest = sys.argv[1:]
    index = Path(rest[0]) if rest else default_index()
    if rest[1:] != ["written"]:
        with chat_command(index) as served:
            served.wait_until_ready(600)
            if rest[1:]:
                take_own_document(served.address, Path(folder), rest[1])
            else:
                take(served.address, Path(folder))
    if not rest[1:] or rest[1:] == ["written"]:
        take_written(index, Path(folder))
