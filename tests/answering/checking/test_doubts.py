"""The guards, by examples of what they doubt and of what they do not.

An example that is doubted has a paraphrase beside it that is not: a guard must leave those alone.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.checking.doubts import doubts_of
from assistant.answering.checking.wording import Wording
from assistant.index.stems import Stemmer
from tests.answering.checking.scripted import SENTENCES

STEMMER = Stemmer()
Pairs = list[tuple[str, str]]


def doubts(claim: str, ground: str, context: str = "") -> list[tuple[str, str]]:
    """What a claim says that the ground does not, with the stems of the index."""
    one, other, around = (Wording(text, STEMMER.stems) for text in (claim, ground, context))
    return [(doubt, word) for doubt, word in doubts_of(one, other, around)]


DOUBTED: dict[str, Pairs] = {
    "amount": [
        ("Coaches visit four times a year.", "Coaches visit three times a year."),
        ("The pilot ran in 12 schools.", "The pilot ran in 15 schools."),
        ("The pilot ran in 12 schools.", "The pilot ran in schools."),
        ("Some 45% of staff stayed.", "Some 54% of staff stayed."),
        ("The second visit is long.", "The third visit is long."),
        ("Two thirds of staff stayed.", "A third of staff stayed."),
        ("It takes at least five days.", "It takes at least 15 days."),
        ("Half of the staff stayed.", "Some 60% of the staff stayed."),
        # bounds
        ("At least three people lead.", "Three people lead."),
        ("Three people lead.", "At least three people lead."),
        ("At most three people lead.", "At least three people lead."),
        ("No more than five people lead.", "Five people lead."),
        ("Up to ten schools joined.", "More than ten schools joined."),
        # counted things
        ("The review covers 20 papers and 14 schools.", "It covers 14 papers and 20 schools."),
        ("It has four stages and six drivers.", "It has six stages and four drivers."),
    ],
    "unit": [
        ("Full use takes three months.", "Full use takes three years."),
        ("The effect was 5 percentage points.", "The effect was 5%."),
        ("It costs $40.", "It costs £40."),
        ("Coaches visit weekly.", "Coaches visit each school."),
        ("The lead meets a coach every month.", "The lead meets every coach."),
        ("A dose of 5 mg is enough.", "A dose of 5 ml is enough."),
    ],
    "date": [
        ("Review the plan in June.", "Review the plan in July."),
        ("The team meets on Tuesday.", "The team meets on Monday."),
        ("The plan is due in May.", "The plan is due in April."),
    ],
    "name": [
        ("The plan follows RE-AIM.", "The plan follows CFIR."),
        ("According to Fixsen, teams matter.", "Teams matter."),
        ("The team uses Smith's tool.", "The team uses a tool."),
        ("The team asks the NIH.", "The Education Endowment Foundation asks the team."),
        ("Fixsen and colleagues wrote it.", "Kotter and colleagues wrote it."),
    ],
    "people": [
        ("Teachers lead the team.", "Nurses lead the team."),
        ("Pupils choose the topics.", "Parents choose the topics."),
        ("Coaches write the plan.", "Leaders write the plan."),
        ("Pupils and teachers choose.", "Teachers choose."),
    ],
    "denial": [
        # put in
        ("Teams should not change the core.", "Teams should change the core."),
        ("Training cannot replace coaching.", "Training can replace coaching."),
        ("The team isn't ready.", "The team is ready."),
        ("Training without coaching works.", "Training with coaching works."),
        ("The plan has no budget.", "The plan has a budget."),
        # taken out
        ("Training is enough.", "Training is not enough."),
        ("Teams change the core.", "Teams never change the core."),
        ("The lead keeps records.", "The lead keeps no records."),
        # "not only"
        ("Only leaders decide.", "Not only leaders decide."),
        ("Only leaders decide.", "Not only leaders but also teachers decide."),
        ("Just the leaders decide.", "Not just the leaders decide."),
    ],
    "duty": [
        ("Teams must review the plan.", "Teams may review the plan."),
        ("Teams must review the plan.", "Teams should review the plan."),
        ("Teams must review the plan.", "Teams review the plan."),
        ("Reviewing the plan is mandatory.", "Teams can review the plan."),
        ("Teams should review the plan.", "Teams may review the plan."),
        ("Teams should review the plan.", "Teams must review the plan."),
        ("Reviewing the plan is advised.", "Teams can review the plan."),
        ("Teams may review the plan.", "Teams must review the plan."),
        ("Reviewing the plan is optional.", "Teams should review the plan."),
        ("Teams can review the plan.", "Teams must review the plan."),
        ("Teams need not review the plan.", "Teams must not review the plan."),
        ("Teams do not have to review the plan.", "Teams should not review the plan."),
        ("Coaching improves results.", "Coaching may improve results."),
        ("Coaching works.", "Perhaps coaching works."),
    ],
    "quantity": [
        ("All staff agree.", "Some staff agree."),
        ("Every school has a team.", "Most schools have a team."),
        ("Coaching always works.", "Coaching usually works."),
        ("Most staff agree.", "Some staff agree."),
        ("Most staff agree.", "Staff agree."),
        ("Staff agree.", "Some staff agree."),
        ("Only leaders decide.", "Leaders decide."),
        ("Training guarantees results.", "Training gives results."),
        ("The trial proves this.", "The trial suggests this."),
    ],
    "contrary": [
        ("Staff turnover increased.", "Staff turnover decreased."),
        ("Results fell.", "Results rose."),
        ("Larger teams learn faster.", "Smaller teams learn faster."),
        ("Review before training.", "Review after training."),
        ("Keep the core.", "Drop the core."),
        ("The plan is flexible.", "The plan is fixed."),
        ("The staff are trained.", "The staff are untrained."),
        ("Local leaders decide.", "National leaders decide."),
        ("Results were worse.", "Results improved."),
        ("Review it early.", "Review it subsequently."),
        ("The programme is scaled out.", "The programme is scaled up."),
        ("Spread deep matters.", "Spread across matters."),
    ],
    "cause": [
        ("Coaching leads to better results.", "Coaching goes with better results."),
        ("Turnover causes delay.", "Turnover and delay were both seen."),
        ("Coaching brought about change.", "Coaching came before change."),
    ],
    "condition": [
        ("Scale it even if results are poor.", "Scale it if results are good."),
        ("Scale it regardless of results.", "Scale it only when results are good."),
        ("Scale it provided that funds last.", "Scale it next year."),
        ("Scale it unless funds are cut.", "Scale it next year."),
        ("Scale the programme.", "Scale the programme if results are good."),
        ("Start the training.", "Start the training unless staff are away."),
    ],
}

HARMLESS: dict[str, Pairs] = {
    "amount": [
        ("It takes one year.", "It takes 12 months."),
        ("It takes a year.", "It takes one year."),
        ("It takes an hour.", "It takes 60 minutes."),
        ("It takes a fortnight.", "It takes two weeks."),
        ("The team has twelve members.", "The team has 12 members."),
        ("Staff visited 25 schools.", "Staff visited twenty-five schools."),
        ("More than 1,000 staff came.", "More than 1000 staff came."),
        ("Half of the staff stayed.", "50% of the staff stayed."),
        ("The first step is to listen.", "Begin by listening."),
        ("Both teams meet.", "The two teams meet."),
        ("Two teams meet.", "Both teams meet."),
        ("One team meets.", "A single team meets."),
        # bounds
        ("At least three people lead.", "A minimum of three people lead."),
        ("Over ten schools joined.", "More than ten schools joined."),
        ("Fewer than ten schools joined.", "Under ten schools joined."),
        # counted things
        ("The review covers 14 papers.", "The review covers 14 papers and 20 schools."),
        ("Six drivers and four stages make it up.", "It has four stages and six drivers."),
    ],
    "unit": [
        ("It costs 40 pounds.", "It costs £40."),
        ("Coaches visit once a year.", "Coaches visit annually."),
        ("Some 20 per cent stayed.", "Some 20% stayed."),
        ("Full use takes two to four months.", "Full use takes 2–4 months."),
    ],
    "date": [
        ("In June, review the plan.", "Review the plan in June."),
        ("Staff may march ahead.", "Staff might march ahead."),
    ],
    "name": [
        ("The EEF funds the trial.", "The Education Endowment Foundation funds the trial."),
        ("The Education Endowment Foundation funds it.", "The EEF funds it."),
        ("It follows the Consolidated Framework for Implementation Research.", "It follows CFIR."),
        ("Fixsen's team wrote it.", "The team of Fixsen wrote it."),
        ("The team of Fixsen wrote it.", "Fixsen's team wrote it."),
        ("Teams meet.", "Every day, Teams meet."),
    ],
    "people": [
        ("Students choose the topics.", "Pupils choose the topics."),
        ("Families choose the topics.", "Parents choose the topics."),
        ("Managers write the plan.", "Leaders write the plan."),
    ],
    "denial": [
        ("Teams should avoid changing the core.", "Teams should not change the core."),
        ("The core must not be changed.", "The core must never be changed."),
        ("The team is not ready.", "The team isn't ready."),
        ("The staff are untrained.", "The staff are not trained."),
        ("The effect is not clear.", "The effect is unclear."),
        ("The plan lacks a budget.", "The plan has no budget."),
        ("Staff lack time.", "Staff do not have time."),
        ("Leaders and teachers decide.", "Not only leaders but also teachers decide."),
        ("Not only leaders but also teachers decide.", "Leaders and teachers decide."),
    ],
    "duty": [
        ("Teams are required to review the plan.", "Teams must review the plan."),
        ("Teams need to review the plan.", "Teams must review the plan."),
        ("It is recommended to review the plan.", "Teams should review the plan."),
        ("Teams could review the plan.", "Teams may review the plan."),
        ("Teams can review the plan.", "Teams may review the plan."),
        ("Reviewing the plan is optional.", "Teams may review the plan."),
        ("Teams do not have to review the plan.", "Teams need not review the plan."),
        ("Coaching could improve results.", "Coaching may improve results."),
    ],
    "quantity": [
        ("Every member agrees.", "All members agree."),
        ("Most of the staff agree.", "The majority of staff agree."),
        ("Coaching often works.", "Coaching usually works."),
        ("A few staff agree.", "Some staff agree."),
        ("Only leaders decide.", "Leaders alone decide."),
        ("Staff meet only once.", "Staff meet once."),
    ],
    "contrary": [
        ("Staff turnover rose.", "Staff turnover increased."),
        ("The core is kept.", "Keep the core."),
        ("Results were better.", "Results improved."),
        ("Costs are low in large schools.", "Costs are low in big schools."),
        ("The programme is scaled up.", "Scale up the programme."),
    ],
    "cause": [
        ("Coaching leads to better results.", "Coaching improves results."),
        ("Turnover causes delay.", "Delay is due to turnover."),
        ("Coaching produces change.", "Because of coaching, practice changes."),
    ],
    "condition": [
        ("When results are good, scale the programme.", "Scale the programme if results are good."),
        ("Scale it once results are good.", "Scale it if results are good."),
        ("With good results, scale it.", "Scale it if results are good."),
        ("Scale it only if staff agree.", "Scale it only when staff agree."),
    ],
}


@pytest.mark.parametrize(
    ("doubt", "claim", "ground"),
    [(doubt, *pair) for doubt, pairs in DOUBTED.items() for pair in pairs],
)
def test_what_the_ground_does_not_say_so_is_doubted(doubt: str, claim: str, ground: str) -> None:
    assert doubt in [kind for kind, _ in doubts(claim, ground)]


@pytest.mark.parametrize(
    ("claim", "ground"), [pair for pairs in HARMLESS.values() for pair in pairs]
)
def test_what_says_the_same_in_other_words_is_not_doubted(claim: str, ground: str) -> None:
    assert doubts(claim, ground) == []


def test_every_guard_has_examples_of_both_kinds() -> None:
    assert DOUBTED.keys() == HARMLESS.keys()
    assert min(len(pairs) for pairs in (*DOUBTED.values(), *HARMLESS.values())) >= 2


@pytest.mark.parametrize(
    ("claim", "ground", "found"),
    [
        ("It takes 12 days.", "It takes 15 days.", ("amount", "12 days")),
        ("It costs $40.", "It costs £40.", ("unit", "40 $")),
        ("Review it in June.", "Review it in July.", ("date", "june")),
        ("Ask Fixsen.", "Ask somebody.", ("name", "Fixsen")),
        ("Nurses lead it.", "Teachers lead it.", ("people", "nurses")),
        ("Staff do not agree.", "Staff agree.", ("denial", "not")),
        ("Staff must agree.", "Staff may agree.", ("duty", "must")),
        ("Results fell.", "Results rose.", ("contrary", "fell")),
        ("Turnover causes delay.", "Turnover and delay were seen.", ("cause", "causes")),
        ("Scale it.", "Scale it if staff agree.", ("condition", "if")),
    ],
)  # fmt: skip
def test_a_doubt_names_the_word_in_question(
    claim: str, ground: str, found: tuple[str, str]
) -> None:
    assert found in doubts(claim, ground)


@pytest.mark.parametrize(
    ("claim", "ground", "context"),
    [
        ("The team asks Fixsen.", "The team asks him.", "Fixsen on teams"),
        ("Teachers lead the team.", "They lead the team.", "Teachers who lead"),
        ("In June they meet.", "They meet.", "June"),
        ("They meet three times.", "They meet.", "Three meetings"),
        ("The EEF pays.", "It pays.", "Education Endowment Foundation"),
    ],
)
def test_what_stands_in_the_headings_is_known(claim: str, ground: str, context: str) -> None:
    assert doubts(claim, ground) != []
    assert doubts(claim, ground, context) == []


def test_a_duty_of_the_headings_is_not_one_of_the_sentence() -> None:
    assert doubts("Staff must agree.", "Staff agree.", "What staff must do") == [("duty", "must")]


@settings(deadline=None)
@given(SENTENCES)
def test_no_sentence_is_doubted_by_itself(text: str) -> None:
    assert doubts(text, text) == []


@settings(deadline=None)
@given(st.text(max_size=120))
def test_no_text_at_all_is_doubted_by_itself(text: str) -> None:
    assert doubts(text, text) == []


@settings(deadline=None)
@given(SENTENCES, SENTENCES, SENTENCES)
def test_every_doubt_can_be_named(claim: str, ground: str, context: str) -> None:
    for doubt, word in doubts(claim, ground, context):
        assert doubt in DOUBTED
        assert word
