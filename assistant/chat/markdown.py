"""An answer as the Markdown that Chainlit's page shows, text for text. Pure.

Chainlit reads more than CommonMark: `:word` is a directive to it, an address a link, a blank
character its cursor. What is quoted has to survive that: every sign of punctuation is escaped, and
addresses, which are made links even then, are set as code.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, urlencode

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.chat.signs import MARK, is_written, legend, sign, sign_of, with_marks
from assistant.chat.strings import AnswerStrings
from assistant.records import Answer, Citation, Disagreement
from assistant.render import page_name, source_line
from assistant.takeaway.marked import parts_of

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_CURSOR = "\u200b"  # shown by Chainlit as a blinking cursor; it has no width in any document
# What becomes a link by itself: http://…, www.… (without the punctuation that follows it), and
# mail addresses. Several may touch.
_ADDRESS = re.compile(
    r"(?:(?:https?://|www\.)[^\s|`\[\]]*?(?=[.,;:!?)’”»>…'\"]*(?:[\s|`\[\]]|$))"
    r"|(?:mailto:|xmpp:)?[\w.+-]+@[\w-]+(?:\.[\w-]+)+)+",
    re.IGNORECASE,
)
_MARKER = re.compile(r"\[(\d+)\]")
_MARKER_OR_SIGN = re.compile(rf"{_MARKER.pattern}|{MARK.pattern}")
_EDGE = re.compile(r"(?<=\n) +| +(?=\n)|(?<=\n)(?=\n)")
_EMPHASIS = {"strong_open": "**", "strong_close": "**", "em_open": "*", "em_close": "*"}
_LISTS = ("bullet_list_open", "ordered_list_open")
# Without joining, what was escaped stays apart from what was not: "\[3\]" is no citation.
_PARSER = MarkdownIt("commonmark").disable(["text_join", "html_block", "html_inline", "autolink"])


def exact(text: str) -> str:
    """Text as Markdown that shows exactly that text, but for blanks at its ends."""
    parts = []
    at = 0
    text = text.replace(_CURSOR, "")
    for address in _ADDRESS.finditer(text):
        parts += [_escaped(text[at : address.start()]), _as_code(address[0])]
        at = address.end()
    return "".join([*parts, _escaped(text[at:])])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = (header, ["---"] * len(header), *rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _escaped(text: str) -> str:
    """Punctuation escaped, and blanks kept where Markdown would drop them."""
    text = _PUNCTUATION.sub(r"\\\1", text)
    return _EDGE.sub(lambda blanks: "&#32;" * max(1, len(blanks[0])), text)


def _as_code(address: str) -> str:
    return f"`{address}`"


def source_link(citation: Citation) -> str:
    """Where the chat shows the place that a citation cites."""
    place: dict[str, int | str] = {
        "start": citation.start, "end": citation.end, "version": citation.document_sha256[:16]
    }  # fmt: skip
    if citation.anchor:
        place["anchor"] = citation.anchor
    return f"/source/{quote(citation.document_id, safe='')}?{urlencode(place)}"


def question_link(question: str) -> str:
    """An address that opens the chat with a question in the box."""
    return f"/?{urlencode({'prompt': question})}"


def answer_markdown(answer: Answer, strings: AnswerStrings, scope: str = "") -> Iterator[str]:
    """The answer block by block, for streaming: every beginning of it is whole Markdown. `scope`
    is a line that says what it was answered from."""
    if scope:
        yield f"*{exact(scope)}*\n\n"
    if answer.resolved_question != answer.question:
        yield f"*{exact(strings.understood_as)} {exact(answer.resolved_question)}*\n\n"
    if answer.decline:
        yield from _set_apart(strings.declined, _Body(answer, strings).blocks())
    else:
        for block in _answered(answer, strings):
            yield block + "\n\n"
    for notice in answer.notices:
        yield f"*{exact(strings.note)} {exact(notice)}*\n\n"


def quotes_markdown(answer: Answer, strings: AnswerStrings) -> str:
    """What an answer cites, word for word, by document."""
    blocks = [f"**{exact(strings.quotes)}**"]
    for places in _by_document(answer.citations):
        blocks.append(_document(places[0]))
        blocks.append("\n".join(map(_quote, places)))
    return "\n\n".join(blocks)


def _quote(citation: Citation) -> str:
    """A quote as an item of a list, its lines at the depth of the item."""
    page = f" ({exact(page_name(citation))})" if citation.page else ""
    text = f"{citation_link(citation)} “{exact(citation.quote.strip())}”{page}"
    return "- " + text.replace("\n", "\n  ")


def failure_markdown(title: str, *lines: str) -> str:
    """What is shown where an answer should be and is not."""
    return "".join(_set_apart(title, map(exact, lines)))


def _set_apart(title: str, blocks: Iterable[str]) -> Iterator[str]:
    """Blocks below a title, as one quotation: it looks like no answer."""
    for block in (f"**{exact(title)}**", *blocks):
        yield "".join(f"> {line}\n" for line in block.split("\n")) + ">\n"
    yield "\n"


def _answered(answer: Answer, strings: AnswerStrings) -> Iterator[str]:
    yield from _Body(answer, strings).blocks()
    if is_written(answer) and answer.claims:
        yield f"*{exact(legend(answer.claims, strings.signs))}*"
    if answer.clarify:
        yield f"**{exact(strings.clarify)}** {exact(answer.clarify)}"
    yield f"## {exact(strings.sources)}"
    yield "\n".join(source_lines(answer.citations))
    if answer.follow_ups:
        yield f"## {exact(strings.follow_ups)}"
        yield "\n".join(
            f"- [{exact(question)}]({question_link(question)})" for question in answer.follow_ups
        )


def source_lines(citations: Sequence[Citation]) -> Iterator[str]:
    """One line a document, with the numbers that stand for places in it."""
    for places in _by_document(citations):
        pages = dict.fromkeys(page_name(citation) for citation in places if citation.page)
        numbers = " ".join(citation_link(citation) for citation in places)
        line = f"- {numbers} {_document(places[0])}"
        yield line + "".join(f", {exact(page)}" for page in pages)


def _by_document(citations: Sequence[Citation]) -> Iterable[Sequence[Citation]]:
    found: dict[str, list[Citation]] = {}
    for citation in citations:
        found.setdefault(citation.document_id, []).append(citation)
    return found.values()


def _document(citation: Citation) -> str:
    """The document of a citation, with what is known of who wrote it."""
    known = dict.fromkeys((citation.author, citation.publisher, citation.year))
    about = ", ".join(str(part) for part in known if part)
    return f"**{exact(citation.title.strip())}**" + (f" ({exact(about)})" if about else "")


def citation_link(citation: Citation) -> str:
    """The number of a citation as a link to its place. The number alone is what it says, so
    that "[1]" can never run into "[12]"."""
    title = _escaped(on_one_line(source_line(citation)).replace(_CURSOR, ""))
    return f'[\\[{citation.number}\\]]({source_link(citation)} "{title}")'


class _Body:
    """The text of an answer, parsed and written anew."""

    def __init__(self, answer: Answer, strings: AnswerStrings) -> None:
        self._answer = answer
        self._signs = strings.signs
        self._written = is_written(answer)
        self._nearest = list(answer.decline.nearest) if answer.decline else []
        self._by_number = {citation.number: citation for citation in answer.citations}
        self._tokens = _PARSER.parse(with_marks(answer) if self._written else answer.text)

    def blocks(self) -> Iterator[str]:
        """Paragraphs and lists, one string each."""
        waiting = list(self._answer.disagreements)
        for part in parts_of(self._tokens):
            if waiting and _numbers(part) == _sense_numbers(waiting[0]):
                yield self._side_by_side(waiting.pop(0))
            elif part[0].type in _LISTS:
                yield self._list(part)
            elif text := self._text(part):
                yield text

    def _text(self, part: Sequence[Token]) -> str:
        """A paragraph, a heading, or what else has words, such as code."""
        texts = [
            self._inline(token) if token.type == "inline" else exact(token.content.rstrip("\n"))
            for token in part
            if token.content
        ]
        return ("### " if part[0].type == "heading_open" else "") + "\n\n".join(texts)

    def _list(self, part: Sequence[Token], indent: str = "") -> str:
        """A list with its own markers: another marker begins another list."""
        lines = []
        number = int(part[0].attrs.get("start", 1))
        for item in parts_of(part[1:-1]):
            marker = f"{number}. " if part[0].type == "ordered_list_open" else f"{part[0].markup} "
            first, *rest = self._in_item(item[1:-1], indent + " " * len(marker)) or [""]
            lines += [f"{indent}{marker}{self._linked(first)}", *rest]
            number += 1
        return "\n".join(lines)

    def _in_item(self, item: Sequence[Token], indent: str) -> list[str]:
        """The paragraphs and lists of an item, in order, at its depth."""
        found: list[str] = []
        for part in parts_of(item):
            if part[0].type in _LISTS:
                nested = self._list(part, indent)
                found.append(nested if found else nested.lstrip())
            else:
                found.append(f"\n{indent}{self._text(part)}" if found else self._text(part))
        return found

    def _linked(self, item: str) -> str:
        """In a declined answer, the titles of the nearest guidance lead into it."""
        for n, citation in enumerate(self._nearest):
            if item == exact(citation.title):
                del self._nearest[n]  # another document may have the same title
                return f"[{item}]({source_link(citation)})"
        return item

    def _inline(self, token: Token) -> str:
        """The inline content: words exact, numbers of citations as links, emphasis kept. A link
        or picture of the text is left as its words: nothing in a document is clickable."""
        out: list[str] = []
        words: list[str] = []  # gathered first, because an escape may stand inside an address

        def mark(markdown: str) -> None:
            out.append(exact("".join(words)) + markdown)
            words.clear()

        for child in token.children or []:
            if child.type == "text":
                at = 0
                for marker in _MARKER_OR_SIGN.finditer(child.content):
                    if shown := self._marker(marker):
                        words.append(child.content[at : marker.start()])
                        mark(shown)
                        at = marker.end()
                words.append(child.content[at:])
            elif child.type in ("softbreak", "hardbreak"):
                words.append("\n")
            elif child.type in _EMPHASIS:
                mark(_EMPHASIS[child.type])
            else:
                words.append(child.content)
        mark("")
        return "".join(out)

    def _marker(self, found: re.Match[str]) -> str:
        """The number of a citation as its link, a mark of ours as its sign; else nothing."""
        if found[1]:
            citation = self._by_number.get(int(found[1]))
            return citation_link(citation) if citation else ""
        return sign_of(found[0], self._signs) if self._written else ""

    def _side_by_side(self, disagreement: Disagreement) -> str:
        """The senses of a word as the columns of a table, each below its source."""
        heads, cells = [], []
        for sense in disagreement.senses:
            places = [self._by_number[number] for number in sense.citations]
            heads.append(exact(on_one_line(places[0].title)))
            meaning = exact(on_one_line(sense.meaning))
            quoted = sign("verbatim", self._signs) if self._written else ""
            cells.append(f"{meaning} {' '.join(map(citation_link, places))}{quoted}")
        return table(heads, [cells])


def on_one_line(text: str) -> str:
    """A text as it fits into a title or a cell."""
    return " ".join(text.split("\n"))


def _numbers(part: Sequence[Token]) -> list[int]:
    """The numbers of citations in a list, in order, each once; none if it is no list."""
    if part[0].type != "bullet_list_open":
        return []
    found: dict[int, None] = {}
    for token in part:
        for child in token.children or []:
            if child.type == "text":
                found |= {int(marker): None for marker in _MARKER.findall(child.content)}
    return list(found)


def _sense_numbers(disagreement: Disagreement) -> list[int]:
    return list(dict.fromkeys(n for sense in disagreement.senses for n in sense.citations))
