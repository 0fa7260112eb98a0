"""Every metric against values worked out by hand, and what must be true of any text."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.records import Citation, Claim
from evals.cases import Evidence, Match
from evals.metrics import (
    WORDS_THAT_COUNT,
    auroc,
    blame,
    counted_text,
    evidence_found,
    first_citation_right,
    gold_found,
    holds,
    integrity_faults,
    mean,
    normal,
    nugget_recall,
    outcome_right,
    says_forbidden,
    two_sources,
)
from tests.evals.make import (
    GUIDE,
    TEXTS,
    make_answer,
    make_case,
    make_citation,
    make_nugget,
    make_passage,
    make_trap,
)

# --- normal


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Half  of\nthe\tSTAFF ", "half of the staff"),
        ("‘a’ “b” it’s", "'a' \"b\" it's"),
        ("5–6 a—b c‐d e‑f", "5-6 a-b c-d e-f"),
        ("1,234,567 and 3\u00a0500 and 7\u2009100", "1234567 and 3500 and 7100"),
        ("1,23 and 1,2345 and 2, 300 and 1,000.5", "1,23 and 1,2345 and 2, 300 and 1000.5"),
        (
            "zero One two three four five six seven eight nine ten eleven TWELVE",
            "0 1 2 3 4 5 6 7 8 9 10 11 12",
        ),
        ("thirteen someone often weight", "thirteen someone often weight"),
        ("**Bold** `code` \\[1\\] a_b", "bold code [1] ab"),
        ("ﬁdelity Straße ＡＢ", "fidelity strasse ab"),
        ("", ""),
    ],
)
def test_the_normal_form_is(text: str, plain: str) -> None:
    assert normal(text) == plain


# No digits: see the examples below. No combining marks: none is in our documents.
_TYPED = "".join(set(string.printable) - set(string.digits)) + "éÜñß‘’“”–—‐‑\u00a0…ﬁ½"


@settings(deadline=None)
@given(st.text(_TYPED) | st.lists(st.sampled_from("one **Ten** ‘twelve’ a-b 1,000 50%".split())))
def test_the_normal_form_of_a_normal_form_is_itself(text: str | list[str]) -> None:
    once = normal(text if isinstance(text, str) else " ".join(text))
    assert normal(once) == once


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**1**,000", "1000"),
        ("one,000", "1000"),
        ("3  000", "3 000"),
        ("3\n000", "3 000"),
        ("In 2024 150 schools", "in 2024 150 schools"),
    ],
)
def test_only_what_marks_thousands_joins_numbers(text: str, plain: str) -> None:
    assert normal(text) == plain
    assert normal(plain) == plain


# --- holds


@pytest.mark.parametrize(
    ("match", "text", "held"),
    [
        (Match(all_of=("coach",)), "Good Coaching helps.", True),
        (Match(all_of=("coach",)), "A stagecoach left.", False),
        (Match(all_of=("coach", "staff")), "Coaches help.", False),
        (Match(all_of=("coach", "staff")), "Staff like coaches.", True),
        (Match(all_of=("coach|mentor",)), "A mentor helps.", True),
        (Match(all_of=("coach|mentor",)), "A friend helps.", False),
        (Match(any_of=("coach", "mentor")), "A mentor helps.", True),
        (Match(any_of=("coach", "mentor")), "A friend helps.", False),
        (Match(any_of=("coach",), all_of=("data",)), "A coach helps.", False),
        (Match(any_of=("coach",), all_of=("data",)), "A coach with data.", True),
        (Match(all_of=("scale-up",)), "Scale–up is hard.", True),
        (Match(all_of=("don't",)), "They don’t.", True),
        (Match(all_of=("50%",)), "About **50%** do.", True),
        (Match(all_of=("a.c",)), "abc", False),
        (Match(numbers=("62",)), "It was 62%.", True),
        (Match(numbers=("62",)), "It was 620.", False),
        (Match(numbers=("62",)), "It was 6.2.", False),
        (Match(numbers=("2.5",)), "It took 2.5 years.", True),
        (Match(numbers=("2",)), "It took 2.5 years.", False),
        (Match(numbers=("2",)), "It took 2.", True),
        (Match(numbers=("1,200",)), "In 1\u202f200 schools.", True),
        (Match(numbers=("1200",)), "In 1,200 schools.", True),
        (Match(numbers=("4",)), "Four coaches.", True),
        (Match(numbers=("four",)), "4 coaches.", True),
        (Match(numbers=("2", "4")), "2–4 years", True),
        (Match(numbers=("2", "4")), "2 years", False),
        (Match(all_of=("four coaches",)), "4 coaches", True),
        (Match(all_of=("core",), forbid=("never",)), "Keep the core.", True),
        (Match(all_of=("core",), forbid=("never",)), "Never keep the core.", False),
        (Match(all_of=("core",), forbid=("never|drop",)), "Drop the core.", False),
        (Match(all_of=("core",)), "", False),
    ],
)
def test_a_text_holds_a_match(match: Match, text: str, held: bool) -> None:
    assert holds(text, match) is held


@settings(deadline=None)
@given(st.text())
def test_a_sentence_more_before_or_after_never_loses_a_nugget(sentence: str) -> None:
    text = "Four coaches visit 1,200 schools, and at least half of the staff use it."
    match = Match(
        all_of=("coach", "at least half"), any_of=("school", "ward"), numbers=("4", "1,200")
    )
    assert holds(text, match)
    assert holds(f"{text} {sentence}", match)
    assert holds(f"{sentence}. {text}", match)


def test_a_year_before_a_number_leaves_both_numbers() -> None:
    assert holds("In 2024 150 teachers used it.", Match(numbers=("2024", "150")))


def test_a_compound_number_word_is_not_its_last_part() -> None:
    assert not holds("Twenty-five coaches", Match(numbers=("5",)))


def test_a_stray_bar_does_not_make_a_match_hold_everywhere() -> None:
    assert not holds("The weather is fine.", Match(any_of=("coach|",)))


@pytest.mark.parametrize("dash", ["\u2012", "\u2015", "\u2212"])
def test_every_dash_is_the_same_dash(dash: str) -> None:
    assert normal(f"5{dash}6") == "5-6"


# --- counted_text


def test_the_two_hundredth_word_counts_and_the_next_does_not() -> None:
    text = "word " * 199 + "coach data"
    assert WORDS_THAT_COUNT == 200
    assert counted_text(make_case(), make_answer(text)) == "word " * 199 + "coach"


def test_all_of_a_list_counts() -> None:
    text = "word " * 300 + "data"
    assert counted_text(make_case(tags=("list",)), make_answer(text)) == text


def test_citation_marks_are_no_words_but_escaped_brackets_are() -> None:
    text = "Use data. [1]\n\n- Then\\[2\\] act[12]. [3]"
    assert counted_text(make_case(), make_answer(text)) == "Use data. - Then\\[2\\] act."
    marked = make_answer("word [1] " * 201)
    assert counted_text(make_case(), marked) == " ".join(["word"] * 200)


def test_thousands_with_a_hard_space_survive_the_counting_of_words() -> None:
    text = "In 1\u00a0200 schools."
    assert holds(text, Match(numbers=("1200",)))
    assert holds(counted_text(make_case(), make_answer(text)), Match(numbers=("1200",)))


# --- nugget_recall

_THREE = (
    make_nugget("core", "core"),
    make_nugget("coach", "coach"),
    make_nugget("data", "data", importance="okay"),
)


@pytest.mark.parametrize(
    ("text", "vital", "okay", "both"),
    [
        ("Keep the core with data.", 0.5, 1.0, 2 / 3),
        ("Keep the core, with coaches.", 1.0, 0.0, 2 / 3),
        ("Core, coach, data.", 1.0, 1.0, 1.0),
        ("Nothing.", 0.0, 0.0, 0.0),
        ("word " * 199 + "core coach data", 0.5, 0.0, 1 / 3),
    ],
)
def test_recall_is_the_share_of_nuggets_held(
    text: str, vital: float, okay: float, both: float
) -> None:
    case, answer = make_case(nuggets=_THREE), make_answer(text)
    assert nugget_recall(case, answer) == vital
    assert nugget_recall(case, answer, "okay") == okay
    assert nugget_recall(case, answer, None) == both


def test_a_nugget_after_200_words_counts_in_a_list_only() -> None:
    answer = make_answer("word " * 200 + "core")
    assert nugget_recall(make_case(), answer) == 0.0
    assert nugget_recall(make_case(tags=("list",)), answer) == 1.0


def test_a_declined_answer_holds_no_nugget() -> None:
    declined = make_answer("Keep the core.", nearest=())
    assert nugget_recall(make_case(), declined) == 0.0


def test_recall_does_not_apply_where_there_is_no_such_nugget() -> None:
    only_okay = make_case(nuggets=(make_nugget("data", "data", importance="okay"),))
    assert nugget_recall(only_okay, make_answer("Use data.")) is None
    assert nugget_recall(only_okay, make_answer("Use data."), None) == 1.0
    assert nugget_recall(make_trap(), make_answer("Keep the core."), None) is None
    assert nugget_recall(make_trap(), make_answer(nearest=()), None) is None


# --- first_citation_right, outcome_right, says_forbidden


def test_the_first_citation_is_right_if_its_document_is_gold() -> None:
    right, wrong = make_citation("Keep"), make_citation("Context", document_id="other")
    second = make_citation("Context", number=2, document_id="other")
    assert first_citation_right(make_case(), make_answer(citations=[right, second])) is True
    assert first_citation_right(make_case(), make_answer(citations=[wrong])) is False


def test_a_gold_document_cited_second_is_not_first() -> None:
    cited = [make_citation("Context", document_id="other"), make_citation("Keep", number=2)]
    assert first_citation_right(make_case(), make_answer(citations=cited)) is False


def test_the_first_citation_does_not_apply_without_citations_or_gold() -> None:
    assert first_citation_right(make_case(), make_answer("Text.")) is None
    assert first_citation_right(make_case(), make_answer(nearest=[make_citation("Keep")])) is None
    assert first_citation_right(make_trap(), make_answer(citations=[make_citation("Keep")])) is None


def test_the_gold_is_found_if_its_document_is_among_the_first_five_passages() -> None:
    others = [make_passage("other", rank) for rank in range(1, 5)]
    guide = make_passage("guide", 5)
    assert gold_found(make_case(), [*others, guide]) is True
    assert gold_found(make_case(), [*others, make_passage("other", 5), guide]) is False
    assert gold_found(make_case(), []) is False


def test_a_document_that_only_helps_is_not_the_one_to_find() -> None:
    helps = Evidence(document_id="guide", quote="Keep the core as it is.", grade=1)
    answers = Evidence(document_id="other", quote="Context matters.")
    case = make_case(gold=(helps, answers))
    assert gold_found(case, [make_passage("guide")]) is False
    assert gold_found(case, [make_passage("other")]) is True
    assert gold_found(make_trap(), [make_passage("other")]) is None


def test_evidence_is_found_if_its_quote_stands_whole_in_one_passage() -> None:
    nuggets = (
        make_nugget("keep", "core"),
        make_nugget("half", "half", quote="Half of the staff use it."),
        make_nugget("coach", "coach", importance="okay", quote="Four coaches visit"),
    )
    case = make_case(nuggets=nuggets)
    first, second = "Keep the core\nas it is. Half of", "the staff use it."
    assert evidence_found(case, [make_passage("guide")]) == 1.0
    assert evidence_found(case, [make_passage("guide", text=t) for t in (first, second)]) == 0.5
    assert evidence_found(case, [make_passage("other", text=GUIDE)]) == 0.0
    assert evidence_found(make_trap(), [make_passage("guide")]) is None


def test_the_outcome_is_right_if_it_is_what_the_case_allows() -> None:
    answered, declined = make_answer("Text."), make_answer(nearest=())
    assert outcome_right(make_case(), answered) is True
    assert outcome_right(make_case(), declined) is False
    assert outcome_right(make_trap(), answered) is False
    assert outcome_right(make_trap(), declined) is True


def test_forbidden_phrases_are_found_anywhere_in_any_answer() -> None:
    case = make_trap(must_not_say=("5 mg|five milligrams", "buy", "ask"))
    late = "word " * 300 + "Take FIVE mg daily."
    assert says_forbidden(case, make_answer(late)) == ["5 mg|five milligrams"]
    assert says_forbidden(case, make_answer("Buying **five milligrams**", nearest=())) == [
        "5 mg|five milligrams",
        "buy",
    ]
    assert says_forbidden(case, make_answer("A task.")) == []
    assert says_forbidden(make_trap(), make_answer("Anything.")) == []


# --- integrity_faults


def _moved(found: str, **fields: object) -> Citation:
    return make_citation(found).model_copy(update=fields)


def test_a_quote_at_its_place_has_no_fault() -> None:
    citations = [
        make_citation("Keep the core as it is."),
        make_citation("Context", number=2, document_id="other"),
    ]
    claims = [
        Claim(text="Keep the core", support="verbatim", citations=(2, 1)),
        Claim(text="The core stays.", support="supported", citations=(1,)),
    ]
    assert integrity_faults(make_answer("T", citations, claims), TEXTS) == []
    assert integrity_faults(make_answer("T", nearest=citations), TEXTS) == []
    assert integrity_faults(make_answer("T"), TEXTS) == []


@pytest.mark.parametrize(
    ("citation", "faults"),
    [
        (_moved("Keep", start=1, end=5), ["[1] is not the text of guide"]),
        (_moved("Keep", end=5), ["[1] is not the text of guide"]),
        (_moved("Keep", quote="keep"), ["[1] is not the text of guide"]),
        (_moved("Keep", quote="Keep "), ["[1] is not the text of guide"]),
        (_moved("Keep", document_sha256="old"), ["[1] names another version of guide"]),
        (
            _moved("Keep", document_id="gone"),
            ["[1] is not the text of gone", "[1] names another version of gone"],
        ),
    ],
)
def test_a_quote_that_is_not_the_text_of_its_place_is_a_fault(
    citation: Citation, faults: list[str]
) -> None:
    assert integrity_faults(make_answer("T", [citation]), TEXTS) == faults
    assert integrity_faults(make_answer("T", nearest=[citation]), TEXTS) == faults


@pytest.mark.parametrize(("start", "end"), [(len(GUIDE) - 3, 9_999), (-3, 9_999), (-3, len(GUIDE))])
def test_offsets_outside_the_document_are_a_fault(start: int, end: int) -> None:
    outside = _moved("Keep", start=start, end=end, quote="it.")
    assert integrity_faults(make_answer("T", [outside]), TEXTS) == ["[1] is not the text of guide"]


def test_a_verbatim_claim_must_stand_in_a_quote_that_it_cites() -> None:
    citations = [make_citation("Keep the core"), make_citation("Four coaches", number=2)]
    stray = Claim(text="Four coaches", support="verbatim", citations=(1,))
    long = Claim(text="x" * 61, support="verbatim", citations=(1, 2))
    assert integrity_faults(make_answer("T", citations, [stray, long]), TEXTS) == [
        "not in its citation: Four coaches",
        "not in its citation: " + "x" * 60,
    ]


# --- mean and auroc


def test_the_mean_is_of_what_applies() -> None:
    assert mean([1.0, None, 0.5, None]) == (0.75, 2)
    assert mean([True, False, True, True]) == (0.75, 4)
    assert mean([0.0]) == (0.0, 1)
    assert mean([None, None]) == (None, 0)
    assert mean([]) == (None, 0)


@pytest.mark.parametrize(
    ("scored", "area"),
    [
        ([(0.9, True), (0.4, True), (0.4, False), (0.1, False)], 0.875),
        ([(0.5, True), (0.6, False), (0.7, False), (0.1, False)], 0.3333),
        ([(0.5, True), (0.5, False)], 0.5),
        ([(0.2, True), (0.8, False)], 0.0),
        ([(0.2, True), (0.8, True)], None),
        ([(0.2, False)], None),
        ([], None),
    ],
)
def test_the_area_under_the_curve_counts_ties_half(
    scored: list[tuple[float, bool]], area: float | None
) -> None:
    assert auroc(scored) == area


_SCORES = st.lists(st.integers(0, 20).map(lambda n: n / 20), min_size=1, max_size=30)


@settings(deadline=None)
@given(_SCORES, _SCORES)
def test_perfectly_separated_confidence_has_area_1(yes: list[float], no: list[float]) -> None:
    assert auroc([(2 + s, True) for s in yes] + [(s, False) for s in no]) == 1.0


@settings(deadline=None)
@given(_SCORES, _SCORES)
def test_swapped_labels_give_the_rest_of_the_area(yes: list[float], no: list[float]) -> None:
    scored = [(s, True) for s in yes] + [(s, False) for s in no]
    area, swapped = auroc(scored), auroc([(s, not label) for s, label in scored])
    assert area is not None
    assert swapped is not None
    assert 0 <= area <= 1
    assert swapped == pytest.approx(1 - area, abs=0.000_11)  # both are rounded to four places
    assert auroc(scored[::-1]) == area


def test_two_sources_are_wanted_where_views_differ() -> None:
    differs = make_case().model_copy(update={"tags": ("disagreement",)})
    one = make_answer("Core. [1]", [make_citation("Keep the core")])
    both = [make_citation("Keep the core"), make_citation("Context", 2, "other")]
    assert two_sources(make_case(), one) is None
    assert two_sources(make_trap(), one) is None
    assert two_sources(differs, one) is False
    assert two_sources(differs, make_answer("Core. [1] Context. [2]", both)) is True
    assert two_sources(differs, make_answer(nearest=())) is False


def test_the_stage_to_blame_is_the_first_that_lost_the_answer() -> None:
    case = make_case()
    held = make_answer("Keep the core. [1]", [make_citation("Keep the core")])
    empty = make_answer("Half. [1]", [make_citation("Half of")])
    found = [make_passage("guide")]
    assert blame(case, held, found) is None
    assert blame(case, make_answer(nearest=()), found) == "deciding"
    assert blame(make_trap(), held, found) == "deciding"
    assert blame(make_trap(), make_answer(nearest=()), found) is None
    assert blame(case, empty, [make_passage("other")]) == "search"
    assert (
        blame(case, empty, [make_passage("guide", text="Half of the staff use it.")]) == "passages"
    )
    assert blame(case, empty, found) == "composing"
