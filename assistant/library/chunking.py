"""Documents to chunks: along headings, paragraphs and sentences, within the model's reach."""

from collections.abc import Callable, Iterator, Sequence

from assistant.records import Chunk, Document, Section, Sentence, SentenceRole

CHUNKER_VERSION = 1
MAX_PIECES = 240  # word pieces, prefix included: MiniLM reads 254 and silently ignores the rest
_PREFIX_SHARE = 3  # the prefix may take a third of a chunk

TokenCounter = Callable[[Sequence[str]], list[int]]
"""Texts to their numbers of word pieces, special tokens left out."""


def chunk_document(document: Document, count: TokenCounter, limit: int = MAX_PIECES) -> list[Chunk]:
    """The chunks of a document's quotable sections, in reading order, without overlap.

    Prefix and text together take at most `limit` word pieces. A list stays with the sentence
    that introduces it where both fit; a sentence is cut only if it exceeds a chunk by itself.
    """
    chunks: list[Chunk] = []
    for section in document.sections:
        if section.quotable:
            prefix = _prefix(document.title, section, count, limit // _PREFIX_SHARE)
            budget = limit - count([prefix])[0]
            groups = _pack(document.text, section, budget, count)
            for n, sentences in enumerate(groups, 1):
                start, end = sentences[0].start, sentences[-1].end
                chunks.append(
                    Chunk(
                        id=f"{document.id}:{section.id}:{n}",
                        document_id=document.id,
                        section=" > ".join(section.path),
                        anchor=section.anchor,
                        prefix=prefix,
                        start=start,
                        end=end,
                        text=document.text[start:end],
                        sentences=tuple(sentences),
                    )
                )
    return chunks


def _prefix(title: str, section: Section, count: TokenCounter, limit: int) -> str:
    """Title and headings, shortened from the end until they fit."""
    words = " > ".join((title, *section.path)).split()
    while len(words) > 1 and count([" ".join(words)])[0] > limit:
        words.pop()
    prefix = " ".join(words)
    while prefix and count([prefix])[0] > limit:
        prefix = prefix[: len(prefix) * 3 // 4]
    return prefix


def _pack(text: str, section: Section, budget: int, count: TokenCounter) -> list[list[Sentence]]:
    """Fill chunks block by block; a block that does not fit is filled sentence by sentence."""
    sentences = list(_fitting(text, section.sentences, budget, count))
    costs = _costs(text, sentences, count)
    groups: list[list[Sentence]] = []
    used = budget
    for block in _by_block(sentences):
        block_cost = sum(costs[s.start] for s in block)
        keep_whole = block_cost <= budget
        for n, sentence in enumerate(block):
            needed = block_cost if keep_whole and n == 0 else costs[sentence.start]
            if not groups or used + needed > budget:
                groups.append([])
                used = 0
            groups[-1].append(sentence)
            used += costs[sentence.start]
    return groups


def _costs(text: str, sentences: Sequence[Sentence], count: TokenCounter) -> dict[int, int]:
    """Word pieces of each sentence with what stands between it and the one before it."""
    starts = [s.start for s in sentences[:1]] + [s.end for s in sentences[:-1]]
    counted = count([text[a : s.end] for a, s in zip(starts, sentences, strict=True)])
    return {s.start: n for s, n in zip(sentences, counted, strict=True)}


def _by_block(sentences: Sequence[Sentence]) -> Iterator[list[Sentence]]:
    block: list[Sentence] = []
    for sentence in sentences:
        starts_list = sentence.role is SentenceRole.LEAD
        if block and (block[-1].block != sentence.block or starts_list):
            yield block
            block = []
        block.append(sentence)
    if block:
        yield block


def _fitting(
    text: str, sentences: Sequence[Sentence], budget: int, count: TokenCounter
) -> Iterator[Sentence]:
    """The sentences, each that exceeds a whole chunk cut in halves at a space until it fits."""
    sizes = count([text[s.start : s.end] for s in sentences])
    for sentence, size in zip(sentences, sizes, strict=True):
        if size <= budget or sentence.end - sentence.start < 2:
            yield sentence
            continue
        middle = (sentence.start + sentence.end) // 2
        space = text.find(" ", middle, sentence.end - 1)
        left_end = space if space > 0 else middle
        right_start = space + 1 if space > 0 else middle
        left = sentence.model_copy(update={"end": left_end})
        right = sentence.model_copy(update={"start": right_start, "marker": ""})
        yield from _fitting(text, (left, right), budget, count)
