"""The pages that the server writes itself, from templates. Everything put in is escaped."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urldefrag, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assistant.chat.excerpt import Excerpt
from assistant.chat.files import file_link, has_pages
from assistant.chat.happenings import Failure
from assistant.chat.opening import Readiness
from assistant.chat.status import Section, shown
from assistant.chat.strings import Strings
from assistant.prompts import fill
from assistant.records import Page, Source

State = Literal["current", "older", "gone"]
"""Of a text that was cited: whether it is still the document's, or the document is another by now,
or not there any more."""
_TEMPLATES = Path(__file__).with_name("templates")


class Pages:
    """Pages as HTML."""

    def __init__(self, strings: Strings) -> None:
        self.strings = strings
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
        )
        self._environment = environment
        environment.globals["strings"] = strings
        environment.filters["page_name"] = self.page_name
        environment.filters["shown"] = shown

    def chat(self, assets: Sequence[str], alone: bool = False, largest: int = 0) -> str:
        """The page of the chat, around Chainlit's application. `assets` are the tags of its
        scripts and styles. Who is `alone` cannot sign out. `largest` is in bytes of a document
        that may be added; 0 where none may."""
        words, most = self.strings.upload, str(largest // 1_000_000)
        return self._render(
            "chat.html", assets=assets, alone=alone, largest=largest,
            upload_text=fill(words.text, most=most), too_large=fill(words.too_large, most=most),
        )  # fmt: skip

    def preparing(self, readiness: Readiness) -> str:
        """What is shown until the chat can be used, or why it cannot."""
        return self._render("preparing.html", readiness=readiness)

    def source(
        self, source: Source, excerpt: Excerpt, whole: str, anchor: str = "", own: bool = False,
        state: State = "current",
    ) -> str:  # fmt: skip
        """A document around a quote. `whole` is the address that shows all of it, `anchor` the
        name of the place in the original. The file of an `own` document can be had. `state` is
        what has become of the document since."""
        page = excerpt.page if has_pages(source) and state == "current" else None
        return self._render(
            "source.html",
            source=source,
            excerpt=excerpt,
            runs=[(kind, list(run)) for kind, run in groupby(excerpt.blocks, attrgetter("kind"))],
            original=_original(source.url, anchor),
            whole=whole,
            page=page,
            open_page=page and fill(self.strings.pages["open_page"], number=str(page.number)),
            file=file_link(source) if page or (own and state == "current") else None,
            state=state,
        )

    def page_name(self, page: Page) -> str:
        """A page by its place in the file, and by the number printed on it if it is another."""
        pages, number = self.strings.pages, str(page.number)
        if page.label in (None, "", number):
            return fill(pages["page"], number=number)
        return fill(pages["page_printed"], number=number, label=str(page.label))

    def sign_in(self, place: str, problem: str, passwords: bool, provider: str = "") -> str:
        """The form for a name and a password, or the way to the `provider` (a host), where that is
        wanted; and where to go then."""
        elsewhere = fill(self.strings.pages["sign_in_with"], host=provider) if provider else ""
        return self._render(
            "login.html", next=place, problem=problem, passwords=passwords, elsewhere=elsewhere
        )

    def own_data(
        self, keeps: bool, where: str, rows: Sequence[tuple[str, str]], deleted: str | None,
        admin: bool = False,
    ) -> str:  # fmt: skip
        """What is kept, `where` and until when (`rows`), and what was just `deleted` of it. An
        `admin` is shown the way to the status."""
        return self._render(
            "data.html", keeps=keeps, where=where, rows=rows, deleted=deleted, admin=admin
        )

    def status(self, sections: Sequence[Section], failures: Sequence[Failure]) -> str:
        """How the server is doing, and its last errors, latest first."""
        return self._render("status.html", sections=sections, failures=failures)

    def for_admins(self) -> str:
        """A page that is not for everybody."""
        return self._message("for_admins", "for_admins_text")

    def too_large(self) -> str:
        """Somebody sends more than is taken."""
        return self._message("too_large", "")

    def missing(self) -> str:
        """No such address."""
        return self._message("not_found", "")

    def no_passage(self) -> str:
        """A link into a document that names no place in it."""
        return self._message("not_found", "no_passage")

    def replaced(self) -> str:
        """A link into a document that is another now."""
        return self._message("replaced", "replaced_text")

    def replaced_file(self) -> str:
        """A link to the file of a document that is another now."""
        return self._message("replaced", "file_replaced")

    def gone(self) -> str:
        """A link into a document that is not there any more."""
        return self._message("removed", "removed_text")

    def not_kept(self) -> str:
        """A link to a file of a conversation that is over."""
        return self._message("not_kept", "not_kept_text")

    def not_taken(self, problem: str) -> str:
        """What is kept cannot be a file of that format; the problem says what to do."""
        return self._render("message.html", title=self.strings.pages["not_taken"], text=problem)

    def failed(self, problem: str) -> str:
        """Something is wrong; the problem says what to do."""
        return self._render("message.html", title=self.strings.failure.title, text=problem)

    def refused(self, name: str | None) -> str:
        """For a Host that is not ours, or for a page of another origin (None)."""
        pages = self.strings.pages
        line = pages["refused_origin_text"]
        if name is not None:
            line = fill(pages["refused_text"], name=f"“{name}”")
        return self._render("message.html", title=pages["refused"], text=line)

    def _message(self, title: str, text: str) -> str:
        pages = self.strings.pages
        return self._render("message.html", title=pages[title], text=pages.get(text, ""))

    def _render(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(**values)


def _original(url: str | None, anchor: str) -> str | None:
    """Where the original is on the web, at the place of that name."""
    if not url or not _is_web_address(url):
        return None
    return f"{urldefrag(url).url}#{quote(anchor, safe='')}" if anchor else url


def _is_web_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
