"""Does a passage say what a sentence says? Rules that can be read, without a model that writes.

`support` checks a sentence against what it leans on (`passages`, `grounds`): is enough of it said
at all (`coverage`), and does nothing speak against it (`doubts`: of `facts`, `polarity` and
`modality`)? Both go by what `wording` reads, from `words` and `amounts`. The tables of `lexicon`
and `measures` are open to all; for the rest, this is the door.
"""

from assistant.answering.checking.grounds import Ground
from assistant.answering.checking.passages import check_for, ground_of
from assistant.answering.checking.support import SupportCheck
from assistant.answering.checking.verdicts import Verdict, best_of

__all__ = ["Ground", "SupportCheck", "Verdict", "best_of", "check_for", "ground_of"]
