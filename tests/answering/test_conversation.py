"""What a turn means after other turns, and what is remembered of the team that asks."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.conversation import LONGEST_STANDING, Resolved, resolve
from assistant.library.glossary import read_glossary
from assistant.records import Stage
from assistant.resources import shipped_corpus

SHIPPED = read_glossary(shipped_corpus())
FIRST = "What is fidelity?"
NEXT = "Who should be on the team?"


def after(*turns: str) -> Resolved:
    return resolve(turns, SHIPPED)


def test_a_first_turn_means_what_it_says() -> None:
    assert after(FIRST) == Resolved(FIRST)


@pytest.mark.parametrize("turn", ["why?", "make it shorter", "no, the other sense", "tell me more"])
def test_a_first_turn_has_nothing_to_lean_on(turn: str) -> None:
    assert after(turn) == Resolved(turn)


@pytest.mark.parametrize(
    ("turn", "added"),
    [
        ("why?", "Why?"),
        ("WHY", "WHY"),
        ("Why not?", "Why not?"),
        ("How so?", "How so?"),
        ("and?", "And?"),
        ("and in a clinic?", "And in a clinic?"),
        ("and if it's a community clinic instead?", "And if it's a community clinic instead?"),
        ("But who pays?", "But who pays?"),
        ("or on nights?", "Or on nights?"),
        ("So what?", "So what?"),
        ("OK, next?", "OK, next?"),
        ("Okay then?", "Okay then?"),
        ("Then what?", "Then what?"),
        ("What about the ward?", "What about the ward?"),
        ("How about nurses?", "How about nurses?"),
        ("What if nobody comes?", "What if nobody comes?"),
        ("No, for a hospital?", "No, for a hospital?"),
        ("Yes, in schools?", "Yes, in schools?"),
        ("Does it work?", "Does it work?"),
        ("How long does it take?", "How long does it take?"),
        ("Who does that?", "Who does that?"),
        ("Can we cut those?", "Can we cut those?"),
        ("What do they need?", "What do they need?"),
        ("Would that work for nurses?", "Would that work for nurses?"),
        ("Should we wait instead?", "Should we wait instead?"),
        ("So should I train the rest?", "So should I train the rest?"),
        ("tell me more", "Tell me more"),
        ("go on", "Go on"),
        ("more", "More"),
        ("more?", "More?"),
        ("Examples?", "Examples?"),
        ("give me another example", "Give me another example"),
        ("Two teachers started.", "Two teachers started."),
        ("It was my idea in week three.", "It was my idea in week three."),
        ("My commissioner says it means policy change.",) * 2,
        ("No, I mean the climate one.", "No, I mean the climate one."),
    ],
)
def test_a_follow_up_leans_on_the_turn_before(turn: str, added: str) -> None:
    found = after("Who coaches?", FIRST, turn)
    assert found.text == f"{FIRST} {added}"
    assert not found.brief
    assert not found.other_sense


@pytest.mark.parametrize(
    "turn",
    [
        "What is coaching?",
        "Who should be on the team?",
        "How many coaches do we need?",
        "Are we ready?",
        "Explain the hexagon tool",
        "List the drivers",
        "Android phones in lessons?",  # begins with "and" but not the word
        "Sorting pupils by need?",
        "Organising the ward round?",
        "How long does training take?",
        "How long does fidelity take?",  # "it" inside a word
        "No coaches yet?",
        "Sustainability?",
        "Why do teachers go back to old habits?",
        "Our champion has left and the nurses on the ward have gone back to old habits.",
        "one two three four five six seven eight nine ten eleven twelve it",
    ],
)
def test_a_turn_that_says_it_all_stands_alone(turn: str) -> None:
    assert after(FIRST, turn).text == turn


def test_a_turn_of_up_to_twelve_words_may_lean() -> None:
    twelve = "one two three four five six seven eight nine ten eleven it"
    assert after(FIRST, twelve).text.startswith(FIRST)


def test_several_follow_ups_add_up_until_a_turn_stands_alone() -> None:
    turns = ("Which stage are we in? We picked a reading scheme and bought it.",
             "Two teachers started.", "So should I train the rest?")  # fmt: skip
    assert after(*turns).text == " ".join(turns)
    assert after(*turns, FIRST, "why?").text.startswith(f"{FIRST} Why?")


def test_a_follow_up_after_follow_ups_keeps_to_the_same_question() -> None:
    assert after("How do we adapt a falls programme?", "and in a hospital?", "why?").text == (
        "How do we adapt a falls programme? And in a hospital? Why?"
    )


def test_what_a_turn_leans_on_is_cut_to_a_length() -> None:
    assert after("x" * 9_000, "why?").text == "x" * LONGEST_STANDING + " Why?"


@pytest.mark.parametrize(
    "turn",
    [
        "make it shorter",
        "Make it shorter, please",
        "can you make it shorter?",
        "Could you make that shorter, please?",
        "keep it short please",
        "make it simpler",
        "shorter",
        "Shorter please!",
        "too long",
        "That's too long.",
        "in one sentence",
        "In a line, please",
        "in short",
        "sum it up",
        "Please summarise",
        "summarize that",
        "now put it in one sentence",
    ],
)
def test_a_shorter_answer_is_wanted_to_the_same_question(turn: str) -> None:
    assert after(FIRST, turn) == Resolved(FIRST, brief=True, asks_itself=False)


@pytest.mark.parametrize(
    "turn",
    [
        "How do we make the training shorter?",
        "Can we make the programme shorter for a ward?",
        "Should a short course come before coaching?",
        "The training day is too long for our nurses.",
        "Is twelve weeks too long?",
        "make it longer",
        "Who should summarise the data?",
    ],
)
def test_a_question_about_something_short_is_no_wish_for_a_shorter_answer(turn: str) -> None:
    found = after("How does training work?", turn)
    assert not found.brief
    assert found.text.endswith(turn[1:])


def test_a_shorter_answer_is_wanted_once() -> None:
    assert after(FIRST, "make it shorter", "why?") == Resolved(f"{FIRST} Why?", asks_itself=False)
    assert after(FIRST, "make it shorter", "What is coaching?") == Resolved("What is coaching?")
    assert after(FIRST, "shorter", "shorter") == Resolved(FIRST, brief=True, asks_itself=False)


def test_a_follow_up_may_be_wanted_shorter() -> None:
    assert after(FIRST, "and in a clinic?", "make it shorter").text == f"{FIRST} And in a clinic?"


@pytest.mark.parametrize(
    "turn",
    [
        "no, the other sense",
        "No, I meant the other meaning.",
        "The other one",
        "the other one, please",
        "not that sense",
        "Not in that sense!",
        "I mean the other sense of the word",
    ],
)
def test_the_other_sense_of_the_same_question_is_meant(turn: str) -> None:
    assert after("What is scale up?", turn) == Resolved(
        "What is scale up?", other_sense=True, asks_itself=False
    )


def test_the_other_sense_stays_until_another_question() -> None:
    first, other = "What is scale up?", "no, the other sense"
    assert after(first, other, "make it shorter") == Resolved(
        first, brief=True, other_sense=True, asks_itself=False
    )
    assert after(first, other, "and for nurses?").other_sense
    assert after(first, other, "What is scale out?") == Resolved("What is scale out?")


def test_the_other_of_the_other_sense_is_the_first() -> None:
    assert after("What is scale up?", "the other one", "no, the other one") == Resolved(
        "What is scale up?", asks_itself=False
    )


@pytest.mark.parametrize(
    "turn",
    [
        "What do other schools do?",
        "Does it make sense for a ward?",
        "Which other meaningful outcomes are there?",
        "And the others?",
    ],
)
def test_another_thing_is_not_another_sense(turn: str) -> None:
    assert not after("What is scale up?", turn).other_sense


@pytest.mark.parametrize(
    ("told", "stage", "words"),
    [
        ("We are thinking about it.", Stage.EXPLORATION, "thinking about"),
        ("We are considering a falls bundle.", Stage.EXPLORATION, "considering"),
        ("We're at installation.", Stage.INSTALLATION, "installation"),
        ("We have not started yet.", Stage.INSTALLATION, "have not started"),
        ("We are about to start.", Stage.INSTALLATION, "about to start"),
        ("We are at initial implementation.", Stage.INITIAL, "initial implementation"),
        ("My team has just started.", Stage.INITIAL, "just started"),
        ("In our team everyone is using it.", Stage.FULL, "everyone is using"),
        ("It is business as usual for us.", Stage.FULL, "business as usual"),
        ("We have rolled out the checklist.", Stage.SCALING, "rolled out"),
        ("Our standards are slipping.", Stage.SUSTAINMENT, "slipping"),
        ("My worry is that the grant ends in March.", Stage.SUSTAINMENT, "grant ends"),
    ],
)
def test_a_stage_that_a_team_tells_is_kept(told: str, stage: Stage, words: str) -> None:
    assert after(told, NEXT) == Resolved(NEXT, (words,), stage=stage)


@pytest.mark.parametrize(
    ("told", "setting"),
    [
        ("I run a care home.", "care home"),
        ("We're a primary school.", "primary school"),
        ("I lead a special school.", "special school"),
        ("I'm in a secondary school now.", "secondary school"),
        ("We work in an acute hospital.", "acute hospital"),
        ("We are a community clinic.", "community clinic"),
        ("My ward is small.", "ward"),
        ("We are a charity.", "charity"),
        ("I manage two care homes.", "care homes"),
        ("We are in children's services.", "children's services"),
    ],
)
def test_a_setting_that_a_team_tells_is_kept(told: str, setting: str) -> None:
    assert after(told, NEXT) == Resolved(NEXT, (setting,), setting=setting)


def test_a_stage_and_a_setting_are_kept_together_over_many_turns() -> None:
    told = "I run a care home and we have just started. What is fidelity?"
    for turns in ((told,), (told, "What is reach?"), (told, "What is reach?", "why?", "shorter")):
        assert after(*turns, NEXT) == Resolved(
            NEXT, ("just started", "care home"), stage=Stage.INITIAL, setting="care home",
        )  # fmt: skip


def test_what_is_kept_comes_after_a_follow_up_and_stays_with_a_shorter_answer() -> None:
    told = "We work in an acute hospital and we're at installation."
    kept = "(installation; acute hospital)"
    assert after(told, NEXT, "why?").text == f"{NEXT} Why? {kept}"
    shorter = after(told, NEXT, "make it shorter")
    assert shorter.text == f"{NEXT} {kept}"
    assert shorter.brief
    assert shorter.kept


def test_a_turn_that_leans_on_what_was_told_says_it_itself() -> None:
    found = after("We run a nursery.", "and what is fidelity?")
    assert found == Resolved("We run a nursery. And what is fidelity?", setting="nursery")


def test_what_the_question_says_itself_is_not_said_again() -> None:
    told = "We are at installation on our ward."
    found = after(told, "Who leads installation on a ward?")
    assert found.text == "Who leads installation on a ward?"
    assert not found.kept
    assert after(told, "Who leads installation?").text == "Who leads installation? (ward)"


def test_a_later_turn_changes_the_stage() -> None:
    told = "We are at installation in our hospital."
    for later in ("They're now at initial implementation.", "We are at initial implementation now"):
        assert after(told, later, NEXT) == Resolved(
            NEXT, ("initial implementation", "hospital"), stage=Stage.INITIAL, setting="hospital",
        )  # fmt: skip


def test_a_stage_is_changed_after_other_questions_too() -> None:
    turns = ("We are at installation.", "What does a coach cost?",
             "We have moved to full implementation.", NEXT)  # fmt: skip
    assert after(*turns).stage is Stage.FULL
    assert after(*turns).text == f"{NEXT} (full implementation)"


def test_a_later_turn_changes_the_setting() -> None:
    turns = ("I run a care home and we have just started.", FIRST, "I'm in a primary school now.")
    assert after(*turns, NEXT) == Resolved(
        NEXT, ("just started", "primary school"), stage=Stage.INITIAL, setting="primary school",
    )  # fmt: skip


def test_a_setting_that_a_follow_up_supposes_goes_on() -> None:
    turns = ("How do we adapt a falls programme in a hospital?",
             "and if it's a community clinic instead?")  # fmt: skip
    assert after(*turns).setting == "community clinic"
    assert after(*turns, NEXT).text == f"{NEXT} (community clinic)"


@pytest.mark.parametrize(
    "asked",
    [
        "What happens at installation?",
        "Which stage comes after installation?",
        "What is sustainability?",
        "What is full implementation?",
        "How do others sustain a programme?",
        "What did the hospitals in Ontario do?",
        "How do schools in Leeds choose?",
        "What did the nurses in Canada do at scale up?",
        "Which programme suits a primary school?",
        "Who started the Canadian school programme?",
        "Have social workers used CFIR?",
    ],
)
def test_a_question_about_others_tells_nothing_of_the_team(asked: str) -> None:
    assert after(asked, NEXT) == Resolved(NEXT)
    told = after("We are a care home at exploration.", asked, NEXT)
    assert told.text == f"{NEXT} (exploration; care home)"
    assert (told.stage, told.setting) == (Stage.EXPLORATION, "care home")


def test_only_the_sentence_about_the_team_tells_of_it() -> None:
    told = "We are a primary school. Which patients in hospitals got it?"
    assert after(told, NEXT).setting == "primary school"
    assert after("Schools in Leeds had started. Our ward is small.", NEXT) == Resolved(
        NEXT, ("ward",), setting="ward"
    )


def test_a_mention_of_nothing_told_keeps_nothing() -> None:
    assert after("We have a question.", NEXT) == Resolved(NEXT)
    assert after("Our champion is leaving in six weeks, can anyone help?", NEXT) == Resolved(NEXT)


WORDS = st.sampled_from(
    "we our it is at in a the what how why or and they no not coach fidelity stage ward school "
    "started installation other sense one make shorter ? . , care home patients scale up".split()
)
TURNS = st.lists(
    st.lists(WORDS, min_size=1, max_size=14).map(" ".join), min_size=1, max_size=5
)  # fmt: skip


@settings(deadline=None)
@given(TURNS)
def test_what_is_kept_is_told_in_brackets_at_the_end(turns: list[str]) -> None:
    found = after(*turns)
    assert found == after(*turns)
    if found.kept:
        assert found.text.endswith(")")
        assert found.stage or found.setting
        assert len(turns) > 1
    else:
        assert not found.text.endswith(")")


@settings(deadline=None)
@given(TURNS)
def test_the_words_that_are_kept_are_the_teams_own(turns: list[str]) -> None:
    found = after(*turns)
    if found.setting:
        assert any(found.setting in turn for turn in turns)
        assert found.setting in found.text.lower()


@settings(deadline=None)
@given(TURNS)
def test_a_question_that_stands_alone_is_in_the_text(turns: list[str]) -> None:
    assert after(*turns, NEXT).text.startswith(NEXT)
    assert not after(*turns, NEXT).other_sense
    assert not after(*turns, NEXT).brief
