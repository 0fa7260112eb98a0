"""Each operator by hand, and all of them on any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.matching import normal
from evals.mutation.operators import (
    HARMLESS,
    OPERATORS,
    changed_date,
    merge,
    names_in,
    swapped_name,
)

# --- changes of meaning


@pytest.mark.parametrize(
    ("name", "sentence", "mutants"),
    [
        ("number", "Four coaches visit.", ("Five coaches visit.",)),
        ("number", "It took twelve months.", ("It took eleven months.",)),
        ("number", "60 to 80% did.", ("61 to 80% did.", "60 to 81% did.")),
        ("number", "An effect of 0.49.", ("An effect of 0.50.",)),
        ("number", "80,999 were trained in 2014.", ("81,000 were trained in 2014.",
                                                    "80,999 were trained in 2015.")),
        ("number", "1\u00a0200 schools", ("1\u00a0201 schools",)),
        ("number", "1. Begin with 3 sites.", ("1. Begin with 4 sites.",)),
        ("number", "No one has a one-off COVID-19 plan, D4DS, or version 2.1.3.", ()),
        ("number", "Twenty-five of them trust one another.", ()),
        ("unit", "Visit every 2 weeks.", ("Visit every 2 months.",)),
        ("unit", "About 60% did.", ("About 60 percentage points did.",)),
        ("unit", "A two-year grant of £5.", ("A two-month grant of £5.",
                                             "A two-year grant of $5.")),
        ("unit", "On weekdays they meet.", ()),
        ("negation put in", "It is ready.", ("It is not ready.",)),
        ("negation put in", "Sites can start and have been told.",
         ("Sites cannot start and have been told.", "Sites can start and have not been told.")),
        ("negation put in", "Keep the core.", ("It is not true that Keep the core.",)),
        ("negation put in", "It is not ready and can't start.", ()),
        ("negation put in", "Which sites?", ()),
        ("negation put in", "Never start.", ()),
        ("negation taken out", "It is not ready.", ("It is ready.",)),
        ("negation taken out", "Not all can.", ("All can.",)),
        ("negation taken out", "They don’t and can’t.", ("They don’t and can.",
                                                         "They do and can’t.")),
        ("negation taken out", "No site will do it without help.",
         ("Some site will do it without help.", "No site will do it with help.")),
        ("negation taken out", "They would rather not.", ("They would rather.",)),
        ("negation taken out", "It is ready now.", ()),
        ("modality", "Teams should meet.", ("Teams must meet.", "Teams may meet.")),
        ("modality", "They must not change it.",
         ("They need not change it.", "They should not change it.")),
        ("modality", "May they? It ended in May 2021.", ("Must they? It ended in May 2021.",)),
        ("modality", "They cannot.", ()),
        ("population", "NURSES in a school", ("TEACHERS in a school", "NURSES in a hospital")),
        ("population", "They do.", ()),
        ("comparator", "At least half, or more", ("At most half, or more",
                                                  "At least half, or fewer")),
        ("comparator", "It rises before\nthe summer.", ("It falls before\nthe summer.",
                                                        "It rises after\nthe summer.")),
        ("comparator", "It is no longer more or less so.", ()),
    ],
)  # fmt: skip
def test_an_operator_changes_one_thing_at_a_time(
    name: str, sentence: str, mutants: tuple[str, ...]
) -> None:
    assert OPERATORS[name](sentence) == mutants


_PIECES = st.sampled_from(
    "Four four 2 80,000 27% 2014 0.49 weeks two-year should must not may May is are can cannot "
    "don't no No longer never without teachers staff more less at least before after or - – ( ) , "
    ". : one of the core x ’".split(" ")
)


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_a_mutant_is_another_sentence_and_a_harmless_edit_the_same(sentence: str) -> None:
    for operator in OPERATORS.values():
        assert all(normal(mutant) != normal(sentence) for mutant in operator(sentence))
    for name, edit in HARMLESS.items():
        if name != "list markers":
            assert all(normal(edited) == normal(sentence) for edited in edit(sentence))
    assert all(edited != sentence for edit in HARMLESS.values() for edited in edit(sentence))


@given(st.text())
def test_any_text_can_be_changed_without_an_error(text: str) -> None:
    for operator in (OPERATORS | HARMLESS).values():
        assert operator(text) == operator(text)
        assert all(isinstance(changed, str) for changed in operator(text))


def test_halves_of_two_sentences_are_merged() -> None:
    assert merge("Keep the core as it is.", "Half of the staff use it.") == (
        "Keep the core staff use it.",
    )
    assert merge("Keep the core.", "Half of the staff use it.") == ()
    assert merge("Keep the core as is.", "Keep the core as is.") == ()


@pytest.mark.parametrize(
    ("sentence", "mutants"),
    [
        ("It began in May 2014.", ("It began in June 2014.", "It began in May 2015.")),
        ("Meet on Sundays in December.",
         ("Meet on Mondays in December.", "Meet on Sundays in January.")),
        ("May 3 it is.", ("June 3 it is.",)),
        ("From 1900 to 2099.", ("From 1901 to 2099.", "From 1900 to 2100.")),
        ("From 2005-2010.", ("From 2006-2010.", "From 2005-2011.")),
        ("In (2014), it did.", ("In (2015), it did.",)),
        ("May they? March on. They may.", ()),
        ("1899, 2100, 2,014, 2014.5, £2014, 2014%, 1990s, COVID-2019, 12014", ()),
    ],
)  # fmt: skip
def test_a_date_becomes_the_next(sentence: str, mutants: tuple[str, ...]) -> None:
    assert changed_date(sentence) == mutants


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Use the CFIR and RE-AIM.", ("CFIR", "RE-AIM")),
        ("The work of Peter Craig and of Moore’s team", ("Peter Craig", "Moore")),
        ("ADAPT says so, and ADAPT is right.", ("ADAPT",)),
        ("The MRC guidance", ("MRC",)),
        ("Moore and Craig did. Harden did not: Lyon did.", ("Craig",)),
        ("See i-PARIHS, NHS Sustainability Model", ("i-PARIHS", "NHS Sustainability Model")),
        ("So I, on Monday in March, gave plan B a vitamin C.", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_names_are_acronyms_and_runs_of_capitals_that_begin_no_sentence(
    sentence: str, names: tuple[str, ...]
) -> None:
    assert names_in(sentence) == names


NAMES = ("CFIR", "RE-AIM", "MADI", "Moore", "Peter Craig")


@pytest.mark.parametrize(
    ("sentence", "mutants"),
    [
        ("Use MADI.", ("Use RE-AIM.",)),
        ("Use RE-AIM, as RE-AIM does.", ("Use CFIR, as CFIR does.",)),
        ("Use CFIR with Moore.", ("Use MADI with Moore.", "Use CFIR with Peter Craig.")),
        ("It is Peter\nCraig, or RE", ("It is Moore, or RE", "It is Peter\nCraig, or RE-AIM")),
        ("Use CFIR-like forms.", ("Use MADI forms.",)),
        ("Use names.", ()),
    ],
)
def test_a_name_becomes_another_of_its_sort_wherever_it_stands(
    sentence: str, mutants: tuple[str, ...]
) -> None:
    assert swapped_name(sentence, NAMES) == mutants


def test_a_name_stays_where_there_is_no_other() -> None:
    assert swapped_name("Use MADI.", ()) == swapped_name("Use MADI.", ("MADI", "madi")) == ()
    assert swapped_name("Use MADI.", ("Moore",)) == ("Use Moore.",)


_NAMED = st.sampled_from(
    "The Moore Peter Craig CFIR RE-AIM FRAME FRAME-IS I May March Monday 2014 in of , . : ( ’s - 3"
    .split(" ")
)  # fmt: skip


@given(st.lists(_NAMED, max_size=12).map(" ".join), st.lists(_NAMED, max_size=5))
def test_another_date_or_name_is_another_sentence(sentence: str, names: list[str]) -> None:
    mutants = (*changed_date(sentence), *swapped_name(sentence, names))
    assert all(normal(mutant) != normal(sentence) for mutant in mutants)
    assert len(swapped_name(sentence, names)) <= len(names_in(sentence))
    assert swapped_name(sentence, names) == swapped_name(sentence, names[::-1])


@given(st.text(), st.lists(st.text()))
def test_dates_and_names_of_any_text_can_be_changed_without_an_error(
    text: str, names: list[str]
) -> None:
    assert all(name in " ".join(text.split()) for name in names_in(text))
    assert all(isinstance(m, str) for m in (*changed_date(text), *swapped_name(text, names)))


# --- changes that mean nothing


@pytest.mark.parametrize(
    ("name", "sentence", "edits"),
    [
        ("white space", "a b", ("a  b", "a\nb", " a b\n")),
        ("capitals", "The NPT", ("THE NPT", "the npt")),
        ("dashes", "a-b – c", ("a–b – c", "a‑b ‑ c", "a-b - c")),
        ("dashes", "a b", ()),
        ("quotes", 'It\'s "x".', ("It’s “x”.",)),
        ("quotes", "It’s “x”.", ('It\'s "x".',)),
        ("list markers", "Keep it.", ("- Keep it.", "• Keep it.", "1. Keep it.", "(a) Keep it.")),
        ("list markers", "2. Keep it.", ()),
        ("thousands", "80,000 of 4000", ("80000 of 4000", "80\u00a0000 of 4000",
                                         "80,000 of 4,000")),
        ("thousands", "since 2014", ()),
    ],
)  # fmt: skip
def test_a_harmless_edit(name: str, sentence: str, edits: tuple[str, ...]) -> None:
    assert HARMLESS[name](sentence) == edits
