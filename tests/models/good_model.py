"""A scripted model that does what it is asked: it answers from the numbered passages, in other
words where it can, and names the passage of every sentence. `python -m tests.models.good_model`
serves it, so that the evaluation can be run with a model that behaves."""

import re
import time

from tests.models.scripted_model import Body, Reply, ScriptedModel, says

MODEL = "openai-like:scripted"
_PASSAGE = re.compile(r"<<<PASSAGE (\d+): [^\n]*\n(.*?)\nPASSAGE>>>", re.DOTALL)
_QUESTION = re.compile(r"<<<QUESTION\n(.*?)\nQUESTION>>>", re.DOTALL)
_LAST = re.compile(r"<<<LAST\n(.*?)\nLAST>>>", re.DOTALL)
_MOST_WORDS = 170
_OTHER_WORDS = {"begin": "start", "because": "since", "should": "ought to"}
_NO_ANSWER = "NOT IN THE PASSAGES"


def good(body: Body) -> Reply:
    """What it says to a request."""
    asked = str(body["messages"][-1]["content"])
    if last := _LAST.search(asked):
        return says(last[1])
    question = _QUESTION.search(asked)
    if question is None:  # asked once more: it takes back what it said
        return says("\n".join(f"{name}) -" for name in re.findall(r"^([a-l])\)", asked, re.M)))
    wanted = _words(question[1])
    rated = []
    for number, text in _PASSAGE.findall(asked):
        for line in text.split("\n"):
            line = re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", line).strip()
            for sentence in re.split(r"(?<=[.!])\s+(?=[A-Z])", line):
                if 5 <= len(sentence.split()) <= 45 and sentence.endswith("."):
                    shared = len(wanted & _words(sentence)) / (1 + len(wanted))
                    rated.append((shared - 0.06 * int(number), number, sentence))
    rated.sort(key=lambda one: -one[0])
    lines, count = [], 0
    for n, (_, number, sentence) in enumerate(rated):
        count += len(sentence.split())
        if count > _MOST_WORDS:
            break
        said = _in_other_words(sentence) if n % 2 else sentence
        lines.append(f"{said} [{number}]" if n == 0 else f"- {said} [{number}]")
    return says("\n".join(lines) if lines else _NO_ANSWER)


def _in_other_words(sentence: str) -> str:
    for word, other in _OTHER_WORDS.items():
        sentence = re.sub(rf"\b{word}\b", other, sentence)
    return sentence


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", text.lower())}


if __name__ == "__main__":
    with ScriptedModel(good) as server:
        print(server.address, flush=True)
        while True:
            time.sleep(60)
