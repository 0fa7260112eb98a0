"""What `corpus/coaching/README.md` asks of the coaching data, checked."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import product
from typing import get_args

from assistant.coaching.bank import WORDS, Bank, lines_of, speaking
from assistant.coaching.data import MOST_WORDS, About, is_open_question
from assistant.coaching.shape import activity_count, cut
from assistant.plans import LARGEST_GROUP, LONGEST_SESSION, SHORTEST_SESSION, SMALLEST_GROUP, Mode
from assistant.records import Stage

LEAST_ACTIVITIES, LEAST_PROMPTS, LEAST_READINESS, LEAST_OF_A_KIND = 25, 12, 5, 2
_BLAMES = re.compile(r"\bwhy (?:did|do|have|has|are|were)(?:n't)? (?:you|they|staff)\b", re.I)
_OBJECTIVE = re.compile(r"(?!to\b)[a-z]+", re.I)
_LEAST: dict[About, int] = {
    "stage": LEAST_PROMPTS, "equity": LEAST_OF_A_KIND, "failure": LEAST_OF_A_KIND,
}  # fmt: skip
_SIZES = (SMALLEST_GROUP, 5, 12, 30, LARGEST_GROUP)
_LENGTHS = (SHORTEST_SESSION, 30, 45, 60, 75, 90, 120, 150, 180, LONGEST_SESSION)


def faults_of_bank(bank: Bank, notes: Collection[str]) -> Iterator[tuple[str, str]]:
    """Where each fault is and what it is. `notes` are the ids of the library's notes."""
    yield from _faults_of_prompts(bank)
    if len(bank.activities) < LEAST_ACTIVITIES:
        yield "activities", f"{len(bank.activities)} of at least {LEAST_ACTIVITIES}"
    for activity in bank.activities:
        if not _OBJECTIVE.match(activity.objective) or activity.objective.endswith("."):
            yield activity.id, 'the objective does not complete "By the end the team will have ..."'
    for stage, data in bank.stages.items():
        yield from ((stage, f"no note {one!r} to read before") for one in data.pre_read
                    if one not in notes)  # fmt: skip
        count = sum(stage in item.stages for item in bank.readiness.items)
        if count < LEAST_READINESS:
            yield stage, f"{count} readiness items of at least {LEAST_READINESS}"
    yield from _sessions_without_activities(bank)
    yield from _lines_that_read_badly(bank)


def _faults_of_prompts(bank: Bank) -> Iterator[tuple[str, str]]:
    kinds = Counter((stage, one.about) for one in bank.prompts for stage in one.stages)
    for stage in Stage:
        for about, least in _LEAST.items():
            if kinds[stage, about] < least:
                yield stage, f"{kinds[stage, about]} prompts on {about} of at least {least}"
    for prompt in bank.prompts:
        if not is_open_question(prompt.text):
            yield prompt.text, "the prompt is no open question"
        if _BLAMES.search(prompt.text):
            yield prompt.text, "the prompt blames"
        if len(prompt.text.split()) > MOST_WORDS:
            yield prompt.text, f"the prompt has more than {MOST_WORDS} words"
        if prompt.about == "topic" and not prompt.topics:
            yield prompt.text, "the prompt is on a topic and names none"


def _sessions_without_activities(bank: Bank) -> Iterator[tuple[str, str]]:
    """Sessions that the activities for a stage cannot fill."""
    for stage, mode, size in product(Stage, get_args(Mode), _SIZES):
        limits = [
            (one.minutes.least, one.minutes.usual, one.minutes.most)
            for one in bank.activities
            if stage in one.stages and mode in one.modes and size in one.size
        ]
        for minutes in _LENGTHS:
            there_are = cut(bank.shapes, minutes)["activity"]
            count = activity_count(bank.shapes, minutes)
            if not _can_fill(limits, there_are, count):
                yield stage, f"no activities for {size} people, {mode}, {minutes} minutes"


def _can_fill(limits: list[tuple[int, int, int]], minutes: int, count: int) -> bool:
    """Whether the shortest and the longest of some activities leave room for the minutes."""
    shortest, longest = sorted(limits)[:count], sorted(limits, key=lambda one: -one[2])[:count]
    least, most = sum(one[0] for one in shortest), sum(one[2] for one in longest)
    return len(limits) >= count and least <= minutes <= most


def _lines_that_read_badly(bank: Bank) -> Iterator[tuple[str, str]]:
    """Lines in which the words of a sector cannot stand."""
    first = re.compile(rf"^\$(?:{'|'.join(sorted(WORDS))})\b")
    data = [bank.activities, bank.prompts, bank.readiness, *bank.stages.values()]
    for line in lines_of(data):
        if first.match(line):
            yield line, "a line that begins with a word of the sector begins with a small letter"
        for sector in bank.sectors.values():
            if re.search(r"\ba (?=[aeiou])", speaking(sector)(line)) and "$" in line:
                yield line, '"a" stands before a vowel in the words of a sector'
