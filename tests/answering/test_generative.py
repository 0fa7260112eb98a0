"""What a model writes, checked sentence by sentence. The model is scripted, the index is real."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, cast

import numpy as np
import pytest

from assistant.answering.checking import SupportCheck
from assistant.answering.cite import CitationList
from assistant.answering.generative import (
    NO_ANSWER,
    Writer,
    Written,
    claim_of,
    passages_for,
    write,
)
from assistant.answering.watch import Watch
from assistant.index.reader import Index, View
from assistant.index.stems import Stemmer
from assistant.models.embedding import Vectors
from assistant.models.entailment import EntailmentModel
from assistant.models.language import LanguageModel, Message, ModelFailure, Stopped, Tokens
from assistant.prompts import fill, read_frames, read_prompts
from assistant.records import Chunk, Citation, Claim
from tests.corpora import build_small
from tests.fakes import WordHashModel

FRAMES, _ = read_frames()
PROMPTS = read_prompts()
GUIDE = """# Coaching

## Visits

Coaches visit each teacher once a week. They agree the hour beforehand. Some teachers need a second
coach.

## Notes

The team reads all notes every month. Leaders keep the list of schools.
"""
VISIT, AGREE, SOME = (
    "Coaches visit each teacher once a week.", "They agree the hour beforehand.",
    "Some teachers need a second coach.",
)  # fmt: skip
READS = "The team reads all notes every month."
LIE = "Coaches visit each teacher once a month."
TOOK = Tokens(7, 3, True)


class Scripted:
    """A language model that says what is written for it, one text after the other, and keeps
    what it was asked."""

    name, context, longest = "scripted:one", 8_000, 1_000

    def __init__(self, *replies: str | Exception) -> None:
        self._replies = list(replies)
        self.asked: list[list[Message]] = []

    def stream(self, messages: Sequence[Message], stop: object = None) -> Iterator[str | Tokens]:
        self.asked.append(list(messages))
        reply = self._replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        yield from re.findall(r"(?s).{1,4}", reply)
        yield TOOK

    def complete(self, messages: Sequence[Message], stop: object = None) -> tuple[str, Tokens]:
        *pieces, _ = self.stream(messages, stop)
        return "".join(str(piece) for piece in pieces), TOOK


class Agrees:
    """A second opinion that agrees with what holds none of some words."""

    def __init__(self, *not_with: str) -> None:
        self._not_with = not_with
        self.pairs: list[tuple[str, str]] = []

    def follows(self, pairs: Sequence[tuple[str, str]]) -> list[bool]:
        self.pairs += pairs
        return [not any(word in text for word in self._not_with) for _, text in pairs]


class Seen(Watch):
    """What a watch is told, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []
        self.citations: list[tuple[Citation, ...]] = []

    def words(self, text: str) -> None:
        if self.told and self.told[-1].startswith("words:"):
            self.told[-1] += text
        else:
            self.told.append(f"words:{text}")

    def checked(self, claim: Claim, citations: Sequence[Citation]) -> None:
        self.told.append(f"{claim.support}:{claim.text}")
        self.citations.append(tuple(citations))

    def again(self) -> None:
        self.told.append("again")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    folder = tmp_path_factory.mktemp("generative")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "guide.md").write_text(GUIDE, "utf-8")
    build_small(folder / "index", folder / "corpus")
    index = Index(folder / "index", WordHashModel())
    with index.view() as opened:
        yield opened
    index.close()


@pytest.fixture(scope="module")
def passages(view: View) -> list[Chunk]:
    """Two passages: 1 is on visits, 2 on notes."""
    near = view.nearest(WordHashModel().encode_question("coaches"), 50)
    found = sorted(view.chunks([name for name, _ in near]), key=lambda chunk: chunk.start)
    assert [chunk.section.split(" > ")[-1] for chunk in found] == ["Visits", "Notes"]
    return found


Opinion = Agrees | Literal["model"] | None
Writes = Callable[..., Written]


@pytest.fixture
def writes(view: View, passages: list[Chunk]) -> Writes:
    """Lets a model write from the two passages."""

    def writes(
        model: Scripted, unsupported: Literal["remove", "show"] = "remove",
        opinion: Opinion = None, watch: Watch | None = None,
    ) -> Written:  # fmt: skip
        writer = Writer(
            cast(LanguageModel, model), PROMPTS, unsupported,
            cast(EntailmentModel, opinion) if isinstance(opinion, Agrees) else opinion,
        )  # fmt: skip
        return write(
            view, writer, words_alone(), FRAMES, "How often?", passages, 90, watch or Watch()
        )

    return writes


def words_alone() -> SupportCheck:
    """A check that knows no word to be like another, and all to tell the same."""

    def alike(words: Sequence[str]) -> Vectors:
        made = WordHashModel()
        rows = [made.encode_question(f"{word} {word[::-1]}x") for word in words]
        return np.array(rows, dtype=np.float32).reshape(len(words), made.dimension)

    return SupportCheck(
        Stemmer().stems, lambda stems: dict.fromkeys(stems, 1.0), alike,
        lambda _, texts: [0.0] * len(texts),
    )  # fmt: skip


def shown(found: Written) -> list[tuple[str, str]]:
    return [(one.support, one.sentence.text) for one in found.sentences]


# --- what is asked, and when again


def test_a_good_answer_is_asked_for_once(writes: Writes) -> None:
    model = Scripted(f"{VISIT} [1]\n\n- {READS} [2]")
    found = writes(model)
    assert shown(found) == [("verbatim", VISIT), ("verbatim", READS)]
    assert (found.left_out, found.calls, found.unusable) == (0, (TOOK,), None)
    assert len(model.asked) == 1


def test_the_model_is_given_the_rules_the_question_and_numbered_passages(writes: Writes) -> None:
    model = Scripted(f"{VISIT} [1]")
    writes(model)
    [[rules, asked]] = model.asked
    assert (rules.role, asked.role) == ("system", "user")
    assert "90 words" in rules.text
    assert NO_ANSWER in rules.text
    assert "<<<PASSAGE 1: Coaching > Visits\nCoaches visit" in asked.text
    assert "<<<PASSAGE 2: Coaching > Notes\nThe team" in asked.text
    assert "<<<QUESTION\nHow often?\nQUESTION>>>" in asked.text


def test_what_lacks_support_is_asked_for_once_more_and_only_once(writes: Writes) -> None:
    model = Scripted(f"{VISIT} [1] {LIE} [1] Pay a fee.", f"a) {LIE} [1]\nb) Pay a fee.")
    found = writes(model)
    assert len(model.asked) == 2
    assert shown(found) == [("verbatim", VISIT)]
    assert (found.left_out, found.calls) == (2, (TOOK, TOOK))


def test_what_is_asked_once_more_is_listed_with_its_reason(writes: Writes) -> None:
    model = Scripted(f"{VISIT} [1] {LIE} [1] {READS} [7] {SOME}\n\nPay.", "a) -")
    writes(model)
    first, again = model.asked
    assert again[:2] == first
    assert again[2].role == "assistant"
    assert again[2].text.startswith(VISIT)
    lines = re.findall(r"^[a-z]\) .*$", again[3].text, re.MULTILINE)
    assert lines[0].startswith(f"a) {LIE} — ")
    assert lines[1] == f"b) {READS} — {fill(FRAMES.doubt.not_offered, word='7')}"
    assert lines[-1].endswith(f"Pay. — {FRAMES.doubt.uncited}")


@pytest.mark.parametrize(
    ("reply", "left", "left_out"),
    [
        (f"a) {SOME} [1]", [("verbatim", VISIT), ("verbatim", SOME), ("verbatim", READS)], 0),
        (f"(a) {SOME} [1]", [("verbatim", VISIT), ("verbatim", SOME), ("verbatim", READS)], 0),
        (f"a. {SOME} [1]\n", [("verbatim", VISIT), ("verbatim", SOME), ("verbatim", READS)], 0),
        ("a) -", [("verbatim", VISIT), ("verbatim", READS)], 1),
        (f"a) {LIE} [1]", [("verbatim", VISIT), ("verbatim", READS)], 1),
        (f"a) {SOME}", [("verbatim", VISIT), ("verbatim", READS)], 1),
        (f"a) {SOME} [1] {AGREE} [1]", [("verbatim", VISIT), ("verbatim", READS)], 1),
        (f"b) {SOME} [1]", [("verbatim", VISIT), ("verbatim", READS)], 1),
        ("I am sorry.", [("verbatim", VISIT), ("verbatim", READS)], 1),
        ("", [("verbatim", VISIT), ("verbatim", READS)], 1),
    ],
)
def test_what_is_mended_stands_in_its_place_and_else_nothing(
    writes: Writes, reply: str, left: list[tuple[str, str]], left_out: int
) -> None:
    found = writes(Scripted(f"{VISIT} [1] {LIE} [1] {READS} [2]", reply))
    assert (shown(found), found.left_out) == (left, left_out)


def test_what_is_mended_keeps_its_place_in_a_list(writes: Writes) -> None:
    found = writes(Scripted(f"{VISIT} [1]\n\n- {LIE} [1]\n- {READS} [2]", f"a) {SOME} [1]"))
    assert [(one.sentence.block, one.sentence.marker) for one in found.sentences] == [
        (0, ""), (1, "-"), (2, "-"),
    ]  # fmt: skip


def test_what_is_taken_back_is_not_shown_even_where_lies_are(writes: Writes) -> None:
    found = writes(Scripted(f"{VISIT} [1] {LIE} [1]", "a) -"), "show")
    assert (shown(found), found.left_out) == ([("verbatim", VISIT)], 1)


def test_what_stays_wrong_is_shown_with_its_reason_if_it_is_to_be(
    writes: Writes, view: View
) -> None:
    found = writes(Scripted(f"{VISIT} [1] {LIE} [1]", f"a) {LIE} [1]"), "show")
    assert shown(found) == [("verbatim", VISIT), ("unsupported", LIE)]
    assert found.left_out == 0
    claim = claim_of(found.sentences[1], CitationList(view))
    assert (claim.support, claim.citations) == ("unsupported", (1,))
    assert claim.reason


def test_nothing_without_support_is_an_answer_even_where_it_is_shown(writes: Writes) -> None:
    lie = "All of the teachers have to be visited by the coaches of the school in the evening."
    found = writes(Scripted(f"{lie} [1]", f"a) {lie} [1]"), "show")
    assert (found.sentences, found.unusable) == ((), "unsupported")


@pytest.mark.parametrize(
    "text", [f"{LIE} [1]", "Coaches visit teachers weekly, agree hours, keep notes."]
)
def test_english_without_small_words_is_no_garbage(writes: Writes, text: str) -> None:
    assert shown(writes(Scripted(text, f"a) {VISIT} [1]"))) == [("verbatim", VISIT)]


def test_not_more_than_a_dozen_are_asked_for_once_more(writes: Writes) -> None:
    lies = " ".join(f"Pay fee number {n}00 now [1]." for n in range(20))
    model = Scripted(f"{VISIT} [1] {lies}", "a) -")
    found = writes(model)
    assert len(re.findall(r"^[a-z]\) ", model.asked[1][3].text, re.MULTILINE)) == 12
    assert (shown(found), found.left_out) == ([("verbatim", VISIT)], 20)


def test_a_failure_when_asked_once_more_costs_only_what_was_asked_for(writes: Writes) -> None:
    failure = ModelFailure("server", "It failed.", "Try again.")
    found = writes(Scripted(f"{VISIT} [1] {LIE} [1]", failure))
    assert shown(found) == [("verbatim", VISIT)]
    assert found.left_out == 1


# --- which passage a sentence names


@pytest.mark.parametrize(
    "text",
    [
        f"{VISIT} {AGREE} [1]",
        f"{VISIT} [1] {AGREE}",
        f"They do this:\n- {VISIT} [1]\n- {AGREE} [1]",
    ],
)
def test_a_sentence_without_a_number_has_that_of_its_neighbour(writes: Writes, text: str) -> None:
    found = writes(Scripted(text, "a) -"))
    assert {("verbatim", VISIT), ("verbatim", AGREE)} <= set(shown(found))


def test_a_number_of_another_paragraph_is_no_ones(writes: Writes) -> None:
    found = writes(Scripted(f"{VISIT}\n\n{AGREE} [1]", "a) -"))
    assert shown(found) == [("verbatim", AGREE)]


def test_a_line_that_leads_has_the_number_of_its_first_item(writes: Writes) -> None:
    text = f"Coaches visit each teacher:\n- {VISIT} [1]\n- {READS} [2]"
    first, *_ = writes(Scripted(text, "a) -"), "show").sentences
    assert (first.sentence.text, first.sentence.numbers) == ("Coaches visit each teacher:", (1,))
    assert first.support != "unsupported"


@pytest.mark.parametrize("numbers", ["[2]", "[9]", "[0]", "[3]"])
def test_the_number_of_another_passage_carries_nothing(writes: Writes, numbers: str) -> None:
    model = Scripted(f"{READS} [2] {VISIT} {numbers}", "a) -")
    assert shown(writes(model)) == [("verbatim", READS)]


def test_of_several_numbers_only_those_that_carry_are_cited(
    writes: Writes, passages: list[Chunk]
) -> None:
    [one] = writes(Scripted(f"{VISIT} [1][2][9]")).sentences
    assert (one.support, len(one.places)) == ("verbatim", 1)
    chunk, start, end = one.places[0]
    assert chunk == passages[0]
    assert chunk.text[start - chunk.start : end - chunk.start] == VISIT


def test_two_passages_say_no_sentence_together_that_neither_says(writes: Writes) -> None:
    text = "Coaches visit each teacher, and the team reads all notes every month."
    model = Scripted(f"{VISIT} [1] {text} [1][2]", f"a) {text} [2][1]")
    found = writes(model, "show")
    assert shown(found) == [("verbatim", VISIT), ("unsupported", text)]
    assert len(found.sentences[1].places) == 2


def test_a_sentence_that_leans_is_cited_with_the_one_before(writes: Writes) -> None:
    [one] = writes(Scripted(f"{AGREE} [1]")).sentences
    chunk, start, end = one.places[0]
    assert chunk.text[start - chunk.start : end - chunk.start] == f"{VISIT} {AGREE}"


@pytest.mark.parametrize("unsupported", ["remove", "show"])
def test_the_same_sentence_is_shown_once(
    writes: Writes, unsupported: Literal["remove", "show"]
) -> None:
    text = f"{VISIT} [1] {VISIT} [1] {VISIT.upper()} [1]\n\n- {VISIT} [1]"
    assert len(writes(Scripted(text, "a) -"), unsupported).sentences) == 1


# --- what is no answer


@pytest.mark.parametrize("text", [NO_ANSWER, f"{NO_ANSWER.lower()}.", f"**{NO_ANSWER}**"])
def test_a_model_that_finds_nothing_is_silent(writes: Writes, text: str) -> None:
    model = Scripted(text)
    found = writes(model)
    assert (found.silent, found.unusable, found.sentences) == (True, None, ())
    assert len(model.asked) == 1


def test_who_says_something_besides_is_not_silent(writes: Writes) -> None:
    found = writes(Scripted(f"{VISIT} [1]\n\n{NO_ANSWER}", "a) -"))
    assert (found.silent, shown(found)) == (False, [("verbatim", VISIT)])


@pytest.mark.parametrize(
    ("text", "unusable"),
    [
        ("I'm sorry, I cannot help with that.", "refused"),
        ("As an AI I do not have an opinion.", "refused"),
        ("Die Lehrkräfte werden jede Woche von den Begleitern der Schule besucht, "
         "und die Stunde wird vorher vereinbart [1].", "language"),
        ("Les enseignants reçoivent chaque semaine une visite de leur accompagnateur, "
         "et l'heure est fixée avant la visite [1].", "language"),
        ("%%%% //// ####", "garbage"),
        ("[1] [2]", "garbage"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_answer_is_not_asked_for_again(
    writes: Writes, text: str, unusable: str
) -> None:
    model = Scripted(text)
    assert writes(model).unusable == unusable
    assert len(model.asked) == 1


def test_sorry_in_an_answer_that_holds_is_no_refusal(writes: Writes) -> None:
    assert writes(Scripted(f"I'm sorry. {VISIT} [1]", "a) -")).unusable is None


# --- a second opinion


def test_a_second_opinion_can_only_lower(writes: Writes) -> None:
    reworded = "Each teacher is visited once a week by coaches."
    text = f"{reworded} [1] {LIE} [1] {READS} [2]"
    agrees = Agrees()
    found = writes(Scripted(text, "a) ?"), "show", agrees)
    assert ("supported", reworded) in shown(found)
    assert ("unsupported", LIE) not in [(s, t) for s, t in shown(found) if s != "unsupported"]
    assert [text for _, text in agrees.pairs] == [reworded]


def test_what_a_second_opinion_doubts_is_left_out(writes: Writes) -> None:
    reworded = "Each teacher is visited once a week by coaches."
    found = writes(Scripted(f"{reworded} [1] {READS} [2]"), "remove", Agrees("visited"))
    assert (shown(found), found.left_out) == ([("verbatim", READS)], 1)


def test_a_second_opinion_is_given_the_passage_that_is_cited(writes: Writes) -> None:
    agrees = Agrees()
    reworded = "Each teacher is visited once a week by coaches."
    writes(Scripted(f"{reworded} [1]"), "remove", agrees)
    assert agrees.pairs == [(VISIT, reworded)]


@pytest.mark.parametrize(
    ("said", "kept"),
    [("no", False), ("No.", False), ("**No**", False), ("yes", True), ("Hm", True)],
)
def test_the_model_itself_can_be_the_second_opinion(writes: Writes, said: str, kept: bool) -> None:
    reworded = "Each teacher is visited once a week by coaches."
    model = Scripted(f"{reworded} [1] {READS} [2]", said)
    found = writes(model, "remove", "model")
    assert (("supported", reworded) in shown(found)) == kept
    assert found.calls == (TOOK, TOOK)
    [asked] = model.asked[1]
    assert f"<<<PASSAGE\n{VISIT}\nPASSAGE>>>" in asked.text
    assert f"<<<SENTENCE\n{reworded}\nSENTENCE>>>" in asked.text


# --- who looks on


def test_a_watch_is_told_words_claims_and_what_is_asked_again_in_order(writes: Writes) -> None:
    seen = Seen()
    writes(Scripted(f"{VISIT} [1] {LIE} [1]", "a) -"), watch=seen)
    kinds = [told for told in seen.told if not told.startswith("words:")]
    assert kinds == [f"verbatim:{VISIT}", f"unsupported:{LIE}", "again"]
    said = "".join(told.removeprefix("words:") for told in seen.told if told[:6] == "words:")
    assert said == f"{VISIT} {LIE}\n"
    assert seen.told[0].startswith("words:")
    before = seen.told.index(f"verbatim:{VISIT}")
    assert "".join(seen.told[:before]).startswith(f"words:{VISIT}")
    assert [one.quote for one in seen.citations[0]] == [VISIT]


def test_a_watch_is_not_told_of_again_where_nothing_is(writes: Writes) -> None:
    seen = Seen()
    writes(Scripted(f"{VISIT} [1]"), watch=seen)
    assert "again" not in seen.told


def test_who_stops_is_let_go(writes: Writes) -> None:
    with pytest.raises(Stopped):
        writes(Scripted(Stopped()))
    with pytest.raises(Stopped):
        writes(Scripted(f"{VISIT} [1] {LIE} [1]", Stopped()))


# --- how much a model is given


def sized(passages: Sequence[Chunk], number: int, letters: int) -> list[Chunk]:
    return [
        passages[0].model_copy(update={"id": f"guide:one:{n}", "prefix": "", "text": "x" * letters})
        for n in range(number)
    ]


def test_as_many_passages_as_there_is_room_for_are_given(passages: list[Chunk]) -> None:
    many = sized(passages, 30, 320)
    assert passages_for(many, 100_000, 1_000) == many[:10]
    given = passages_for(many, 3_000, 500)
    assert given == many[: len(given)]
    assert 1 < len(given) < 20
    assert len(passages_for(many, 2_000, 500)) < len(given)


def test_a_passage_is_given_once(passages: list[Chunk]) -> None:
    assert passages_for([*passages, *passages], 8_000, 1_000) == passages


def test_one_passage_is_given_however_little_room_there_is(passages: list[Chunk]) -> None:
    assert passages_for(sized(passages, 3, 50_000), 500, 500) == sized(passages, 1, 50_000)
    assert passages_for([], 8_000, 1_000) == []
