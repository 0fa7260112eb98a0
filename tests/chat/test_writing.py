"""A draft as it is shown, and how it gets from the thread that writes it to the event loop."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from markdown_it import MarkdownIt

from assistant.answering.generative import NO_ANSWER
from assistant.chat.strings import read_strings
from assistant.chat.writing import Draft, Onlooker, checked_sentence
from assistant.records import Citation, Claim
from assistant.render import unescape_markdown
from tests.chat.chatting import UNSAID, WHY
from tests.fakes import QUOTES

# What Markdown may be made of and still do nothing.
DEAD = {
    "text", "text_special", "code_inline", "em_open", "em_close", "strong_open", "strong_close",
}  # fmt: skip
ANSWER = read_strings().answer
SIGNS = ANSWER.signs


def citation(number: int) -> Citation:
    return Citation(
        number=number, document_id=f"note-{number}", title="A note", publisher=None, year=None,
        url=None, section="", start=0, end=5, quote="words", document_sha256="a" * 64,
    )  # fmt: skip


def claim(text: str, *numbers: int, support: str = "supported", why: str | None = None) -> Claim:
    fields = {"text": text, "support": support, "citations": numbers, "reason": why}
    return Claim.model_validate(fields)


def unsupported(text: str, *numbers: int) -> Claim:
    return claim(text, *numbers, support="unsupported", why=WHY)


def draft_of(*steps: str | Claim) -> Draft:
    """Words and checked sentences in their order; three citations are known."""
    draft = Draft(ANSWER)
    for step in steps:
        if isinstance(step, str):
            draft.words(step)
        else:
            draft.checked(step, [citation(n) for n in (1, 2, 3)])
    return draft


def plain(markdown: str) -> str:
    """The words of a draft with [n] for its links, as somebody reads them."""
    out = []
    for token in MarkdownIt("commonmark").parse(markdown):
        if token.children:
            out.append("".join(child.content for child in token.children))
    return "\n".join(out)


def test_words_are_shown_as_they_come() -> None:
    assert plain(draft_of("The core", " stays").markdown()) == "The core stays"


def test_nothing_is_shown_before_the_first_word() -> None:
    assert draft_of().markdown() == ""
    assert draft_of("", "\n").markdown() == ""


def test_a_checked_sentence_gets_its_numbers_and_its_sign_and_the_rest_waits() -> None:
    draft = draft_of("One stays. Two", claim("One stays.", 1, 3), " goes")
    assert plain(draft.markdown()) == f"One stays. [1] [3]\u00a0{SIGNS.supported} Two goes"
    assert draft.markdown().count("](/source/note-") == 2


def test_word_for_word_and_in_other_words_have_signs_of_their_own() -> None:
    draft = draft_of("One.", claim("One.", 1, support="verbatim"), " Two.", claim("Two.", 2))
    shown = plain(draft.markdown())
    assert shown == f"One. [1]\u00a0{SIGNS.verbatim} Two. [2]\u00a0{SIGNS.supported}"
    assert len({SIGNS.verbatim, SIGNS.supported, SIGNS.unsupported}) == 3


def test_what_is_not_supported_says_so_in_words_and_in_emphasis() -> None:
    markdown = draft_of(UNSAID, unsupported(UNSAID, 1)).markdown()
    assert plain(markdown) == f"{UNSAID} [1]\u00a0{SIGNS.unsupported} (Not supported: {WHY})"
    assert markdown.startswith("*It costs")
    assert "**\\(Not supported\\:" in markdown


def test_a_sentence_without_any_passage_has_its_sign_too() -> None:
    one = claim("So be it.", support="unsupported", why="it has no passage.")
    shown = plain(draft_of("So be it.", one).markdown())
    assert shown == f"So be it.\u00a0{SIGNS.unsupported} (Not supported: it has no passage.)"


def test_sentences_that_are_checked_late_get_their_signs_in_their_places() -> None:
    draft = draft_of("One. Two. Three", claim("One.", 1), claim("Two.", 1), " goes on")
    sign = f"[1]\u00a0{SIGNS.supported}"
    assert plain(draft.markdown()) == f"One. {sign} Two. {sign} Three goes on"


def test_the_same_sentence_twice_is_marked_twice() -> None:
    draft = draft_of("Plan. Plan. Act", claim("Plan.", 1), claim("Plan.", 2))
    shown = plain(draft.markdown())
    assert shown == f"Plan. [1]\u00a0{SIGNS.supported} Plan. [2]\u00a0{SIGNS.supported} Act"


def test_paragraphs_and_items_are_laid_out() -> None:
    draft = draft_of("Two things:", "\n", "- one", "\n", "- two", "\n", "1. first", "\n", "After.")
    assert draft.markdown() == "Two things\\:\n\n- one\n- two\n1. first\n\nAfter\\."


def test_an_item_that_is_checked_stays_an_item() -> None:
    draft = draft_of("- One.", claim("One.", 1), "\n", "• Two", " more")
    lines = draft.markdown().split("\n")
    assert lines[0].startswith("- One")
    assert lines[0].endswith(SIGNS.supported)
    assert lines[1] == "- Two more"


@pytest.mark.parametrize("marker", ["-", "*", "1.", "2)"])
def test_a_marker_alone_is_no_word(marker: str) -> None:
    assert plain(draft_of("Two things:", "\n", marker).markdown()) == "Two things:"


def test_a_sentence_whose_words_came_in_another_form_takes_their_place() -> None:
    draft = draft_of("- See [the", claim("See the note.", 1), "\n", "Next")
    assert draft.markdown().startswith("- See the note\\.")
    assert "[the" not in unescape_markdown(draft.markdown())
    assert draft.markdown().endswith("\n\nNext")


def test_a_sentence_whose_words_never_came_is_shown_all_the_same() -> None:
    assert plain(draft_of(claim("One.", 1)).markdown()) == f"One. [1]\u00a0{SIGNS.supported}"


@pytest.mark.parametrize("text", QUOTES.values(), ids=QUOTES)
def test_nothing_in_the_words_is_live(text: str) -> None:
    line = text.replace("\n", " ")
    for markdown in (draft_of(line).markdown(), draft_of(line, unsupported(line)).markdown()):
        tokens = MarkdownIt("commonmark").parse(markdown)
        inside = {child.type for token in tokens for child in token.children or []}
        assert inside <= DEAD


@pytest.mark.parametrize("text", ["N", "NOT IN", "not in the pass", NO_ANSWER, f"{NO_ANSWER}."])
def test_that_there_is_no_answer_is_not_shown_as_one(text: str) -> None:
    assert draft_of(text).markdown() == ""
    assert draft_of(text, unsupported(text)).markdown() == ""


def test_a_sentence_that_begins_as_if_there_was_no_answer_is_shown() -> None:
    assert plain(draft_of("Not in the passages alone").markdown()) == "Not in the passages alone"


def test_that_it_is_asked_again_is_said_below() -> None:
    draft = draft_of("One.", claim("One.", 1))
    draft.again()
    assert plain(draft.markdown()).split("\n")[-1] == ANSWER.again


def test_what_is_not_complete_says_so_unless_there_is_nothing() -> None:
    for draft, last in ((draft_of("One"), ANSWER.unfinished), (draft_of(), "")):
        draft.end()
        assert plain(draft.markdown()).split("\n")[-1] == last


def test_a_checked_sentence_looks_as_in_a_draft() -> None:
    one = claim("One.", 1)
    assert checked_sentence(one, [citation(1)], ANSWER) == draft_of("One.", one).markdown()


# --- from one thread to another -------------------------------------------------------


async def watched(write: Callable[[Onlooker], None]) -> str:
    """What a draft shows after that was written in another thread."""
    onlooker, draft = Onlooker(), Draft(ANSWER)
    await asyncio.to_thread(write, onlooker)
    onlooker.rest_into(draft)
    return plain(draft.markdown())


def test_what_is_written_in_a_thread_arrives_in_order_and_once() -> None:
    words = [f"w{n} " for n in range(2_000)]

    def write(onlooker: Onlooker) -> None:
        for word in words:
            onlooker.words(word)

    assert asyncio.run(watched(write)) == "".join(words).strip()


def test_citations_are_those_of_the_moment() -> None:
    known = [citation(1)]

    def write(onlooker: Onlooker) -> None:
        onlooker.words("One.")
        onlooker.checked(claim("One.", 1), known)
        known.clear()
        onlooker.again()

    shown = asyncio.run(watched(write))
    assert shown == f"One. [1]\u00a0{SIGNS.supported}\n{ANSWER.again}"


def test_the_loop_runs_on_while_it_waits_for_words() -> None:
    async def wait() -> tuple[str, int]:
        onlooker, draft, turns = Onlooker(), Draft(ANSWER), 0
        following = asyncio.create_task(onlooker.next_into(draft))
        while turns < 50:
            await asyncio.sleep(0)
            turns += 1
        assert not following.done()
        await asyncio.to_thread(onlooker.words, "One")
        await following
        return draft.markdown(), turns

    assert asyncio.run(wait()) == ("One", 50)


def test_a_thread_that_outlives_the_loop_does_not_fail() -> None:
    async def make() -> Onlooker:
        return Onlooker()

    onlooker = asyncio.run(make())
    faults: list[BaseException] = []

    def write() -> None:
        try:
            onlooker.words("too late")
        except BaseException as fault:  # noqa: BLE001  # whatever it is
            faults.append(fault)

    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
    assert faults == []
