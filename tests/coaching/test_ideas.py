"""Ideas for a session: quoted from the guidance, few, and each with its place."""

import pytest

from assistant.coaching.ideas import MOST, ideas_for
from assistant.records import Answer, Stage
from tests.coaching.coached import ScriptedConsult, bank, brief, declined, quoted

FIT = "Choose a programme for the need and not the other way round."
TEAM = "A team needs the people who decide and those who use the programme."
DATA = "Look at the figures of each group before you look at the average."
MORE = "A need that nobody has seen for themselves does not last for long."
EXPLORATION_ASKS = bank().stages[Stage.EXPLORATION].ask


def everything(answer: Answer) -> ScriptedConsult:
    """The same answer to every question."""
    consult = ScriptedConsult()
    of_stages = [one.ask for one in bank().stages.values()]
    of_topics = [one.ask for one in bank().topics.values()]
    consult.script = {question: answer for ask in of_stages + of_topics for question in ask}
    return consult


def test_without_a_purpose_the_ideas_are_those_for_the_stage() -> None:
    consult = ScriptedConsult()
    ideas = ideas_for(bank(), brief(), consult)
    assert tuple(consult.asked) == EXPLORATION_ASKS[:3]
    assert len(ideas.claims) == MOST
    assert not ideas.missed
    assert ideas.beyond is None


def test_a_purpose_is_asked_first_then_its_topics() -> None:
    consult = ScriptedConsult()
    ideas_for(bank(), brief(purpose="our champion has left"), consult)
    assert consult.asked[:2] == [
        "our champion has left", bank().topics["champion-left"].ask[0],
    ]  # fmt: skip


def test_the_guidance_is_asked_few_questions() -> None:
    for purpose in ("", "the team is tired and the data on fidelity, barriers and roles are bad"):
        consult = ScriptedConsult()
        ideas_for(bank(), brief(purpose=purpose), consult)
        assert len(consult.asked) <= 5
        assert len(set(consult.asked)) == len(consult.asked)


def test_each_idea_is_a_quote_with_its_own_citation() -> None:
    ideas = ideas_for(bank(), brief(purpose="read the run chart"), ScriptedConsult())
    assert [one.number for one in ideas.citations] == [1, 2, 3]
    for claim, citation in zip(ideas.claims, ideas.citations, strict=True):
        assert claim.support == "verbatim"
        assert claim.citations == (citation.number,)
        assert claim.text == citation.quote


def test_a_place_that_is_cited_twice_has_one_number() -> None:
    two = quoted("Q", FIT, TEAM)
    same = two.model_copy(
        update={
            "claims": tuple(one.model_copy(update={"citations": (1,)}) for one in two.claims),
            "citations": two.citations[:1],
        }
    )
    ideas = ideas_for(bank(), brief(), everything(same))
    assert [one.citations for one in ideas.claims] == [(1,), (1,)]
    assert len(ideas.citations) == 1


def test_the_same_sentence_is_no_second_idea() -> None:
    ideas = ideas_for(bank(), brief(), everything(quoted("Q", FIT)))
    assert [one.text for one in ideas.claims] == [FIT]


def test_where_few_questions_are_answered_their_answers_say_more() -> None:
    consult = everything(declined("Q", "not_covered"))
    consult.script[EXPLORATION_ASKS[0]] = quoted("Q", FIT, TEAM, DATA, MORE)
    ideas = ideas_for(bank(), brief(), consult)
    assert [one.text for one in ideas.claims] == [FIT, TEAM, DATA]


@pytest.mark.parametrize(
    "sentence",
    [
        "Six signs speak for it.", "The three things that a team needs are these.",
        "Too short.", "Ends with a colon and begins a list as it seems:",
        " ".join(["word"] * 46) + ".", "No full stop at the end of this sentence here",
    ],
)  # fmt: skip
def test_what_says_nothing_by_itself_is_no_idea(sentence: str) -> None:
    ideas = ideas_for(bank(), brief(), everything(quoted("Q", sentence, FIT)))
    assert [one.text for one in ideas.claims] == [FIT]


def test_only_what_is_word_for_word_is_an_idea() -> None:
    loose = quoted("Q", FIT, TEAM)
    claims = (loose.claims[0].model_copy(update={"support": "supported"}), loose.claims[1])
    ideas = ideas_for(bank(), brief(), everything(loose.model_copy(update={"claims": claims})))
    assert [one.text for one in ideas.claims] == [TEAM]


def test_where_the_guidance_says_nothing_there_are_no_ideas() -> None:
    ideas = ideas_for(bank(), brief(), everything(declined("Q", "not_covered")))
    assert ideas.claims == ()
    assert ideas.citations == ()


def test_a_purpose_that_the_guidance_does_not_know_is_said_to_be_missed() -> None:
    consult = ScriptedConsult({"xyz and abc": declined("xyz and abc", "not_covered")})
    ideas = ideas_for(bank(), brief(purpose="xyz and abc"), consult)
    assert ideas.missed
    assert len(ideas.claims) == MOST


def test_a_purpose_in_words_of_ones_own_is_not_missed_if_it_has_a_topic() -> None:
    purpose = "our champion has left"
    consult = ScriptedConsult({purpose: declined(purpose, "out_of_scope")})
    ideas = ideas_for(bank(), brief(purpose=purpose), consult)
    assert not ideas.missed
    assert ideas.beyond is None
    assert ideas.claims


@pytest.mark.parametrize("reason", ["needs_professional", "instruction", "language"])
@pytest.mark.parametrize("purpose", ["xyz and abc", "the team is tired"])
def test_a_purpose_beyond_guidance_gives_no_ideas_and_says_why(reason: str, purpose: str) -> None:
    consult = ScriptedConsult({purpose: declined(purpose, reason, "a doctor")})
    ideas = ideas_for(bank(), brief(purpose=purpose), consult)
    assert ideas.beyond is not None
    assert (ideas.beyond.reason, ideas.beyond.refer_to) == (reason, "a doctor")
    assert ideas.claims == ()
    assert consult.asked == [purpose]


def test_a_purpose_out_of_scope_without_a_topic_is_beyond_guidance() -> None:
    consult = ScriptedConsult({"bake a cake": declined("bake a cake", "out_of_scope")})
    ideas = ideas_for(bank(), brief(purpose="bake a cake"), consult)
    assert ideas.beyond is not None


def test_an_unsure_answer_to_a_bare_purpose_gives_no_idea() -> None:
    purpose = "xyz and abc"
    for confidence, used in ((0.69, False), (0.7, True)):
        consult = ScriptedConsult({purpose: quoted(purpose, FIT, confidence=confidence)})
        ideas = ideas_for(bank(), brief(purpose=purpose), consult)
        assert (FIT in [one.text for one in ideas.claims]) is used
