"""What of the coaching data suits a brief: rules first, then nearness in meaning. Deterministic."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.coaching.bank import Bank
from assistant.coaching.data import Activity, BankPrompt, TopicData
from assistant.coaching.shape import share_between
from assistant.plans import DiscussionPrompt, SessionBrief
from assistant.prompts import has_cue
from assistant.records import Stage

Nearness = Callable[[str, Sequence[str]], Sequence[float]]
"""A text to how near it is in meaning to each of some others, -1 to 1."""

# What an activity or a prompt gains. Chosen by reading plans, not by measurement.
_OF_PURPOSE = 1.0  # for the topics that the purpose names
_OF_STAGE = 0.3  # for the usual topics of the stage
_OWN = 0.4  # for an activity that is made for few stages, against those that serve for all
_KEPT = 5.0  # for what the plan had before it was changed
_USED = -2.0  # for what an earlier session of the series had
_DOING = 0.6  # where more doing is wanted
_PACE = 0.4  # for an activity that can take its usual time
_PROMPTS = ((0, 4), (60, 5), (90, 6), (120, 7), (180, 8))  # from so many minutes, so many prompts


@dataclass(frozen=True)
class Leaning:
    """What a choice leans on: what was chosen before, by ids and texts, and what was used in
    earlier sessions."""

    kept: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()

    def gain(self, name: str) -> float:
        """What something gains or loses by having been chosen before."""
        return (_KEPT if name in self.kept else 0.0) + (_USED if name in self.used else 0.0)


NO_LEANING = Leaning()


def topics_in(topics: Mapping[str, TopicData], text: str) -> tuple[str, ...]:
    """The topics that a text is about, in their order."""
    return tuple(
        name for name, topic in topics.items() if any(has_cue(text, cue) for cue in topic.cues)
    )


def topics_of(bank: Bank, brief: SessionBrief) -> tuple[str, ...]:
    """The topics of a session: those that the brief gives, then those that its words name."""
    told = topics_in(bank.topics, f"{brief.purpose} {brief.last_time}")
    return tuple(dict.fromkeys((*brief.topics, *told)))


def about(bank: Bank, brief: SessionBrief) -> str:
    """What a session is about: as the coach says it, or as is usual at the stage."""
    return brief.purpose or brief.last_time or bank.stages[brief.stage].purpose


def choose_activities(
    bank: Bank, brief: SessionBrief, minutes: int, count: int, nearness: Nearness,
    leaning: Leaning = NO_LEANING,
) -> list[tuple[Activity, int]]:  # fmt: skip
    """`count` activities, or as many as there must be, and the minutes of each; together they take
    `minutes`. Raises ValueError if the bank has none that fit."""
    ranked = _ranked(bank, brief, minutes // count, nearness, leaning)
    for wanted in (*range(count, 0, -1), *range(count + 1, len(ranked) + 1)):
        chosen = _fill(ranked, minutes, wanted)
        if chosen:
            given = share_between(minutes, [_limits(one) for one in chosen])
            assert given is not None
            return list(zip(chosen, given, strict=True))
    raise ValueError(f"no activities take {minutes} minutes")


def choose_prompts(
    bank: Bank, brief: SessionBrief, nearness: Nearness, leaning: Leaning = NO_LEANING
) -> tuple[DiscussionPrompt, ...]:
    """Open questions: for the stage, on the topics of the purpose, one on equity, and one on what
    would make it fail."""
    total = max(count for since, count in _PROMPTS if since <= brief.minutes)
    for_stage = [prompt for prompt in bank.prompts if brief.stage in prompt.stages]
    named = topics_of(bank, brief)
    wanted = about(bank, brief)
    rest = total - 2
    on_topic = _best_prompts(
        [one for one in for_stage if one.about == "topic" and set(one.topics) & set(named)],
        wanted, (rest + 1) // 2, nearness, leaning,
    )  # fmt: skip
    of_stage = _best_prompts(
        [one for one in for_stage if one.about == "stage"],
        wanted, rest - len(on_topic), nearness, leaning,
    )  # fmt: skip
    last = [
        prompt
        for kind in ("equity", "failure")
        for prompt in _best_prompts(
            [one for one in for_stage if one.about == kind], wanted, 1, nearness, leaning
        )
    ]
    return tuple(
        DiscussionPrompt(text=one.text, about=one.about, origin=one.text)
        for one in (*of_stage, *on_topic, *last)
    )


def _best_prompts(
    prompts: Sequence[BankPrompt], wanted: str, count: int, nearness: Nearness, leaning: Leaning
) -> list[BankPrompt]:
    near = nearness(wanted, [prompt.text for prompt in prompts])
    scored = [
        (round(score + leaning.gain(prompt.text), 3), -n)
        for n, (prompt, score) in enumerate(zip(prompts, near, strict=True))
    ]
    best = sorted(scored, reverse=True)[:count]
    return [prompts[-n] for _, n in sorted(best, key=lambda one: -one[1])]


def _ranked(
    bank: Bank, brief: SessionBrief, each: int, nearness: Nearness, leaning: Leaning
) -> list[Activity]:
    """The activities that fit the group and where it meets, those for the stage first. `each` is
    the time there is for one."""
    fitting = [
        one
        for one in bank.activities
        if brief.size in one.size and brief.mode in one.modes and one.id not in brief.left_out
    ]
    named = topics_of(bank, brief)
    usual = bank.stages[brief.stage].topics
    near = nearness(about(bank, brief), [f"{one.title}. {one.aim}" for one in fitting])

    def score(one: Activity, nearest: float) -> float:
        gains = nearest + leaning.gain(one.id)
        gains += _OF_PURPOSE * _share(named, one.topics)  # those it helps with most stand first
        gains += _OF_STAGE * _share(one.topics, usual)
        gains += _OWN * (1 - len(one.stages) / len(Stage))
        gains += _PACE * (one.minutes.least <= each <= one.minutes.most)
        gains += _DOING * (brief.more_doing and one.doing)
        return round(gains, 3)

    scores = {one.id: score(one, n) for one, n in zip(fitting, near, strict=True)}
    return sorted(fitting, key=lambda one: (brief.stage not in one.stages, -scores[one.id]))


def _share(topics: Collection[str], usual: Sequence[str]) -> float:
    """How far in front the first of some topics stands in a list: 1 at its head, 0 if none does."""
    places = [usual.index(topic) for topic in topics if topic in usual]
    return 1 - min(places) / len(usual) if places else 0.0


def _fill(ranked: Sequence[Activity], minutes: int, count: int) -> list[Activity] | None:
    """The best `count` activities that can take the minutes together; None if there are none.

    One after the other is taken, best first, as long as what is left can still be filled.
    """
    chosen: list[Activity] = []
    for one in ranked:
        rest = [other for other in ranked if other is not one and other not in chosen]
        if _can_fill([*chosen, one], rest, minutes, count):
            chosen.append(one)
            if len(chosen) == count:
                return chosen
    return None


def _can_fill(
    chosen: Sequence[Activity], rest: Sequence[Activity], minutes: int, count: int
) -> bool:
    more = count - len(chosen)
    if more > len(rest):
        return False
    least = sum(one.minutes.least for one in chosen)
    most = sum(one.minutes.most for one in chosen)
    least += sum(sorted(one.minutes.least for one in rest)[:more])
    most += sum(sorted((one.minutes.most for one in rest), reverse=True)[:more])
    return least <= minutes <= most


def _limits(one: Activity) -> tuple[int, int, int]:
    return one.minutes.least, one.minutes.usual, one.minutes.most


def texts_of(bank: Bank) -> Iterator[str]:
    """All texts that nearness is asked for, to have them encoded together."""
    yield from (f"{one.title}. {one.aim}" for one in bank.activities)
    yield from (prompt.text for prompt in bank.prompts)
    yield from (action.action for stage in bank.stages.values() for action in stage.actions)
