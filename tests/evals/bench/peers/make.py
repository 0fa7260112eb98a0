"""What the bench of stacks is given, small."""

from pathlib import Path

from evals.bench.peers.questions import questions_of
from evals.bench.peers.records import Doc
from evals.bench.peers.run import Given
from evals.cases import Evidence
from tests.evals.make import GUIDE, TEXTS, make_case

CORE = Evidence(document_id="guide", quote="Keep the core as it is.", grade=3)
HALF = Evidence(document_id="guide", quote="Half of the staff use it.", grade=1)
DOCUMENTS = [Doc("guide", "Guide", GUIDE), Doc("other", "Other", TEXTS["other"][1])]


def make_given(weights: Path, corpus: tuple[Path, ...] = ()) -> Given:
    """Two documents, and a question on one of them in each split."""
    cases = [
        make_case("core", question="Keep the core?", gold=(CORE, HALF)),
        make_case("half", question="How many of the staff?", gold=(HALF,), split="test"),
    ]
    return Given(DOCUMENTS, TEXTS, corpus, weights, questions_of(cases, TEXTS))
