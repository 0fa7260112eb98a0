"""The answer that a language model writes from numbered passages, each sentence checked.

Nothing of what it writes is passed on as supported unless the passage that it names says it. What
it says without support is asked for once more, then left out or marked.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.answering.checking import SupportCheck, Verdict, best_of, ground_of
from assistant.answering.cite import CitationList
from assistant.answering.draft import Draft, Sentence, Words
from assistant.answering.quotes import leans
from assistant.answering.watch import Watch
from assistant.index.reader import View
from assistant.models.entailment import EntailmentModel
from assistant.models.language import LanguageModel, Message, ModelFailure, Tokens
from assistant.prompts import Frames, Prompts, fenced, fill
from assistant.records import Chunk, Claim
from assistant.retrieval.search import STOP_WORDS, words_of
from assistant.tracing import step

NO_ANSWER = "NOT IN THE PASSAGES"
Unusable = Literal["language", "garbage", "refused", "unsupported"]
"""Why a reply that came through is no answer."""

_MOST_PASSAGES = 10
_LETTERS_A_TOKEN = 3.2  # of English; rather too many tokens than too few
_RULES = 900  # tokens of the prompt without passages
_MOST_FAULTS = 12  # asked for once more
_REFUSES = re.compile(
    r"\b(?:i(?:'m| am) (?:sorry|unable|not able)|i (?:cannot|can't|can not|won't)|as an ai\b"
    r"|i do not have|i don't have)",
    re.IGNORECASE,
)
_ENGLISH = 0.12  # share of small English words; terse English has 0.2, other languages 0.05
_WORDS_TO_TELL = 12  # fewer tell nothing of a language


@dataclass(frozen=True)
class Writer:
    """What a generative answer is made with. `unsupported` says what becomes of a sentence that
    its passage does not say; `opinion` is asked about those that it does."""

    model: LanguageModel
    prompts: Prompts
    unsupported: Literal["remove", "show"] = "remove"
    opinion: EntailmentModel | Literal["model"] | None = None


@dataclass(frozen=True)
class Checked:
    """A sentence of the model's with what came of its check: the stretches of passages that carry
    it, or, if none does, those that it names, and why."""

    sentence: Sentence
    support: Literal["verbatim", "supported", "unsupported"]
    places: tuple[tuple[Chunk, int, int], ...]
    reason: str | None = None


@dataclass(frozen=True)
class Written:
    """What a model wrote. `sentences` are those to show, in order; `left_out` counts the others.
    `unusable` says why it is no answer; `silent`: it found none in the passages."""

    sentences: tuple[Checked, ...] = ()
    left_out: int = 0
    calls: tuple[Tokens, ...] = ()
    unusable: Unusable | None = None
    silent: bool = False


def passages_for(chunks: Iterable[Chunk], context: int, longest: int) -> list[Chunk]:
    """The passages that a model is given: each once, in order, as many as it has room for in
    `context` tokens beside a reply of `longest`; one at least."""
    room = context - longest - _RULES
    chosen: dict[str, Chunk] = {}
    for chunk in chunks:
        size = len(chunk.embedded_text) / _LETTERS_A_TOKEN + 20
        if chunk.id in chosen:
            continue
        if len(chosen) == _MOST_PASSAGES or (chosen and size > room):
            break
        chosen[chunk.id] = chunk
        room -= int(size)
    return list(chosen.values())


@step("write")
def write(
    view: View,
    writer: Writer,
    check: SupportCheck,
    frames: Frames,
    question: str,
    passages: Sequence[Chunk],
    words: int,
    watch: Watch,
) -> Written:
    """What the model writes on a question from these passages, in about so many words.

    Raises ModelFailure, Stopped.
    """
    asked = _asked(writer.prompts, question, passages, words)
    desk = _Desk(view, writer, check, frames, passages, watch)
    draft = Draft()
    tokens: list[Tokens] = []
    for piece in writer.model.stream(asked, watch.stop):
        if isinstance(piece, Tokens):
            tokens.append(piece)
        else:
            desk.take(draft.add(piece))
    desk.take(draft.finish())
    desk.end()
    if _is_silent(draft.text, desk.checked):
        return Written(calls=tuple(tokens), silent=True)
    faults = [n for n, one in enumerate(desk.checked) if one.support == "unsupported"]
    if unusable := _unusable(draft.text, desk.checked):
        return Written(calls=tuple(tokens), unusable=unusable)
    checked: list[Checked | None] = list(desk.checked)
    if faults:
        watch.again()
        try:
            better, took = _asked_again(desk, asked, draft.text, faults[:_MOST_FAULTS])
        except ModelFailure:
            better, took = {}, []  # what holds is an answer; the rest stays unsupported
        tokens += took
        for n, one in better.items():
            checked[n] = one
    checked = _second_opinion(desk, checked, tokens)
    return _kept(writer, checked, tokens)


def _kept(writer: Writer, checked: Sequence[Checked | None], tokens: Sequence[Tokens]) -> Written:
    """What is shown of it: no sentence twice, and none without support unless it is to be."""
    shown: list[Checked] = []
    said: set[str] = set()
    left_out = 0
    for one in checked:
        if one is None or (one.support == "unsupported" and writer.unsupported == "remove"):
            left_out += 1
        elif (plain := " ".join(words_of(one.sentence.text))) not in said:
            said.add(plain)
            shown.append(one)
    if not any(one.support != "unsupported" for one in shown):
        return Written(calls=tuple(tokens), unusable="unsupported")
    return Written(tuple(shown), left_out, tuple(tokens))


def _asked(prompts: Prompts, question: str, passages: Sequence[Chunk], words: int) -> list[Message]:
    shown = "\n\n".join(
        f"<<<PASSAGE {n}: {fenced(' '.join(chunk.prefix.split()))}\n"
        f"{fenced(chunk.text)}\nPASSAGE>>>"
        for n, chunk in enumerate(passages, 1)
    )
    filled = {
        "passages": shown, "question": fenced(question), "words": str(words),
        "no_answer": NO_ANSWER,
    }  # fmt: skip
    prompt = prompts.answer
    return [
        Message("system", fill(prompt.rules, **filled)),
        Message("user", fill(prompt.asked, **filled)),
    ]


class _Desk:
    """Where the sentences of one draft are checked, as they come."""

    def __init__(
        self, view: View, writer: Writer, check: SupportCheck, frames: Frames,
        passages: Sequence[Chunk], watch: Watch,
    ) -> None:  # fmt: skip
        self.writer = writer
        self.checked: list[Checked] = []
        self._check = check
        self._frames = frames
        self._passages = passages
        self._grounds = [ground_of(chunk) for chunk in passages]
        self._watch = watch
        self._citations = CitationList(view)
        self._waiting: list[Sentence] = []  # without a number, which the next one may have

    def take(self, parts: Iterable[Sentence | Words]) -> None:
        """Show words, and check sentences."""
        for part in parts:
            if isinstance(part, Words):
                self._watch.words(part.text)
            else:
                self._take(part)

    def end(self) -> None:
        """Check what still waits for a number."""
        self._let_go(())

    def _take(self, sentence: Sentence) -> None:
        last = self._waiting[-1] if self._waiting else None
        if last and last.block != sentence.block and not last.leads:
            self._let_go(())
        if not sentence.numbers:
            self._waiting.append(sentence)
            return
        self._let_go(sentence.numbers)
        self._tell(self.judged(sentence))

    def _let_go(self, numbers: tuple[int, ...]) -> None:
        """Check the sentences that have no number of their own by those of the next one, or of
        the one before in their paragraph."""
        waiting, self._waiting = self._waiting, []
        for sentence in waiting:
            before = self.checked[-1].sentence if self.checked else None
            nearby = before.numbers if before and before.block == sentence.block else ()
            self._tell(self.judged(replace(sentence, numbers=numbers or nearby)))

    def _tell(self, checked: Checked) -> None:
        self.checked.append(checked)
        self._watch.checked(claim_of(checked, self._citations), self._citations.made)

    @step("check")
    def judged(self, sentence: Sentence) -> Checked:
        """A sentence, checked against the passages that it names."""
        offered = [n - 1 for n in sentence.numbers if 1 <= n <= len(self._passages)]
        doubt = self._frames.doubt
        if not sentence.numbers:
            return Checked(sentence, "unsupported", (), doubt.uncited)
        if not offered:
            line = fill(doubt.not_offered, word=str(sentence.numbers[0]))
            return Checked(sentence, "unsupported", (), line)
        chunks = [self._passages[n] for n in offered]
        verdicts = [self._check.check(sentence.text, self._grounds[n]) for n in offered]
        places = [_place(c, v) for c, v in zip(chunks, verdicts, strict=True)]
        at = best_of(verdicts)
        best = verdicts[at]
        if best.support == "unsupported":
            line = getattr(doubt, best.doubt or "words")
            return Checked(sentence, "unsupported", tuple(places), fill(line, word=best.word))
        said = tuple(
            place for place, v in zip(places, verdicts, strict=True) if v.support != "unsupported"
        )
        text = _as_it_stands(chunks[at], best)
        if best.support == "verbatim" and text:
            return Checked(replace(sentence, text=text), "verbatim", said)
        return Checked(sentence, "supported", said)

    def ask(self, messages: Sequence[Message]) -> tuple[str, Tokens]:
        """One more request to the model."""
        return self.writer.model.complete(messages, self._watch.stop)

    def doubted(self, checked: Checked) -> Checked:
        """A sentence that a second opinion does not find in its passages."""
        return replace(checked, support="unsupported", reason=self._frames.doubt.opinion)


def _place(chunk: Chunk, verdict: Verdict) -> tuple[Chunk, int, int]:
    """The stretch of a passage that comes nearest, with the sentence on which it leans."""
    first = verdict.first
    sentences = chunk.sentences
    if (
        first
        and leans(chunk.text_of(sentences[first]))
        and sentences[first - 1].block == sentences[first].block
    ):
        first -= 1
    return chunk, sentences[first].start, sentences[verdict.last].end


def _as_it_stands(chunk: Chunk, verdict: Verdict) -> str | None:
    """The sentences that a verdict found, if they can be said in one line."""
    start, end = chunk.sentences[verdict.first].start, chunk.sentences[verdict.last].end
    text = chunk.text[start - chunk.start : end - chunk.start]
    return None if "\n" in text else text


def claim_of(checked: Checked, citations: CitationList) -> Claim:
    """A checked sentence as a claim, its places cited."""
    numbers = dict.fromkeys(citations.cite(*place) for place in checked.places)
    return Claim(
        text=checked.sentence.text, support=checked.support, citations=tuple(numbers),
        reason=checked.reason,
    )  # fmt: skip


def _is_silent(text: str, checked: Sequence[Checked]) -> bool:
    """Whether the model says that the passages hold no answer, and nothing besides."""
    said = NO_ANSWER in text.upper()
    return said and not any(one.support != "unsupported" for one in checked)


def _unusable(text: str, checked: Sequence[Checked]) -> Unusable | None:
    """Why a text is no answer, judged as a whole; None if sentences of it hold."""
    if any(one.support != "unsupported" for one in checked):
        return None
    if _REFUSES.search(text):
        return "refused"
    words = [word for word in words_of(text) if not word.isdigit()]
    if len(words) < _WORDS_TO_TELL and checked:
        return None
    english = sum(word in STOP_WORDS for word in words) / max(len(words), 1)
    if not checked or english < _ENGLISH:
        letters = sum(c.isalpha() for c in text)
        return "language" if letters > len(text) / 2 and _is_language(text) else "garbage"
    return None


def _is_language(text: str) -> bool:
    """Whether a text is in another language, as far as can be told."""
    import py3langid  # reads its model at the first call: 0.5 s

    return str(py3langid.classify(text)[0]) != "en" and " " in text.strip()


@step("ask again")
def _asked_again(
    desk: _Desk, asked: Sequence[Message], text: str, faults: Sequence[int]
) -> tuple[dict[int, Checked | None], list[Tokens]]:
    """The sentences without support, asked for once more: what stands in place of each, None for
    what the model takes back. What it does not mend stays as it was."""
    names = [chr(ord("a") + n) for n in range(len(faults))]
    lines = "\n".join(
        f"{name}) {desk.checked[n].sentence.text} — {desk.checked[n].reason}"
        for name, n in zip(names, faults, strict=True)
    )
    prompt = desk.writer.prompts.again
    again = [*asked, Message("assistant", text), Message("user", fill(prompt.asked, faults=lines))]
    reply, tokens = desk.ask(again)
    found: dict[int, Checked | None] = {}
    for line in reply.splitlines():
        match = re.match(r"\s*\(?([a-z])[).:]\s*(.*)", line)
        if match is None or match[1] not in names:
            continue
        at = faults[names.index(match[1])]
        if not re.search(r"\w", match[2]):
            found[at] = None
            continue
        draft = Draft()
        parts = [*draft.add(match[2]), *draft.finish()]
        sentences = [part for part in parts if isinstance(part, Sentence)]
        if len(sentences) == 1:
            old = desk.checked[at].sentence
            new = replace(sentences[0], block=old.block, marker=old.marker, opens=old.opens)
            judged = desk.judged(new)
            if judged.support != "unsupported":
                found[at] = judged
    return found, [tokens]


def _second_opinion(
    desk: _Desk, checked: Sequence[Checked | None], tokens: list[Tokens]
) -> list[Checked | None]:
    """The same, those doubted that a second opinion does not find supported.

    Raises what the opinion raises: ModelError if its model cannot be loaded; ModelFailure and
    Stopped if the writing model itself is asked.
    """
    opinion = desk.writer.opinion
    asked = [
        (n, one) for n, one in enumerate(checked) if one is not None and one.support == "supported"
    ]
    found = list(checked)
    if opinion is None or not asked:
        return found
    pairs = [
        (" ".join(c.text[a - c.start : b - c.start] for c, a, b in one.places), one.sentence.text)
        for _, one in asked
    ]
    with step("second opinion"):
        agreed = _agreed(desk, pairs, tokens) if opinion == "model" else opinion.follows(pairs)
    for (n, one), holds in zip(asked, agreed, strict=True):
        if not holds:
            found[n] = desk.doubted(one)
    return found


def _agreed(desk: _Desk, pairs: Sequence[tuple[str, str]], tokens: list[Tokens]) -> list[bool]:
    """What the model itself says of each pair; only a plain "no" counts against one."""
    found = []
    for passage, sentence in pairs:
        prompt = desk.writer.prompts.support
        asked = fill(prompt.asked, passage=fenced(passage), sentence=fenced(sentence))
        reply, took = desk.ask([Message("user", asked)])
        tokens.append(took)
        found.append(not re.match(r"\W*no\b", reply, re.IGNORECASE))
    return found
