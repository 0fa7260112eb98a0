"""Whether a ground says a sentence: each guard by examples, the whole check with scripted models.

An example that is doubted has a paraphrase beside it that is not: a guard must leave those alone.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.support import Closeness, Ground, SupportCheck, doubts_of
from assistant.answering.wording import Wording
from assistant.index.stems import Stemmer
from assistant.models.embedding import Vectors

STEMMER = Stemmer()
DIMENSION = 1_024
Pairs = list[tuple[str, str]]


# --- guards


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


SENTENCES = st.lists(
    st.sampled_from(
        "Coaches visit twice a month at least two to three weeks every 6 20 % £ not must may staff"
        " should never only all some most before after more less increase Fixsen CFIR June May if"
        " unless because leads to teachers nurses no . , scale up without can half an hour first"
        " but and also just rather than avoid unclear".split()
    ),
    max_size=18,
).map(" ".join)


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


# --- the whole check


class Words:
    """Words as unit vectors that are alike only if they are the same, or named as the same."""

    def __init__(self, alike: Mapping[str, str] | None = None) -> None:
        self._alike = alike or {}
        self._row: dict[str, int] = {}
        self.asked: list[list[str]] = []

    def __call__(self, words: Sequence[str]) -> Vectors:
        self.asked.append(list(words))
        vectors = np.zeros((len(words), DIMENSION), dtype=np.float32)
        for n, word in enumerate(words):
            known = self._alike.get(word, word)
            vectors[n, self._row.setdefault(known, len(self._row)) % DIMENSION] = 1.0
        return vectors


class Near:
    """A closeness that is written for it, and what it was asked."""

    def __init__(self, *near: float) -> None:
        self._near = near
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def __call__(self, text: str, others: Sequence[str]) -> Sequence[float]:
        self.asked.append((text, tuple(others)))
        return self._near or [0.0] * len(others)


def alike_weights(stems: Sequence[str]) -> Mapping[str, float]:
    return dict.fromkeys(stems, 1.0)


def checking(
    closeness: Closeness | None = None,
    words: Words | None = None,
    weights: Mapping[str, float] | None = None,
) -> SupportCheck:
    """A check whose stems are the words themselves and whose words weigh the same, but for
    those with a weight of their own."""

    def weighing(stems: Sequence[str]) -> Mapping[str, float]:
        return {**alike_weights(stems), **(weights or {})}

    return SupportCheck(list, weighing, words or Words(), closeness or Near())


GROUND = Ground(
    (
        "Coaches should visit each teacher at least once a week.",
        "They write down what they saw – all of it.",
        "A visit may be left out in “summer”.",
        "The team’s lead keeps the list of visits in one place.",
    ),
    "Coaching after training > Visits",
)


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        (GROUND.sentences[0], 0, 0),
        ("COACHES SHOULD VISIT EACH TEACHER AT LEAST ONCE A WEEK", 0, 0),
        ("- Coaches should visit each teacher at least once a week.", 0, 0),
        ("2. Coaches should visit each teacher at least once a week!", 0, 0),
        ("**Coaches** should visit each  teacher\nat least once a week.", 0, 0),
        ("“Coaches should visit each teacher at least once a week.”", 0, 0),
        ("They write down what they saw - all of it.", 1, 1),
        ('A visit may be left out in "summer".', 2, 2),
        ("A visit may be left out in summer.", 2, 2),
        ("The team's lead keeps the list of visits in one place.", 3, 3),
        (" ".join(GROUND.sentences[1:3]), 1, 2),
        (" ".join(GROUND.sentences[:3]), 0, 2),
    ],
)
def test_what_differs_in_case_and_marks_only_is_verbatim(
    sentence: str, first: int, last: int
) -> None:
    near = Near()
    verdict = checking(near).check(sentence, GROUND)
    assert (verdict.support, verdict.first, verdict.last) == ("verbatim", first, last)
    assert (verdict.coverage, verdict.doubt, verdict.word) == (1.0, None, "")
    assert near.asked == []


@pytest.mark.parametrize(
    "sentence",
    [
        " ".join(GROUND.sentences),  # four sentences
        "Coaches should visit each teacher at least once a week or so.",
        "Coaches should visit each teacher at least once a month.",
        "They saw what they write down, all of it.",
        " ".join((GROUND.sentences[0], GROUND.sentences[2])),
        "",
        "!",
    ],
)
def test_what_differs_in_a_word_or_its_place_is_not_verbatim(sentence: str) -> None:
    assert checking().check(sentence, GROUND).support != "verbatim"


@pytest.mark.parametrize(
    ("sentence", "at"),
    [
        ("Each teacher should be visited at least once a week by coaches.", 0),
        ("In summer a visit may be left out.", 2),
        ("The list of visits is in one place, which the lead of the team keeps.", 3),
    ],
)
def test_the_same_in_other_words_is_supported_by_its_sentence(sentence: str, at: int) -> None:
    verdict = checking().check(sentence, GROUND)
    assert (verdict.support, verdict.first, verdict.last) == ("supported", at, at)
    assert verdict.doubt is None


@pytest.mark.parametrize(
    ("sentence", "doubt", "word"),
    [
        ("Coaches should visit each teacher at least twice a week.", "amount", "2"),
        ("Coaches should not visit each teacher at least once a week.", "denial", "not"),
        ("A visit must be left out in summer.", "duty", "must"),
        ("Medicines stay in a locked cupboard.", "words", ""),
        ("Nurses should visit each teacher at least once a week.", "people", "nurses"),
    ],
)
def test_the_first_guard_that_fails_is_the_doubt(sentence: str, doubt: str, word: str) -> None:
    verdict = checking().check(sentence, GROUND)
    assert (verdict.support, verdict.doubt, verdict.word) == ("unsupported", doubt, word)


def test_a_guard_that_fails_is_not_outvoted_by_closeness() -> None:
    check = checking(Near(1.0, 1.0, 1.0, 1.0))
    assert check.check("A visit must be left out in summer.", GROUND).doubt == "duty"


PARTS = Ground(
    (
        "Alder birch cedar elm fir hazel.",
        "Larch maple oak pine rowan spruce.",
        "Willow yew ash beech aspen holly.",
        "Apple cherry lime pear plum walnut.",
    )
)


@pytest.mark.parametrize(
    ("sentence", "first", "last"),
    [
        ("Fir elm birch alder hazel cedar.", 0, 0),
        ("Alder birch cedar elm spruce rowan pine oak.", 0, 1),
        ("Oak pine rowan spruce willow yew ash beech.", 1, 2),
        ("Alder birch cedar larch maple oak willow yew ash.", 0, 2),
    ],
)
def test_up_to_three_sentences_in_a_row_carry_a_sentence(
    sentence: str, first: int, last: int
) -> None:
    verdict = checking().check(sentence, PARTS)
    assert (verdict.support, verdict.first, verdict.last) == ("supported", first, last)
    assert verdict.coverage == 1.0


def test_a_wider_window_must_be_worth_it() -> None:
    verdict = checking().check("Alder birch cedar elm fir hazel larch.", PARTS)
    assert (verdict.first, verdict.last) == (0, 0)
    assert verdict.coverage == pytest.approx(6 / 7, abs=1e-3)


def test_the_first_of_equal_windows_is_taken() -> None:
    ground = Ground((PARTS.sentences[1], PARTS.sentences[0], PARTS.sentences[0] + " So."))
    verdict = checking().check("Hazel fir elm cedar birch alder.", ground)
    assert (verdict.first, verdict.last) == (1, 1)


FAR = "Alder birch larkspur lupin orchid peony poppy tulip."  # two of eight words


def test_closeness_is_asked_only_where_few_words_are_covered() -> None:
    near = Near(0.9, 0.1, 0.1, 0.1)
    checking(near).check("Alder birch cedar elm larkspur lupin orchid.", PARTS)
    assert near.asked == []
    checking(near).check(FAR, PARTS)
    assert near.asked == [(FAR, PARTS.sentences)]


@pytest.mark.parametrize(
    ("cosine", "support"), [(0.57, "unsupported"), (0.58, "supported"), (0.9, "supported")]
)
def test_what_is_close_in_meaning_needs_no_words_in_common(cosine: float, support: str) -> None:
    sentence = "Iris larkspur lupin orchid peony poppy tulip."
    verdict = checking(Near(0.1, 0.2, cosine, 0.3)).check(sentence, PARTS)
    assert (verdict.support, verdict.coverage) == (support, 0.0)
    if support == "supported":
        assert (verdict.first, verdict.last, verdict.doubt) == (2, 2, None)
    else:
        assert verdict.doubt == "words"


@pytest.mark.parametrize(
    ("sentence", "support"),
    [
        ("Alder birch larkspur hazel lupin orchid peony.", "supported"),  # 3 of 7 words
        ("Alder birch larkspur lupin orchid.", "unsupported"),  # 2 of 5
        ("Alder larkspur birch lupin.", "unsupported"),  # 2 of 4: 0.42 + 0.18 are needed
        ("Alder larkspur birch.", "supported"),  # 2 of 3: 0.42 + 0.24 are needed
        ("Larkspur birch.", "unsupported"),  # 1 of 2
        ("Alder birch.", "supported"),
    ],
)
def test_a_short_sentence_needs_more_of_its_words(sentence: str, support: str) -> None:
    assert checking().check(sentence, PARTS).support == support


def test_a_short_sentence_must_be_closer() -> None:
    sentence = "Iris lupin."  # five words fewer than seven: 0.58 + 0.3
    assert checking(Near(0.87, 0, 0, 0)).check(sentence, PARTS).support == "unsupported"
    assert checking(Near(0.89, 0, 0, 0)).check(sentence, PARTS).support == "supported"


@pytest.mark.parametrize(
    "sentence", ["Alder!", "It is so.", "So it is, and alder.", "", "–", "***"]
)
def test_what_has_less_than_two_words_of_content_says_nothing(sentence: str) -> None:
    near = Near(1.0, 1.0, 1.0, 1.0)
    verdict = checking(near).check(sentence, PARTS)
    assert (verdict.support, verdict.doubt) == ("unsupported", "words")
    assert near.asked == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Alder birch cedar elm larkspur lupin orchid peony.",
        "Larkspur lupin orchid peony alder birch cedar elm.",
    ],
)
def test_a_sentence_of_which_one_half_is_not_said_is_not_supported(sentence: str) -> None:
    verdict = checking().check(sentence, PARTS)
    assert (verdict.support, verdict.doubt, verdict.word) == ("unsupported", "words", "")
    assert verdict.coverage == 0.5


def test_a_sentence_of_which_each_half_is_said_in_part_is_supported() -> None:
    sentence = "Alder birch larkspur lupin cedar elm orchid peony."
    assert checking().check(sentence, PARTS).support == "supported"


def test_words_that_are_alike_count_as_said() -> None:
    sentence = "Larkspur lupin orchid peony poppy tulip."
    said = "alder birch cedar elm fir hazel".split()
    alike = dict(zip("larkspur lupin orchid peony poppy tulip".split(), said, strict=True))
    verdict = checking(words=Words(alike)).check(sentence, PARTS)
    assert (verdict.support, verdict.first, verdict.coverage) == ("supported", 0, 1.0)
    assert checking().check(sentence, PARTS).support == "unsupported"


def test_a_rare_word_weighs_more() -> None:
    sentence = "Alder birch larkspur hazel lupin orchid peony."
    assert checking().check(sentence, PARTS).coverage == pytest.approx(3 / 7, abs=1e-3)
    heavy = checking(weights={"peony": 8.0}).check(sentence, PARTS)
    assert heavy.coverage == pytest.approx(3 / 14, abs=1e-3)
    assert heavy.support == "unsupported"


def test_words_of_the_headings_are_covered() -> None:
    sentence = "Alder birch larkspur lupin orchid peony poppy."
    assert checking().check(sentence, PARTS).support == "unsupported"
    ground = Ground(PARTS.sentences, "Larkspur and lupin > Orchid")
    verdict = checking().check(sentence, ground)
    assert verdict.coverage == pytest.approx(5 / 7, abs=1e-3)


def test_a_ground_is_read_once() -> None:
    words = Words()
    check = checking(words=words)
    check.check("Fir elm birch alder hazel cedar.", PARTS)
    of_ground = max(words.asked, key=len)
    assert len(of_ground) == 24
    check.check("Hazel fir elm birch alder cedar.", PARTS)
    check.check("Hazel fir elm birch cedar alder.", Ground(PARTS.sentences))
    assert words.asked.count(of_ground) == 1
    check.check("Hazel fir elm birch cedar alder.", Ground(PARTS.sentences[:3]))
    assert len(words.asked) == 6


# --- properties

LINES = st.lists(
    SENTENCES.filter(lambda text: any(c.isalnum() for c in text)), min_size=1, max_size=5
)
ROUND_QUOTES = str.maketrans({"'": "’", '"': "”"})
DASHES = str.maketrans({"-": "\u2010"})
PIECES = st.sampled_from(
    'coaches visit the team\'s school-based plan "core" every week not must may teachers 3 a'
    " team-led list; keep it (all) well, often".split()
)
QUOTED = st.lists(PIECES, min_size=1, max_size=14)


@settings(deadline=None)
@given(LINES, st.data())
def test_a_sentence_of_the_ground_is_verbatim(lines: list[str], data: st.DataObject) -> None:
    ground = Ground(tuple(lines))
    at = data.draw(st.integers(0, len(lines) - 1))
    verdict = checking().check(lines[at], ground)
    assert (verdict.support, verdict.doubt) == ("verbatim", None)
    assert verdict.first <= at or ground.sentences[verdict.first] == lines[at]


@settings(deadline=None)
@given(QUOTED, QUOTED, st.sampled_from(["  ", "\n", "\t", "\u00a0", " \n "]))
def test_white_space_quotes_and_dashes_change_no_verdict(
    said: list[str], written: list[str], space: str
) -> None:
    ground = Ground(("Coaches visit every week.", " ".join(written)), "Visits")
    plainly = checking().check(" ".join(said), ground)
    for text in (
        space.join(said),
        " ".join(said).translate(ROUND_QUOTES),
        " ".join(said).translate(DASHES),
        f"“{' '.join(said)}”",
        f"{space}{' '.join(said)}{space}",
    ):
        assert checking().check(text, ground) == plainly
    marked = Ground(
        ("Coaches visit every week.", space.join(written).translate(ROUND_QUOTES | DASHES)),
        "Visits",
    )
    assert checking().check(" ".join(said), marked) == plainly


@settings(deadline=None)
@given(st.text(max_size=120), SENTENCES, st.floats(-1, 1))
def test_a_check_has_a_verdict_on_any_text(text: str, line: str, cosine: float) -> None:
    ground = Ground((line, text, "Coaches visit every week."), text[:20])
    for sentence in (text, line):
        verdict = checking(Near(0.1, cosine, 0.2)).check(sentence, ground)
        assert 0 <= verdict.first <= verdict.last < 3
        assert verdict.last - verdict.first < 3
        assert 0 <= verdict.coverage <= 1
        assert (verdict.doubt is None) == (verdict.support != "unsupported")


@settings(deadline=None)
@given(SENTENCES, LINES)
def test_a_check_says_the_same_again(text: str, lines: list[str]) -> None:
    check, ground = checking(), Ground(tuple(lines), "Visits")
    assert check.check(text, ground) == check.check(text, ground) == checking().check(text, ground)


@pytest.mark.parametrize(
    "sentence",
    [
        "This text is a clear explanation of how coaches visit each teacher once a week.",
        "The passage says that coaches should visit each teacher at least once a week.",
        "That's a great summary of visits, which coaches make at least once a week.",
    ],
)
def test_what_is_said_of_a_text_is_not_said_by_it(sentence: str) -> None:
    verdict = checking(Near()).check(sentence, GROUND)
    assert (verdict.support, verdict.doubt) == ("unsupported", "words")
