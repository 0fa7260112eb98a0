import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

import assistant.chat.pages
from assistant.chat.excerpt import excerpt
from assistant.chat.happenings import Failure
from assistant.chat.opening import Readiness
from assistant.chat.pages import Pages, State
from assistant.chat.status import Section
from assistant.chat.strings import read_strings
from assistant.records import Page as Page_
from assistant.records import Source, SourcePart

STRINGS = read_strings()
PAGES = Pages(STRINGS)
WORDS = STRINGS.pages
HOSTILE = (
    "</mark></p></title><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{ 7*7 }}"
)
VOID = {"meta", "link", "img", "br", "hr", "input"}
TEXTS = st.lists(
    st.sampled_from(["\n\n", "\n", " ", "- ", "1. ", "<b>", "</mark>", "&amp;", "&", '"', "{{"])
    | st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=5),
    max_size=20,
).map("".join)


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], within: Sequence[str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.within = tuple(within)
        self.text = ""


class Page(HTMLParser):
    """The elements of a page in order, each with all the text inside it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert [element.tag for element in self._open] == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        within = [element.tag for element in self._open]
        element = Element(tag, {name: value or "" for name, value in attrs}, within)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, name: str = "") -> list[Element]:
        return [
            e
            for e in self.elements
            if e.tag == tag and (not name or e.attributes.get("class") == name)
        ]

    def one(self, tag: str, name: str = "") -> Element:
        (element,) = self.all(tag, name)
        return element


def source(text: str = "One. Two.\n\nThree.", section: str = "Start", **changes: object) -> Source:
    fields: dict[str, object] = {
        "document_id": "guide", "title": "A guide", "publisher": "Us", "year": 2024,
        "url": "https://original.example/guide", "sha256": "0", "text": text,
        "parts": (SourcePart(start=0, end=max(len(text), 1), section=section),),
    }  # fmt: skip
    return Source.model_validate(fields | changes)


def pdf(*labels: str | None, text: str = "One. Two.\n\nThree.") -> Source:
    """A PDF whose pages begin at each paragraph."""
    starts = [0, *(gap.end() for gap in re.finditer("\n\n", text))]
    pages = tuple(
        Page_(start=start, end=start + 1, number=number, label=label)
        for number, (start, label) in enumerate(zip(starts, labels, strict=True), 1)
    )
    return source(text, pages=pages, file="Our manual.PDF", document_id="own/manual")


PDF = pdf(None, "iv")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OLDER = source(replaced=True, parts=())


def source_page(made: Source, start: int = 0, end: int = 4, around: int | None = None) -> Page:
    return Page(PAGES.source(made, excerpt(made, start, end, around), "/source/guide?whole=1&a=2"))


def every_page() -> dict[str, str]:
    made = source("Head\n\nOne.\n\n- two\n- three", "Head")
    return {
        "chat": PAGES.chat(['<script src="/assets/a.js"></script>']),
        "preparing": PAGES.preparing(Readiness("preparing", "Reading", 3, 9)),
        "preparing uncounted": PAGES.preparing(Readiness("preparing", "Loading")),
        "cannot start": PAGES.preparing(Readiness("failed", problem="No room.")),
        "source": PAGES.source(made, excerpt(made, 6, 9), "/whole"),
        "cut source": PAGES.source(made, excerpt(made, 6, 9, 2), "/whole"),
        "missing": PAGES.missing(),
        "no passage": PAGES.no_passage(),
        "PDF": PAGES.source(PDF, excerpt(PDF, 0, 4), "/whole"),
        "older text": PAGES.source(OLDER, excerpt(OLDER, 0, 4), "/whole", state="older"),
        "removed text": PAGES.source(OLDER, excerpt(OLDER, 0, 4), "/whole", state="gone"),
        "too large": PAGES.too_large(),
        "own data": PAGES.own_data(True, "Here.", [("What", "Until when")], None),
        "own data deleted": PAGES.own_data(False, "Here.", [], "All is deleted."),
        "own data of an admin": PAGES.own_data(True, "Here.", [], None, True),
        "status": PAGES.status([Section("Now", (("Waiting", "3"),))], []),
        "status with errors": PAGES.status([], [Failure(NOON, "StoreError", "/a/failure.log")]),
        "for admins": PAGES.for_admins(),
        "sign in": PAGES.sign_in("/", "", True),
        "sign in elsewhere": PAGES.sign_in("/", "Wait.", False),
        "replaced": PAGES.replaced(),
        "replaced file": PAGES.replaced_file(),
        "gone": PAGES.gone(),
        "failed": PAGES.failed("It is broken."),
        "refused": PAGES.refused("evil.example"),
        "refused origin": PAGES.refused(None),
    }


# --- all pages ------------------------------------------------------------------------


@pytest.mark.parametrize("name", every_page())
def test_every_page_is_whole_and_named_and_loads_nothing_from_elsewhere(name: str) -> None:
    html = every_page()[name]
    page = Page(html)
    assert html.startswith("<!doctype html>\n")
    assert page.one("html").attributes["lang"] == "en"
    assert page.one("title").text.endswith(STRINGS.name)
    assert page.one("body")
    loaded = [
        e.attributes.get("src") or e.attributes["href"]
        for e in page.elements
        if e.tag in ("script", "link", "img") and {"src", "href"} & e.attributes.keys()
    ]
    assert loaded
    assert all(re.match(r"/\w", address) for address in loaded)


def test_every_template_is_used_by_a_page() -> None:
    folder = Path(assistant.chat.pages.__file__).with_name("templates")
    code = Path(assistant.chat.pages.__file__).read_text("utf-8")
    named = set(re.findall(r'"(\w+\.html)"', code))
    extended = {
        base
        for path in folder.iterdir()
        for base in re.findall(r'{% extends "(.+?)" %}', path.read_text("utf-8"))
    }
    assert {path.name for path in folder.iterdir()} == named | extended


def test_a_word_that_is_lacking_is_an_error_and_no_gap() -> None:
    lacking = Pages(STRINGS.model_copy(update={"pages": {}}))
    made = source()
    with pytest.raises(UndefinedError, match="preparing"):
        lacking.preparing(Readiness("preparing", "Reading"))
    with pytest.raises(UndefinedError, match="published"):
        lacking.source(made, excerpt(made, 0, 4), "/whole")
    with pytest.raises(UndefinedError, match="to_chat"):
        lacking.failed("It is broken.")
    with pytest.raises(UndefinedError, match="no_script"):
        Pages(STRINGS.model_copy(update={"page": {}})).chat([])


# --- the page of the chat -------------------------------------------------------------


def test_the_page_of_the_chat_holds_the_tags_as_they_are_and_the_words_for_our_script() -> None:
    tags = [
        '<script type="module" crossorigin src="/assets/index-a.js"></script>',
        '<link rel="stylesheet" crossorigin href="/assets/index-b.css">',
    ]
    html = PAGES.chat(tags)
    assert html.index(tags[0]) < html.index(tags[1])
    page = Page(html)
    words = next(e for e in page.all("script") if e.attributes.get("id") == "strings")
    assert json.loads(words.text) == STRINGS.page
    sources = [e.attributes["src"] for e in page.all("script") if "src" in e.attributes]
    assert sources == ["/public/before.js", "/assets/index-a.js", "/public/chat.js"]
    assert page.one("noscript").text == STRINGS.page["no_script"]
    assert page.one("h1").text == STRINGS.name


def test_words_for_our_script_cannot_end_the_script() -> None:
    pages = Pages(STRINGS.model_copy(update={"page": STRINGS.page | {"send": HOSTILE}}))
    page = Page(pages.chat([]))
    words = next(e for e in page.all("script") if e.attributes.get("id") == "strings")
    assert json.loads(words.text)["send"] == HOSTILE
    assert page.all("img") == []


# --- getting ready --------------------------------------------------------------------


def test_a_preparation_that_can_be_counted_shows_how_far_it_is() -> None:
    page = Page(PAGES.preparing(Readiness("preparing", "Reading <the> guidance", 3, 9)))
    assert page.one("progress").attributes["max"] == "9"
    assert page.one("progress").attributes["value"] == "3"
    assert [e.text for e in page.all("p")][-1] == "Reading <the> guidance"
    assert page.one("h1").text == WORDS["preparing"]
    assert page.all("form") == []


def test_a_count_that_has_just_begun_is_shown_as_nothing_done() -> None:
    page = Page(PAGES.preparing(Readiness("preparing", "Reading", 0, 9)))
    assert page.one("progress").attributes["value"] == "0"


def test_a_preparation_that_cannot_be_counted_names_only_its_step() -> None:
    page = Page(PAGES.preparing(Readiness("preparing", WORDS["loading"])))
    assert page.one("progress").attributes.keys() == {"id", "aria-labelledby"}
    assert [e.text for e in page.all("p")] == [WORDS["preparing_text"], WORDS["loading"]]


def test_the_page_looks_again_with_and_without_scripts() -> None:
    page = Page(PAGES.preparing(Readiness("preparing", "Reading")))
    assert page.one("script").attributes["src"] == "/public/preparing.js"
    refresh = next(e for e in page.all("meta") if e.attributes.get("http-equiv") == "refresh")
    assert refresh.within[-1] == "noscript"


def test_a_preparation_that_failed_says_why_and_offers_to_try_again() -> None:
    page = Page(PAGES.preparing(Readiness("failed", problem=f"No room. {HOSTILE}")))
    assert page.one("h1").text == WORDS["failed"]
    assert page.one("p").text == f"No room. {HOSTILE}"
    assert page.one("p").attributes["role"] == "alert"
    form = page.one("form").attributes
    assert (form["method"], form["action"]) == ("post", "/prepare")
    assert page.one("button").text == WORDS["try_again"]
    assert page.all("progress") == []


def test_the_title_of_a_preparation_that_failed_says_so() -> None:
    page = Page(PAGES.preparing(Readiness("failed", problem="No room.")))
    assert page.one("title").text == f"{WORDS['failed']} – {STRINGS.name}"


# --- messages -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "title", "text"),
    [
        (PAGES.missing(), "not_found", ""),
        (PAGES.no_passage(), "not_found", "no_passage"),
        (PAGES.replaced(), "replaced", "replaced_text"),
        (PAGES.replaced_file(), "replaced", "file_replaced"),
        (PAGES.gone(), "removed", "removed_text"),
        (PAGES.not_kept(), "not_kept", "not_kept_text"),
        (PAGES.too_large(), "too_large", ""),
        (PAGES.refused(None), "refused", "refused_origin_text"),
    ],
)
def test_a_message_says_what_is_wrong_and_leads_to_the_chat(
    html: str, title: str, text: str
) -> None:
    page = Page(html)
    assert page.one("h1").text == WORDS[title]
    assert page.all("p")[0].text == (WORDS[text] if text else "")
    assert page.one("title").text == f"{WORDS[title]} – {STRINGS.name}"
    assert (page.one("a").attributes, page.one("a").text) == ({"href": "/"}, WORDS["to_chat"])


def test_a_failure_shows_its_problem_escaped() -> None:
    page = Page(PAGES.failed(HOSTILE))
    assert page.one("h1").text == STRINGS.failure.title
    assert page.all("p")[0].text == HOSTILE
    assert page.all("script") == page.all("img") == []


@pytest.mark.parametrize("name", ["evil.example", HOSTILE, "$name ${x} $", "", "“quoted”"])
def test_a_refused_name_is_shown_escaped_and_the_page_says_how_to_allow_it(name: str) -> None:
    page = Page(PAGES.refused(name))
    before, _, after = WORDS["refused_text"].partition("$name")
    assert page.all("p")[0].text == f"{before}“{name}”{after}"
    assert "ASSISTANT_ALLOWED_HOSTS" in after
    assert page.all("script") == page.all("img") == []


# --- a source -------------------------------------------------------------------------


def test_hostile_words_of_a_document_are_only_words() -> None:
    text = f"{HOSTILE}\n\n- {HOSTILE}"
    made = source(text, HOSTILE, title=HOSTILE, publisher=HOSTILE)
    page = source_page(made, 0, len(text))
    assert page.all("script") == page.all("img") == []
    assert page.one("title").text == f"{HOSTILE} – {STRINGS.name}"
    assert page.one("h2").text == HOSTILE
    assert [e.text for e in page.all("dd")] == [f"{HOSTILE}, 2024", HOSTILE]
    assert page.one("div", "text").attributes["aria-label"] == HOSTILE
    assert [e.text for e in page.all("mark")] == [HOSTILE, f"- {HOSTILE}"]


def test_what_is_quoted_is_marked_and_headings_and_lists_are_what_they_are() -> None:
    text = "Head\n\nTwo are needed:\n\n- a lead\n- a coach\n\nThen act."
    page = source_page(source(text, "Head"), text.index("needed"), text.index(" coach"))
    marked = page.all("mark")
    assert [e.text for e in marked] == ["needed:", "- a lead", "- a"]
    assert [e.within[-1] for e in marked] == ["p", "li", "li"]
    assert page.one("h3").text == "Head"
    assert page.one("ul").text == "- a lead- a coach"
    assert [e.text for e in page.all("li")] == ["- a lead", "- a coach"]


def test_lists_with_a_paragraph_between_them_are_two() -> None:
    page = source_page(source("- one\n\nthen\n\n- two\n- three"))
    assert [e.text for e in page.all("ul")] == ["- one", "- two- three"]


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.data())
def test_the_marks_hold_exactly_the_quote_and_no_text_is_lost(
    text: str, data: st.DataObject
) -> None:
    text += "."
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    page = source_page(source(text), start, end)
    marked = "".join(e.text for e in page.all("mark"))
    assert "".join(marked.split()) == "".join(text[start:end].split())
    assert "".join(page.one("div", "text").text.split()) == "".join(text.split())


@pytest.mark.parametrize("quote", ["One.", "One. Two.", ". T", "Two.", "Three", "Three."])
def test_the_mark_of_a_quote_in_one_paragraph_is_the_quote_to_the_letter(quote: str) -> None:
    made = source()
    start = made.text.index(quote)
    assert source_page(made, start, start + len(quote)).one("mark").text == quote


@pytest.mark.parametrize(
    ("publisher", "year", "name", "said"),
    [
        ("Us", 2024, "published", "Us, 2024"),
        ("Us", None, "published", "Us"),
        (None, 2024, "year", "2024"),
    ],
)
def test_who_published_a_document_is_said_as_far_as_it_is_known(
    publisher: str | None, year: int | None, name: str, said: str
) -> None:
    page = source_page(source(publisher=publisher, year=year, parts=()))
    assert (page.one("dt").text, page.one("dd").text) == (WORDS[name], said)


def test_who_wrote_a_document_is_said_before_who_published_it() -> None:
    page = source_page(source(author="Dr <Lee>", parts=()))
    assert [e.text for e in page.all("dd")] == ["Dr <Lee>", "Us, 2024"]
    assert page.all("dt")[0].text == WORDS["author"]


def test_a_document_of_which_nothing_is_known_is_shown_by_its_title() -> None:
    page = source_page(source(publisher=None, year=None, url=None, parts=()))
    assert page.one("h2").text == "A guide"
    assert page.all("dd") == page.all("dt") == page.all("a", "original") == []


@pytest.mark.parametrize(
    "url",
    [
        "https://original.example/a?b=c&d=\"e'#f",
        "http://original.example",
        "HTTPS://original.example",
    ],
)
def test_the_original_on_the_web_is_offered_in_a_tab_that_knows_nothing_of_us(url: str) -> None:
    link = source_page(source(url=url)).one("a", "original")
    assert link.attributes == {
        "class": "original", "href": url, "rel": "noopener noreferrer", "target": "_blank",
    }  # fmt: skip
    assert link.text == f"{WORDS['original']} ({WORDS['original_elsewhere']})"


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://original.example",
        "//original.example",
        "original.example",
        "/relative",
    ],
)
def test_what_is_no_web_address_is_not_offered(url: str | None) -> None:
    page = source_page(source(url=url))
    assert page.all("a", "original") == []
    assert [e.attributes["href"] for e in page.all("a")] == ["/"]


@pytest.mark.parametrize("url", ["http://[broken", "https://[::1]x/", "https://a]b/"])
def test_a_broken_address_does_not_keep_the_document_from_being_shown(url: str) -> None:
    assert source_page(source(url=url)).one("mark").text == "One."


def test_a_cut_document_says_where_it_is_cut_and_leads_to_the_whole() -> None:
    text = "\n\n".join(f"Paragraph {n}." for n in range(9))
    start = text.index("Paragraph 4.")
    both = source_page(source(text), start, start + 5, 20)
    cuts = both.all("p", "cut")
    assert [e.text for e in cuts] == [
        f"{WORDS['cut_before']} {WORDS['from_start']}",
        f"{WORDS['cut_after']} {WORDS['from_start']}",
    ]
    links = [e for e in both.all("a") if e.within[-1] == "p" and "?" in e.attributes["href"]]
    assert [e.attributes["href"] for e in links] == ["/source/guide?whole=1&a=2"] * 2
    order = [e.attributes.get("class", e.tag) for e in both.elements]
    assert [name for name in order if name in ("cut", "mark")] == ["cut", "mark", "cut"]


@pytest.mark.parametrize(
    ("start", "cut"), [(0, ["cut_after"]), (len("Paragraph 0.\n\n") * 8, ["cut_before"])]
)
def test_a_document_cut_on_one_side_says_so_there_only(start: int, cut: list[str]) -> None:
    text = "\n\n".join(f"Paragraph {n}." for n in range(9))
    page = source_page(source(text), start, start + 5, 20)
    assert [e.text for e in page.all("p", "cut")] == [
        f"{WORDS[name]} {WORDS['from_start']}" for name in cut
    ]


def test_a_document_that_is_shown_whole_says_nothing_of_cuts() -> None:
    page = source_page(source())
    assert page.all("p", "cut") == []
    assert [e.text for e in page.all("p", "alone")] == [WORDS["to_chat"]]


# --- the file it was read from --------------------------------------------------------


def own_page(
    made: Source, own: bool = True, anchor: str = "", at: int = 0, state: State = "current"
) -> Page:
    return Page(PAGES.source(made, excerpt(made, at, at + 4, None), "/whole", anchor, own, state))


def separators(page: Page) -> list[str]:
    return [
        e.attributes["aria-label"] for e in page.elements if "separator" in e.attributes.values()
    ]


def test_a_pdf_is_opened_at_the_page_of_the_quote_in_another_tab() -> None:
    link = own_page(PDF, own=False, at=len("One. Two.\n\n")).one("a", "open-page")
    assert link.attributes == {
        "class": "open-page", "href": "/file/own%2Fmanual?version=0#page=2", "target": "_blank",
        "rel": "noopener", "data-document": "own/manual", "data-version": "0", "data-page": "2",
    }  # fmt: skip
    assert link.text == f"Open page 2 of the PDF ({WORDS['another_tab']})"


@pytest.mark.parametrize(
    ("label", "said"), [(None, "Page 1"), ("", "Page 1"), ("1", "Page 1"),
    ("iv", "Page 1 (printed as iv)"), (HOSTILE, f"Page 1 (printed as {HOSTILE})")],
)  # fmt: skip
def test_a_page_is_named_by_its_place_and_by_what_is_printed_on_it(
    label: str | None, said: str
) -> None:
    page = own_page(pdf(label, None))
    assert page.one("strong", "at-page").text == said
    assert separators(page) == [said, "Page 2"]


def test_a_page_that_begins_stands_above_its_block_or_within_it_and_is_no_text() -> None:
    text = "One two.\n\n- three\n- four five"
    places = {"One": 1, "two": 2, "- three": 3, "five": 4}
    pages = tuple(
        Page_(start=text.index(word), end=text.index(word) + 3, number=number)
        for word, number in places.items()
    )
    page = own_page(source(text, pages=pages, file="a.pdf"))
    found = [e for e in page.elements if e.attributes.get("class") == "page"]
    assert [(e.attributes["aria-label"], e.tag, e.within[-1]) for e in found] == [
        ("Page 1", "div", "div"), ("Page 2", "span", "p"), ("Page 3", "span", "li"),
        ("Page 4", "span", "li"),
    ]  # fmt: skip
    assert "".join(page.one("div", "text").text.split()) == "".join(text.split())


def test_a_page_above_a_heading_is_no_part_of_its_name() -> None:
    made = pdf(None, None, text="Start\n\nOne. Two.")
    made = made.model_copy(update={"title": "Start"})
    assert own_page(made).one("h3").text == "Start"
    assert separators(own_page(made)) == ["Page 1", "Page 2"]


def test_of_what_is_no_pdf_the_file_can_be_had_if_it_is_ones_own() -> None:
    made = source(document_id="own/plan", file="plan.docx")
    link = own_page(made).one("a", "download")
    assert link.attributes == {
        "class": "download", "href": "/file/own%2Fplan?version=0", "download": "",
    }  # fmt: skip
    assert link.text == WORDS["download"]
    assert own_page(made, own=False).all("a", "download") == []
    assert own_page(made).all("a", "open-page") == own_page(PDF).all("a", "download") == []


@pytest.mark.parametrize("state", ["older", "gone"])
def test_a_text_as_it_was_is_shown_as_such_and_offers_no_file(state: State) -> None:
    page = own_page(OLDER, state=state)
    assert page.one("p", "older").text == WORDS[state]
    assert page.one("p", "older").attributes["role"] == "note"
    assert page.one("mark").text == "One."
    assert page.all("a", "download") == []
    for made in (PDF, source(document_id="own/plan", file="plan.docx")):
        was = own_page(made, state=state)
        assert was.all("a", "open-page") == was.all("a", "download") == []
    assert own_page(source()).all("p", "older") == []


# --- signing in -----------------------------------------------------------------------


def test_one_signs_in_with_a_name_and_a_password_and_goes_on_where_one_was() -> None:
    page = Page(PAGES.sign_in("/thread/1?a=b&c", "", True))
    form = page.one("form").attributes
    assert (form["method"], form["action"]) == ("post", "/login")
    fields = {e.attributes["name"]: e.attributes for e in page.all("input")}
    assert fields.keys() == {"next", "name", "password"}
    assert fields["next"]["value"] == "/thread/1?a=b&c"
    assert fields["name"]["autocomplete"] == "username"
    assert fields["password"]["type"] == "password"
    assert [e.text.strip() for e in page.all("label")] == [WORDS["your_name"], WORDS["password"]]
    assert page.one("button").text == page.one("h1").text == WORDS["sign_in"]
    assert WORDS["sign_in_text"] in [e.text for e in page.all("p")]
    assert [e for e in page.elements if e.attributes.get("role") == "alert"] == []


def test_what_was_wrong_with_signing_in_is_announced_and_everything_is_escaped() -> None:
    page = Page(PAGES.sign_in(HOSTILE, HOSTILE, True))
    (alert,) = [e for e in page.elements if e.attributes.get("role") == "alert"]
    assert alert.text == HOSTILE
    assert page.all("input")[0].attributes["value"] == HOSTILE
    assert page.all("script") == page.all("img") == []


def test_where_others_sign_people_in_nobody_is_asked_for_a_password() -> None:
    page = Page(PAGES.sign_in("/", "", False))
    assert page.all("form") == page.all("input") == []
    assert page.all("p")[0].text == WORDS["sign_in_elsewhere"]


@pytest.mark.parametrize(
    ("url", "anchor", "opened"),
    [
        ("https://a.example/b", "", "https://a.example/b"),
        ("https://a.example/b", "part-2", "https://a.example/b#part-2"),
        ("https://a.example/b?c=d#top", "part 2", "https://a.example/b?c=d#part%202"),
        ("https://a.example/b", '"><script>/&', "https://a.example/b#%22%3E%3Cscript%3E%2F%26"),
    ],
)
def test_the_original_opens_at_the_section(url: str, anchor: str, opened: str) -> None:
    page = own_page(source(url=url), anchor=anchor)
    assert page.one("a", "original").attributes["href"] == opened
    assert own_page(source(url="file:///etc"), anchor=anchor).all("a", "original") == []
