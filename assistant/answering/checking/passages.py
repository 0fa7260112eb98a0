"""Passages of an index as what a sentence may lean on, and the check with that index's words."""

from collections.abc import Mapping, Sequence

from assistant.answering.checking.grounds import Ground
from assistant.answering.checking.support import SupportCheck
from assistant.index.reader import View
from assistant.index.stems import Stemmer
from assistant.models.embedding import EmbeddingModel, Vectors
from assistant.records import Chunk
from assistant.retrieval.search import rarity


def check_for(view: View, model: EmbeddingModel, stemmer: Stemmer) -> SupportCheck:
    """The check of support for one answer."""
    chunks = view.chunk_count()
    known: dict[str, float] = {}

    def weights(stems: Sequence[str]) -> Mapping[str, float]:
        if new := [stem for stem in stems if stem not in known]:
            found = view.document_frequency(new)
            known.update((stem, rarity(found.get(stem, 0), chunks)) for stem in new)
        return known

    meant: dict[str, Vectors] = {}

    def closeness(sentence: str, texts: Sequence[str]) -> Sequence[float]:
        if sentence not in meant:
            meant[sentence] = model.encode([sentence])[0]
        vector = meant[sentence]
        return [float(one) for one in view.sentence_vectors(texts) @ vector]

    return SupportCheck(stemmer.stems, weights, model.word_vectors, closeness)


def ground_of(chunk: Chunk) -> Ground:
    """What a chunk says, sentence by sentence, with its title and headings."""
    return Ground(tuple(chunk.text_of(one) for one in chunk.sentences), chunk.prefix)
