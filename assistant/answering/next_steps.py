"""Questions to ask next: those that the documents say they answer, near what was asked."""

import re
from collections.abc import Collection

from assistant.index.reader import View
from assistant.models.embedding import Vectors
from assistant.prompts import Frames, fill
from assistant.records import Signpost
from assistant.retrieval.search import STOP_WORDS, Retrieval, words_of

_MOST = 3
_LONGEST = 15  # words
_TELLING = 3  # words of a heading that says what stands below it
_NEAR = 0.4  # similarity to the question below which it would change the subject
_SAME = 0.75  # similarity from which it asks what was asked, or what another one asks
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|he|she|this|that|these|those|here|our|my|we've|i)\b",
    re.IGNORECASE,
)


def next_questions(
    view: View, frames: Frames, found: Retrieval, quoted: Collection[str]
) -> tuple[str, ...]:
    """Up to three questions, each of another document. `quoted` names the documents of the answer:
    of these only questions that lead on from it."""
    made: list[tuple[str, str, Vectors]] = []
    near = [post for post, close in found.signposts if close >= _NEAR]
    # A document that names its questions is known by them, and its headings need their title.
    silent = view.silent([post.document_id for post in near])
    asking = [post for post in near if post.section is None or post.document_id in silent]
    posts = [(post, text) for post in asking if (text := _as_question(frames, post))]
    vectors = view.signpost_vectors([post for post, _ in posts])
    for (post, text), vector in zip(posts, vectors, strict=True):
        others = [found.vector, *(other for _, _, other in made)]
        fresh = all(float(vector @ other) < _SAME for other in others)
        if fresh and post.document_id not in {name for name, _, _ in made}:
            made.append((post.document_id, text, vector))
    made.sort(key=lambda one: one[0] in quoted)  # first those that lead to other documents
    return tuple(text for _, text, _ in made[:_MOST])


def _as_question(frames: Frames, post: Signpost) -> str | None:
    """A signpost as a question that says by itself what it is about."""
    title, *path = post.text.split(" > ")
    if post.section is None:
        text = post.text
    elif path and path[-1].endswith("?"):
        text = path[-1]
        if not _carrying(text) & _carrying(title):
            return None
    elif path and len(path[-1].split()) >= _TELLING:
        if _LEANS.search(path[-1]) or len(f"{title} {path[-1]}".split()) > _LONGEST:
            return None
        return fill(frames.follow_up, title=title, section=path[-1])
    else:
        return None
    return text if len(text.split()) <= _LONGEST and not _LEANS.search(text) else None


def _carrying(text: str) -> set[str]:
    return set(words_of(text)) - STOP_WORDS
