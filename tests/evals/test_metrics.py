"""Every metric against values worked out by hand."""

import pytest

from assistant.records import Citation, Claim
from evals.cases import Evidence, Match
from evals.matching import holds
from evals.metrics import (
    METRICS,
    WORDS_THAT_COUNT,
    blame,
    counted_text,
    evidence_found,
    first_citation_right,
    gold_found,
    integrity_faults,
    missed,
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


def test_what_is_missed_is_named_in_the_order_of_the_case() -> None:
    case = make_case(nuggets=_THREE)
    assert missed(case, make_answer("Have coaches.")) == [_THREE[0], _THREE[2]]
    assert missed(case, make_answer("word " * 199 + "core coach data")) == [*_THREE[1:]]
    assert missed(case, make_answer("Core, coach, data.")) == []
    assert missed(make_trap(), make_answer("Core.")) == []


# --- first_citation_right, outcome_right, says_forbidden


def test_the_first_citation_is_right_if_its_document_is_gold() -> None:
    right, wrong = make_citation("Keep"), make_citation("Context", document_id="other")
    second = make_citation("Context", number=2, document_id="other")
    assert first_citation_right(make_case(), make_answer(citations=[right, second])) is True
    assert first_citation_right(make_case(), make_answer(citations=[wrong])) is False


def test_a_gold_document_cited_second_is_not_first() -> None:
    cited = [make_citation("Context", document_id="other"), make_citation("Keep", number=2)]
    assert first_citation_right(make_case(), make_answer(citations=cited)) is False


def test_who_cites_nothing_for_a_question_with_an_answer_has_no_right_first_citation() -> None:
    nearest = make_answer(nearest=[make_citation("Keep")])  # it is shown, but not cited
    assert first_citation_right(make_case(), nearest) is False
    assert first_citation_right(make_case(), make_answer("Text.")) is False


def test_the_first_citation_does_not_apply_to_a_question_without_an_answer() -> None:
    assert first_citation_right(make_trap(), make_answer(citations=[make_citation("Keep")])) is None
    assert first_citation_right(make_trap(), make_answer(nearest=())) is None


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


# --- two_sources, blame


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


# --- METRICS


def test_only_exact_citations_and_forbidden_sentences_are_hard_and_lose_nothing() -> None:
    assert [name for name, metric in METRICS.items() if metric.hard] == ["integrity", "permitted"]
    assert all((metric.tolerance == 0) == metric.hard for metric in METRICS.values())


def test_every_metric_has_a_title_of_its_own() -> None:
    assert len({metric.title for metric in METRICS.values()}) == len(METRICS)
