"""Where a sentence differs from its ground though it shares most words with it.

Each guard gives doubts, and one is enough: a guard that fails is never outvoted.
"""

from assistant.answering.checking import facts, modality, polarity
from assistant.answering.checking.verdicts import Doubts
from assistant.answering.checking.wording import Wording


def doubts_of(claim: Wording, ground: Wording, context: Wording) -> Doubts:
    """Every guard that fails, with the words of the claim that the ground does not carry."""
    return [
        *facts.amounts(claim, ground, context),
        *facts.counted(claim, ground),
        *facts.dates(claim, ground, context),
        *facts.names(claim, ground, context),
        *facts.people(claim, ground, context),
        *polarity.denials(claim, ground),
        *modality.duties(claim, ground),
        *modality.quantities(claim, ground),
        *polarity.contraries(claim, ground),
        *modality.causes(claim, ground),
        *modality.conditions(claim, ground),
    ]
