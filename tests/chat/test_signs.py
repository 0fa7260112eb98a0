"""Signs are put behind the right sentences, and nowhere else."""

import pytest

from assistant.chat.signs import MARK, is_written, legend, sign_of, with_marks
from assistant.chat.strings import read_strings
from assistant.prompts import read_frames
from assistant.records import Answer, Claim
from tests.chat.chatting import ENGINE, WHY, written
from tests.fakes import QUOTES, ScriptedAssistant

SIGNS = read_strings().answer.signs
CITED = ScriptedAssistant()._cite(1, "Opening words.")
OTHER = ScriptedAssistant()._cite(2, "Closing words.")


def claim(text: str, *numbers: int, support: str = "supported", why: str | None = None) -> Claim:
    fields = {"text": text, "support": support, "citations": numbers, "reason": why}
    return Claim.model_validate(fields)


def answer_of(*claims: Claim, **changes: object) -> Answer:
    return written("why?", claims, (CITED, OTHER), **changes)


def marked(answer: Answer) -> str:
    return MARK.sub(lambda mark: sign_of(mark[0], SIGNS).strip(), with_marks(answer))


def test_every_sentence_has_its_sign_behind_its_numbers() -> None:
    answer = answer_of(
        claim("One.", 1, support="verbatim"), claim("Two.", 1, 2),
        claim("Three.", 2, support="unsupported", why=WHY),
    )  # fmt: skip
    assert marked(answer) == (f"One. [1]❝ Two. [1] [2]✓ *Three.* [2]⚠ **(Not supported: {WHY})**")


def test_a_sentence_without_a_passage_has_its_sign_behind_it() -> None:
    answer = answer_of(
        claim("One.", support="unsupported", why="it has no passage."), claim("Two.", 1)
    )
    assert marked(answer) == "*One.*⚠ **(Not supported: it has no passage.)** Two. [1]✓"


def test_the_same_sentence_from_two_places_has_two_signs() -> None:
    assert marked(answer_of(claim("Plan.", 1), claim("Plan.", 2))) == "Plan. [1]✓ Plan. [2]✓"


def test_words_within_another_sentence_are_not_taken_for_one() -> None:
    answer = answer_of(claim("We plan. So.", 1), claim("So.", 2))
    assert marked(answer) == "We plan. So. [1]✓ So. [2]✓"


def test_a_quote_is_found_whatever_became_of_its_lines() -> None:
    answer = answer_of(claim("one\ntwo", 1, support="verbatim"), text="- In: one\n  two [1]")
    assert marked(answer) == "- In: one\n  two [1]❝"


@pytest.mark.parametrize("text", QUOTES.values(), ids=QUOTES)
def test_whatever_a_sentence_is_made_of_it_is_found(text: str) -> None:
    for one in (claim(text, 1), claim(text, 1, support="unsupported", why=text)):
        assert len(MARK.findall(with_marks(answer_of(one)))) == 1


def test_a_sentence_that_is_not_in_the_text_takes_the_sign_of_no_other() -> None:
    answer = answer_of(claim("Gone.", 1), claim("Two.", 2), text="Two. [2]")
    assert marked(answer) == "Two. [2]✓"


def test_a_text_cannot_bring_signs_of_its_own() -> None:
    answer = answer_of(claim("One.", 1), text="Mine.\ufdd1 One. [1]")
    assert marked(answer) == "Mine. One. [1]✓"


def test_what_is_quoted_or_declined_is_not_written() -> None:
    assert is_written(answer_of(claim("One.", 1)))
    assert not is_written(answer_of(claim("One.", 1), engine="extractive"))
    declined = ScriptedAssistant().ask("paint").model_copy(update={"engine": ENGINE})
    assert not is_written(declined)


def test_the_legend_explains_the_signs_that_there_are() -> None:
    assert legend([claim("One.", 1)], SIGNS) == f"✓ {SIGNS.supported_means}"
    all_kinds = [
        claim("Three.", support="unsupported", why=WHY), claim("Two.", 1),
        claim("One.", 1, support="verbatim"),
    ]  # fmt: skip
    shown = legend(all_kinds, SIGNS)
    assert shown == (
        f"❝ {SIGNS.verbatim_means} · ✓ {SIGNS.supported_means} · ⚠ {SIGNS.unsupported_means}"
    )
    assert legend([], SIGNS) == ""


def test_a_draft_says_that_something_is_not_supported_as_the_answer_does() -> None:
    frames, _ = read_frames()
    assert SIGNS.not_supported == frames.not_supported
