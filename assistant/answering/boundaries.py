"""Questions that guidance documents cannot answer, told by rules that can be read.

The cues of instructions and of questions for a professional stand in `prompts/boundaries.yaml`,
those of other senses of a word in the glossary; what makes a question one about a team's own
facts stands here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.decline import Reason
from assistant.library.glossary import Glossary
from assistant.prompts import Boundary


@dataclass(frozen=True)
class Beyond:
    """Why no guidance answers a question, and whom to ask instead."""

    reason: Reason
    refer_to: str | None = None


# "How many of our staff came?", "What did our head decide?", "Who is the champion on ward 7?"
_ASKS_FOR_A_FACT = re.compile(
    r"(?:and |so |but |can you (?:tell|remind) (?:me|us) )?"
    r"(?:who|when|where|how many|how much"
    r"|(?:what|which)\b.{0,60}?\b(?:was|were|did|is|are|has|had|have))\b",
    re.IGNORECASE,
)
_OF_THEIRS = re.compile(
    r"\b(?:[Oo]ur|[Mm]y)\b|\b(?:did|have|had) we\b|\bthat person\b"
    r"|\b(?:ward|room|year|class|team|cohort|school|unit) (?:\d+|[A-Z])\b"
)
_OF_ADVICE = re.compile(
    r"\b(?:should|could|may|must|need|would|might|will|ought|do we|does (?:it|that)|mean|good"
    r"|enough|ready|right|wrong|normal|next (?:step|move)s?|options?|stage|phase|difference"
    r"|about our|why|how do|missed)\b",
    re.IGNORECASE,
)


def is_local_fact(question: str) -> bool:
    """Whether it asks for a fact that only the people there can know, and for no advice.

    The last sentence that ends in a question mark is what is asked; the rest is the story.
    """
    asked = re.findall(r"[^.!?\n]*\?", question)
    text = asked[-1].strip() if asked else question
    return (
        _ASKS_FOR_A_FACT.match(text) is not None
        and _OF_THEIRS.search(text) is not None
        and _OF_ADVICE.search(text) is None
    )


def beyond_guidance(
    question: str, resolved: str, boundaries: Sequence[Boundary], glossary: Glossary
) -> Beyond | None:
    """Why a question is not for guidance documents; None if it may be.

    `resolved` is the question with what it leans on, for the sense of a word.
    """
    for boundary in boundaries:
        if boundary.covers(question):
            return Beyond(boundary.reason, boundary.refer_to)
    if glossary.foreign_sense(question, resolved):
        return Beyond("out_of_scope")
    if is_local_fact(question):
        return Beyond("local_fact")
    return None
