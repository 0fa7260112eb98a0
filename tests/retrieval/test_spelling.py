from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.index.reader import Index, View
from assistant.index.stems import Stemmer
from assistant.library.glossary import read_glossary
from assistant.resources import shipped_corpus
from assistant.retrieval.spelling import other_spelling, respelled
from tests.corpora import build_small, write_corpus
from tests.fakes import WordHashModel

STEMMER = Stemmer()
FIELD = frozenset(
    "fidelity implementation sustainability readiness adapting adopting organising policy"
    " facilitator".split()
)
SHIPPED = read_glossary(shipped_corpus()).words
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """An index that holds "coaches", "programmes" and "fidelity", and no other word of FIELD."""
    folder = tmp_path_factory.mktemp("spelling")
    build_small(folder / "index", write_corpus(folder / "corpus", 3))
    index = Index(folder / "index", WordHashModel())
    with index.view() as view:
        yield view
    index.close()


def put_right(view: View, text: str, field: frozenset[str] = FIELD) -> str:
    return respelled(view, STEMMER, field, text)[0]


# --- the other side of the Atlantic ----------------------------------------------------


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organisation", "organization"),
        ("organisations", "organizations"),
        ("organise", "organize"),
        ("prioritised", "prioritized"),
        ("prioritises", "prioritizes"),
        ("prioritising", "prioritizing"),
        ("behaviour", "behavior"),
        ("behaviours", "behaviors"),
        ("behavioural", "behavioral"),
        ("programme", "program"),
        ("programmes", "programs"),
        ("centre", "center"),
        ("centres", "centers"),
        ("centred", "centered"),
        ("modelling", "modeling"),
        ("labelled", "labeled"),
        ("paediatric", "pediatric"),
        ("analyse", "analyze"),
        ("analysed", "analyzed"),
        ("defence", "defense"),
    ],
)
def test_a_word_is_spelled_as_on_the_other_side_both_ways(british: str, american: str) -> None:
    assert other_spelling(british) == american
    assert other_spelling(american) == british


@pytest.mark.parametrize("word", ["", "fidelity", "team", "ourselves", "centrefold", "ORGANISE"])
def test_a_word_that_does_not_end_in_a_known_way_has_no_other_spelling(word: str) -> None:
    assert other_spelling(word) is None


@settings(deadline=None)
@given(
    st.text(LETTERS, max_size=8),
    st.sampled_from(
        "isation ization ising izing our or ours ors oural oral ogramme ogram entre enter"
        " elling eling elled eled paediatric pediatric lyse lyze efence efense".split()
    ),
)
def test_the_other_spelling_of_the_other_spelling_is_the_word(start: str, ending: str) -> None:
    other = other_spelling(start + ending)
    assert other is not None
    assert other != start + ending
    assert other_spelling(other) == start + ending


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_has_one_other_spelling_or_none(word: str) -> None:
    assert other_spelling(word) == other_spelling(word) != word


# --- mistyped words --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("fidelety", "fidelity"),  # wrong
        ("implmentation", "implementation"),  # too few
        ("implementattion", "implementation"),  # too many
        ("sustainabiltiy", "sustainability"),  # out of place
        ("raediness", "readiness"),  # out of place, near the beginning
        ("readinesz", "readiness"),  # wrong, at the end
        ("readinses", "readiness"),  # out of place, near the end
        ("diffrence", "difference"),  # a word of questions
        ("betweeen", "between"),
    ],
)
def test_one_slip_in_a_word_is_put_right(view: View, typed: str, word: str) -> None:
    text, changed = respelled(view, STEMMER, FIELD, f"What about {typed} here?")
    assert text == f"What about {word} here?"
    assert changed == ((typed, word),)


def test_what_was_changed_is_told_in_the_order_of_the_text_each_once(view: View) -> None:
    assert respelled(view, STEMMER, FIELD, "Readines: raediness, fidelety; raediness") == (
        "Readines: readiness, fidelity; readiness",
        (("raediness", "readiness"), ("fidelety", "fidelity")),
    )


def test_a_mistyped_word_is_put_right_beside_any_mark_and_at_the_start_of_a_sentence(
    view: View,
) -> None:
    assert put_right(view, "Fidelety? (fidelety) “fidelety”, fidelety-based.") == (
        "fidelity? (fidelity) “fidelity”, fidelity-based."
    )


@pytest.mark.parametrize(
    "text",
    [
        "FIDELETY",  # an acronym, or shouted
        "FIDELETy and fiDelety",
        "fidelety's and fidelety’s",
        "re-fidelety, high-fidelety",
        "a/fidelety",
        "fidelety2, fidelety_x, 2fidelety",
        "fidélety, fideletyé",
        "example.org/fidelety",
    ],
)
def test_what_may_be_a_name_an_acronym_or_a_part_of_another_word_is_left_alone(
    view: View, text: str
) -> None:
    assert respelled(view, STEMMER, FIELD, text) == (text, ())


def test_a_word_that_is_put_right_stays_as_it_is_where_it_is_a_part_of_another(view: View) -> None:
    assert put_right(view, "fidelety, fideletyx, fidelety's, re-fidelety") == (
        "fidelity, fideletyx, fidelety's, re-fidelety"
    )


@pytest.mark.parametrize(
    "name",
    "CFIR EPIS NIRN McDonald Damschroder Greenhalgh Proctor Helfrich Moullin Stirman Fixsen Aarons"
    " Powell Wandersman Durlak ExpandNet Kilifi Birmingham".split(),
)
def test_names_of_people_places_and_guides_are_left_alone(view: View, name: str) -> None:
    text = f"What does {name} say?"
    assert respelled(view, STEMMER, SHIPPED, text) == (text, ())


@pytest.mark.parametrize("typed", ["polciy", "polcy", "betwen", "taem", "a", "kubernetes"])
def test_short_words_and_words_without_a_near_one_are_left_alone(view: View, typed: str) -> None:
    assert put_right(view, typed) == typed


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ("coaches", "coachee"),
        ("Coaching", "coachine"),  # known by its stem
        ("programmes", "programmer"),
    ],
)
def test_a_word_of_the_index_is_left_alone_however_near_a_word_of_the_field(
    view: View, typed: str, field: str
) -> None:
    assert put_right(view, typed, frozenset([field])) == typed


def test_a_word_of_the_field_is_left_alone_where_the_index_lacks_it(view: View) -> None:
    text = "readiness, sustainability and implementation"
    assert respelled(view, STEMMER, FIELD, text) == (text, ())


def test_the_other_spelling_of_a_word_of_the_field_is_no_slip(view: View) -> None:
    assert put_right(view, "Organizing") == "Organizing"
    assert put_right(view, "organsing") == "organising"


def test_a_word_between_two_words_of_the_field_is_left_alone(view: View) -> None:
    assert put_right(view, "adupting") == "adupting"
    assert put_right(view, "adoptting") == "adopting"


@pytest.mark.parametrize("typed", ["fydelety", "implmentatoin", "raedinses", "reddinss"])
def test_two_slips_are_too_many(view: View, typed: str) -> None:
    assert put_right(view, typed) == typed


@pytest.mark.parametrize("typed", ["facilitators", "facilitato", "readines", "readinesss"])
def test_a_letter_more_or_less_at_the_end_is_another_form_and_no_slip(
    view: View, typed: str
) -> None:
    assert put_right(view, typed) == typed


@pytest.mark.parametrize("text", ["", "?", "   ", "\n", "¿Qué?"])
def test_a_text_without_words_comes_back(view: View, text: str) -> None:
    assert respelled(view, STEMMER, FIELD, text) == (text, ())


def test_without_a_field_only_words_of_questions_are_put_right(view: View) -> None:
    text, changed = respelled(view, STEMMER, frozenset(), "Diffrence of fidelety")
    assert text == "difference of fidelety"
    assert changed == (("Diffrence", "difference"),)


def test_white_space_and_line_breaks_stay(view: View) -> None:
    assert put_right(view, "  On\nfidelety,\t now ") == "  On\nfidelity,\t now "


LONG = sorted(word for word in SHIPPED if len(word) >= 8)
ASKED = frozenset("between compare compared difference differences different example".split())


def slip(word: str, data: st.DataObject, first: int, last: int) -> str:
    """The word with one letter too many, too few, wrong, or swapped, from one place to another."""
    at = data.draw(st.integers(first, last))
    letter = data.draw(st.sampled_from(LETTERS))
    return data.draw(
        st.sampled_from(
            [
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )


def not_in_the_index(view: View) -> list[str]:
    stems = dict(zip(LONG, STEMMER.stems(LONG), strict=True))
    known = view.document_frequency(list(stems.values()))
    return [word for word in LONG if not known[stems[word]]]


@settings(deadline=None)
@given(st.data())
def test_one_slip_within_a_word_of_the_field_is_put_right_or_left(
    view: View, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(not_in_the_index(view)))
    typed = slip(word, data, 1, len(word) - 2)
    if typed in SHIPPED:
        return  # no slip, or the slip is a word of the field itself
    text, changed = respelled(view, STEMMER, SHIPPED, f"Is {typed} new?")
    assert text in (f"Is {typed} new?", f"Is {word} new?")
    assert changed == (() if typed in text else ((typed, word),))


@settings(deadline=None)
@given(st.data())
def test_no_slip_turns_a_word_into_one_that_is_not_of_the_field(
    view: View, data: st.DataObject
) -> None:
    word = data.draw(st.sampled_from(not_in_the_index(view)))
    typed = slip(word, data, 0, len(word))
    text, changed = respelled(view, STEMMER, SHIPPED, f"Is {typed} new?")
    for before, after in changed:
        assert before == typed
        assert after in SHIPPED | ASKED
    assert text == f"Is {changed[0][1] if changed else typed} new?"


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_left_as_it_is_but_for_what_is_told(view: View, text: str) -> None:
    again, changed = respelled(view, STEMMER, SHIPPED, text)
    assert (again, changed) == respelled(view, STEMMER, SHIPPED, text)
    if not changed:
        assert again == text
