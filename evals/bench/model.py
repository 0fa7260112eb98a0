"""What a language model costs beside its own time: the first words, and the check of the answer."""

import statistics
import time
from contextlib import closing

from assistant.app import Assistant, Watch, language_model, open_assistant
from assistant.errors import UsageError
from assistant.models.language import LanguageModel, Message
from assistant.records import Answer
from assistant.settings import Settings
from assistant.terminal import TerminalProgress

QUESTIONS = (
    "Who should be on the implementation team?",
    "How do we keep a programme going when its champion leaves?",
    "Staff were trained but nothing has changed. Why?",
    "Should we scale up or scale out?",
    "What should we know about our context before we start?",
    "Teachers want to drop two lessons. Is that OK?",
)
ROUNDS = 4
WORDS = 200  # of sentences whose check is timed
_REQUEST = 8_000  # characters, as many as passages and question have


class _First(Watch):
    """Notes when the first words of a draft are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.at: float | None = None

    def words(self, text: str) -> None:
        """The first words."""
        self.at = self.at or time.perf_counter()


def run_model_bench(settings: Settings) -> dict[str, float]:
    """Milliseconds, medians: until the `first_word` of an answer, until that of the `endpoint`
    asked alone, what is `added` between them, and the processor's time of the `check` of 200 words,
    warm. Raises UsageError without a model, and as `open_assistant`."""
    model = language_model(settings)
    if model is None:
        raise UsageError("No model is set.", "Set ASSISTANT_MODEL and ASSISTANT_MODEL_URL.")
    first, endpoint, answers = [], [], []
    with closing(open_assistant(settings, TerminalProgress())) as assistant, closing(model):
        assistant.warm_up()
        for question in QUESTIONS * ROUNDS:
            watch, begun = _First(), time.perf_counter()
            answers.append(assistant.ask(question, watch=watch))
            if watch.at is not None:
                first.append(1000 * (watch.at - begun))
            endpoint.append(1000 * _first_piece(model, question))
        if not first:
            raise UsageError("The model wrote nothing.", "Run: assistant check")
        check = statistics.median(_check_time(assistant, answers) for _ in range(ROUNDS))
    waited, alone = statistics.median(first), statistics.median(endpoint)
    return {"first_word": waited, "endpoint": alone, "added": waited - alone, "check": check}


def model_table(found: dict[str, float]) -> str:
    """The figures beside their goals."""
    return (
        f"first word of an answer    {found['first_word']:.0f} ms\n"
        f"first word of the endpoint {found['endpoint']:.0f} ms\n"
        f"added                      {found['added']:.0f} ms (goal 150)\n"
        f"check of {WORDS} words         {found['check']:.0f} ms of CPU (goal 50)"
    )


def _first_piece(model: LanguageModel, question: str) -> float:
    """Seconds until the endpoint's first word to a request of usual length."""
    text = (question + " ") * (_REQUEST // len(question))
    begun = time.perf_counter()
    pieces = model.stream([Message("user", f"<<<QUESTION\n{question}\nQUESTION>>>\n{text}")])
    next(pieces)
    return time.perf_counter() - begun


def _check_time(assistant: Assistant, answers: list[Answer]) -> float:
    """Milliseconds of the processor for as many sentences of the answers as make 200 words, each
    checked against the passage that it cites."""
    words, begun = 0, time.process_time()
    for answer in answers:
        for claim in answer.claims:
            if claim.support == "supported" and words < WORDS:
                cited = answer.citations[claim.citations[0] - 1]
                assistant.check(claim.text, cited.document_id, cited.start, cited.end)
                words += len(claim.text.split())
    return 1000 * (time.process_time() - begun) * WORDS / max(words, 1)
