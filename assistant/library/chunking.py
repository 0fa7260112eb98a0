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
    sections = [section for section in document.sections if section.quotable]
    prefixes = _prefixes(document.title, sections, count, limit // _PREFIX_SHARE)
    # Few long calls: a tokenizer takes as long to begin as for some ten sentences.
    sizes = count(prefixes)
    costs = _costs(document.text, [section.sentences for section in sections], count)
    chunks: list[Chunk] = []
    for section, prefix, size, cost in zip(sections, prefixes, sizes, costs, strict=True):
        groups = _pack(document.text, section.sentences, cost, limit - size, count)
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


def _prefixes(
    title: str, sections: Sequence[Section], count: TokenCounter, limit: int
) -> list[str]:
    """Title and headings of each section, shortened from the end until they fit."""
    whole = [" ".join(" > ".join((title, *section.path)).split()) for section in sections]
    return [
        prefix if size <= limit else _shortened(prefix, count, limit)
        for prefix, size in zip(whole, count(whole), strict=True)
    ]


def _shortened(prefix: str, count: TokenCounter, limit: int) -> str:
    words = prefix.split()
    while len(words) > 1 and count([" ".join(words)])[0] > limit:
        words.pop()
    prefix = " ".join(words)
    while prefix and count([prefix])[0] > limit:
        prefix = prefix[: len(prefix) * 3 // 4]
    return prefix


def _pack(
    text: str,
    sentences: Sequence[Sentence],
    costs: dict[int, int],
    budget: int,
    count: TokenCounter,
) -> list[list[Sentence]]:
    """Fill chunks block by block; a block that does not fit is filled sentence by sentence."""
    if any(cost > budget for cost in costs.values()):
        sentences = list(_fitting(text, sentences, budget, count))
        (costs,) = _costs(text, [sentences], count)
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


def _costs(
    text: str, sections: Sequence[Sequence[Sentence]], count: TokenCounter
) -> list[dict[int, int]]:
    """Of each section, the word pieces of each sentence, by its start, with what stands between
    it and the one before it."""
    parts = [
        text[before : sentence.end]
        for sentences in sections
        for before, sentence in zip(
            [s.start for s in sentences[:1]] + [s.end for s in sentences[:-1]],
            sentences,
            strict=True,
        )
    ]
    counted = iter(count(parts))
    return [{s.start: next(counted) for s in sentences} for sentences in sections]


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
