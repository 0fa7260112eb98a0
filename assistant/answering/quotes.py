"""What can be quoted of a chunk: sentences that stand alone, and whole lists."""

import re
from dataclasses import dataclass

from assistant.index.reader import View
from assistant.records import Chunk, Sentence, SentenceRole

LONGEST_LIST = 220  # words of a list that nobody asked for

# A sentence that begins so leans on the one before it.
_LEANS = re.compile(
    r"(?:it|its|they|their|them|this|these|that|those|he|she|his|her|such|both|but|however|also"
    r"|therefore|thus|hence|instead|moreover|furthermore|similarly|in addition|for example"
    r"|for instance|in the illustration|in this example|yet|so|then|next|here|another|others?"
    r"|each of these|the (?:former|latter))\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!:;]['\"”’)\]]*\d{0,9}$")


@dataclass(frozen=True)
class Quote:
    """Sentences that stand together in one document and are quoted together."""

    chunk: Chunk
    sentences: tuple[Sentence, ...]
    texts: tuple[str, ...]

    @property
    def words(self) -> int:
        """How many words are quoted."""
        return sum(len(text.split()) for text in self.texts)

    @property
    def place(self) -> tuple[str, int, int]:
        """Document, start and end."""
        return self.chunk.document_id, self.sentences[0].start, self.sentences[-1].end

    @property
    def title_words(self) -> int:
        """How many words the document's title has, as the chunk's prefix gives it."""
        return len(self.chunk.prefix.split(" > ")[0].split())

    @property
    def is_list(self) -> bool:
        """Whether it is a list with the sentence that introduces it."""
        return self.sentences[0].role is SentenceRole.LEAD


def leans(text: str) -> bool:
    """Whether a sentence says nothing without the one before it."""
    return _LEANS.match(text) is not None


def quotable(sentence: Sentence, text: str) -> bool:
    """Whether a sentence can be quoted alone: no question, caption or loose heading."""
    if text.endswith("?") or not re.search(r"[^\W\d_]", text):
        return False
    words = len(text.split())
    if sentence.role is SentenceRole.ITEM:
        return words >= 6  # a shorter item says nothing without its list
    return words >= 4 and _ENDS.search(text) is not None


def quotes_of(view: View, chunk: Chunk) -> list[Quote]:
    """What can be quoted of a chunk: sentences, each with the one it leans on, and whole lists.

    The items of a list that nothing introduces, or that is too long to read out, stand alone.
    """
    made: list[Quote] = []
    looked_at: set[int] = set()
    whole_lists: set[int] = set()
    previous: Sentence | None = None
    for sentence in chunk.sentences:
        if sentence.role is not SentenceRole.PLAIN and sentence.block not in looked_at:
            looked_at.add(sentence.block)
            whole = _whole_list(view, chunk, sentence.block)
            if whole and whole.words <= LONGEST_LIST:
                whole_lists.add(sentence.block)
                made.append(whole)
        alone = sentence.role is SentenceRole.PLAIN or (
            sentence.role is SentenceRole.ITEM and sentence.block not in whole_lists
        )
        if alone and quotable(sentence, text := chunk.text_of(sentence)):
            together: tuple[Sentence, ...] = (sentence,)
            if leans(text):
                together = _with_support(chunk, previous, sentence)
            if together:
                made.append(quote_of(chunk, together))
        previous = sentence
    return made


def _with_support(
    chunk: Chunk, previous: Sentence | None, sentence: Sentence
) -> tuple[Sentence, ...]:
    """A leaning sentence with the one before it; nothing if that cannot carry it either."""
    if previous is None or previous.role is SentenceRole.LEAD or previous.block != sentence.block:
        return ()
    before = chunk.text_of(previous)
    if not quotable(previous, before) or leans(before):
        return ()
    return (previous, sentence)


def _whole_list(view: View, chunk: Chunk, block: int) -> Quote | None:
    """A list with its lead, from all chunks that it runs through; None without a lead."""
    sentences = view.block(chunk.document_id, block)
    first = next((n for n, s in enumerate(sentences) if s.role is SentenceRole.LEAD), None)
    if first is None:
        return None
    lead_and_items = sentences[first:]
    _, text = view.text_of(chunk.document_id)
    return Quote(
        chunk=chunk,
        sentences=tuple(lead_and_items),
        texts=tuple(text[s.start : s.end] for s in lead_and_items),
    )


def quote_of(chunk: Chunk, sentences: tuple[Sentence, ...]) -> Quote:
    """Sentences of a chunk as a quote."""
    return Quote(chunk=chunk, sentences=sentences, texts=tuple(chunk.text_of(s) for s in sentences))
