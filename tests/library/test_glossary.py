from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import CorpusError
from assistant.library.glossary import Glossary, read_glossary
from assistant.library.notes import Topic
from assistant.records import Stage
from assistant.resources import shipped_corpus

SHIPPED = read_glossary(shipped_corpus())


def content() -> dict[str, object]:
    """A small glossary, as it stands in a file."""
    sense = {"meaning": "More of it.", "cues": ["more"], "held_by": ["lane-2019"], "note": "more"}
    return {
        "terms": {
            "scale_up": {
                "name": "scale up", "forms": ["scale up", "scaling up"], "present": "Ask.",
                "senses": {"more": sense},
            },
            "scaling": {
                "name": "scaling", "forms": ["scaling"], "present": "Ask.",
                "house": "more", "senses": {"more": sense},
            },
        },
        "acronyms": {"CFIR": ["Consolidated Framework"], "MAT": ["trust"], "RE-AIM": ["reach"],
                     "AIM": ["acceptability"]},
        "acronyms_that_are_words": ["MAT", "AIM"],
        "synonyms": {"roll-out": ["implementation"], "buy-in": ["commitment", "readiness"]},
        "stage_names": [
            {"stage": "installation", "idea": "Getting ready.",
             "names": {"NIRN": ["installation"], "EPIS": ["preparation"], "EEF": ["prepare"]}},
        ],
    }  # fmt: skip


GLOSSARY = Glossary.model_validate(content())
CUED = Glossary.model_validate(
    content()
    | {
        "stage_cues": {
            "initial": ["started", "first weeks"],
            "installation": ["not started", "getting ready"],
            "sustainment": ["grant ends", "first weeks after"],
        },
        "topic_cues": {"teams": ["team"], "cost": ["money"], "leadership": ["leader"]},
        "settings": ["school", "school nurse", "ward", "care home"],
    }
)


def refusal(folder: Path, raw: object) -> str:
    text = raw if isinstance(raw, str) else yaml.safe_dump(raw)
    (folder / "glossary.yaml").write_text(text, "utf-8")
    with pytest.raises(CorpusError) as caught:
        read_glossary(folder)
    assert str(folder / "glossary.yaml") in caught.value.message
    return caught.value.message


def test_the_longest_form_of_a_term_counts() -> None:
    assert GLOSSARY.terms_in("Scaling-up costs money.") == {"scale_up": "Scaling-up"}
    assert GLOSSARY.terms_in("Scaling costs money.") == {"scaling": "Scaling"}


def test_a_form_is_found_across_a_hyphen_and_a_line_break_and_only_as_a_whole() -> None:
    assert "scale_up" in GLOSSARY.terms_in("to scale\nup")
    assert GLOSSARY.terms_in("upscaling, scalings and rescale upwards") == {}


def test_acronyms_and_plain_words_are_given_the_words_of_the_guidance() -> None:
    assert GLOSSARY.expansions("cfir for our roll out?") == (
        "Consolidated Framework", "implementation",
    )  # fmt: skip


def test_letters_that_are_a_word_are_an_acronym_only_in_capitals() -> None:
    assert GLOSSARY.expansions("Who in our MAT decides?") == ("trust",)
    assert GLOSSARY.expansions("The aim is a new mat.") == ()
    assert GLOSSARY.expansions("re-aim or not?") == ("reach",)


def test_what_the_question_says_itself_is_not_said_again() -> None:
    assert GLOSSARY.expansions("buy-in and readiness") == ("commitment",)


def test_a_stage_name_is_translated_only_beside_the_word_stage_or_phase() -> None:
    assert GLOSSARY.expansions("What happens in the Prepare phase?") == (
        "installation", "preparation",
    )  # fmt: skip
    assert GLOSSARY.expansions("How do we prepare?") == ()


def test_the_stage_that_is_spoken_of_last_counts() -> None:
    assert CUED.stage_in("We started, and now the grant ends.") == (Stage.SUSTAINMENT, "grant ends")
    assert CUED.stage_in("The grant ends, yet we STARTED.") == (Stage.INITIAL, "STARTED")


def test_of_cues_that_end_together_the_longest_tells_the_stage() -> None:
    assert CUED.stage_in("We have not started.") == (Stage.INSTALLATION, "not started")


def test_of_two_cues_from_one_word_on_the_one_that_reaches_further_tells_the_stage() -> None:
    assert CUED.stage_in("in the first weeks after") == (Stage.SUSTAINMENT, "first weeks after")


def test_a_cue_is_given_as_it_stands_across_hyphens_and_lines_and_only_as_a_whole() -> None:
    assert CUED.stage_in("the First-weeks, then") == (Stage.INITIAL, "First-weeks")
    assert CUED.stage_in("getting\nready") == (Stage.INSTALLATION, "getting\nready")
    assert CUED.stage_in("restarted, startedly, forgetting ready") is None
    assert CUED.setting_in("preschool, schooling, wards") is None
    assert CUED.topics_in("steam, teams, leaders") == ()


@pytest.mark.parametrize("text", ["", " ", "?", "Who decides?", "started_"])
def test_a_text_that_shows_nothing_has_no_stage_topic_and_setting(text: str) -> None:
    assert CUED.stage_in(text) is None
    assert CUED.topics_in(text) == ()
    assert CUED.setting_in(text) is None


def test_a_glossary_without_cues_finds_no_stage_topic_and_setting() -> None:
    assert GLOSSARY.stage_in("We started.") is None
    assert GLOSSARY.topics_in("Our team.") == ()
    assert GLOSSARY.setting_in("Our school.") is None


def test_empty_lists_find_nothing() -> None:
    empty = Glossary(
        terms={},
        acronyms={},
        synonyms={},
        stage_names=(),
        stage_cues={Stage.INITIAL: ()},
        topic_cues={"teams": ()},
    )
    for text in ("", "Who decides? (We.)", "The initial stage - when?"):
        assert empty.terms_in(text) == {}
        assert empty.expansions(text) == ()
        assert (empty.stage_in(text), empty.topics_in(text)) == (None, ())
        assert empty.setting_in(text) is None
        assert empty.foreign_sense(text, text) is None
    assert empty.words == frozenset()


def test_all_topics_of_a_text_are_told_in_the_order_of_the_glossary() -> None:
    assert CUED.topics_in("Leader, money and TEAM, team") == ("teams", "cost", "leadership")
    assert CUED.topics_in("Only money") == ("cost",)


def test_the_setting_that_is_spoken_of_last_counts_as_it_stands_in_the_text() -> None:
    assert CUED.setting_in("from a Ward to a School") == "School"
    assert CUED.setting_in("from a school to a ward") == "ward"
    assert CUED.setting_in("A care-home near the sea") == "care-home"


def test_the_longest_setting_counts() -> None:
    assert CUED.setting_in("our ward and our school nurse") == "school nurse"


@pytest.mark.parametrize(
    ("field", "name"),
    [("stage_cues", "launch"), ("topic_cues", "weather")],
)
def test_cues_of_a_stage_or_topic_that_is_none_are_refused(
    tmp_path: Path, field: str, name: str
) -> None:
    assert f"{field}.{name}" in refusal(tmp_path, content() | {field: {name: ["some"]}})


def test_cues_and_settings_that_are_no_list_are_refused(tmp_path: Path) -> None:
    raw = content() | {"stage_cues": {"initial": "started"}, "settings": "school"}
    message = refusal(tmp_path, raw)
    assert "stage_cues.initial" in message
    assert "settings" in message


def test_the_words_are_those_of_forms_and_of_what_acronyms_mean() -> None:
    assert GLOSSARY.words == {
        "scale", "scaling", "up",  # forms
        "consolidated", "framework", "trust", "reach", "acceptability",  # meanings of acronyms
    }  # fmt: skip
    assert CUED.words == GLOSSARY.words


def test_the_words_hold_no_acronym_no_sense_and_no_stage_name() -> None:
    for word in ("cfir", "mat", "re", "aim", "more", "ask", "preparation", "lane"):
        assert word not in CUED.words


def test_the_words_of_the_shipped_glossary_are_small_letters_only() -> None:
    assert {"fidelity", "implementation", "readiness"} <= SHIPPED.words
    assert all(word.isalpha() and word == word.lower() for word in SHIPPED.words)


@settings(deadline=None)
@given(st.sampled_from(sorted(SHIPPED.stage_cues)), st.data())
def test_every_shipped_cue_shows_its_stage(stage: Stage, data: st.DataObject) -> None:
    cue = data.draw(st.sampled_from(SHIPPED.stage_cues[stage]))
    assert SHIPPED.stage_in(f"It is about {cue.upper()}.") == (stage, cue.upper())


@settings(deadline=None)
@given(st.sampled_from(SHIPPED.settings))
def test_every_shipped_setting_is_found_as_it_stands(setting: str) -> None:
    assert SHIPPED.setting_in(f"It is about our {setting.upper()}.") == setting.upper()


@settings(deadline=None)
@given(st.sampled_from(sorted(SHIPPED.topic_cues)), st.data())
def test_every_shipped_cue_shows_its_topic(topic: Topic, data: st.DataObject) -> None:
    cue = data.draw(st.sampled_from(SHIPPED.topic_cues[topic]))
    assert topic in SHIPPED.topics_in(f"It is about {cue.upper()}.")


@settings(deadline=None)
@given(st.text(max_size=80))
def test_what_shows_a_stage_or_a_setting_stands_in_the_text(text: str) -> None:
    stage = SHIPPED.stage_in(text)
    for found in (stage[1] if stage else None, SHIPPED.setting_in(text)):
        if found is not None:
            assert found
            assert found in text
    order = list(SHIPPED.topic_cues)
    topics = SHIPPED.topics_in(text)
    assert list(topics) == sorted(set(topics), key=order.index)


@settings(deadline=None)
@given(st.text(max_size=80))
def test_expansions_are_repeatable_and_never_double(question: str) -> None:
    found = SHIPPED.expansions(question)
    assert found == SHIPPED.expansions(question)
    assert len(set(found)) == len(found)


@settings(deadline=None)  # the first call compiles the patterns
@given(st.sampled_from(sorted(SHIPPED.terms)), st.data())
def test_every_form_of_a_shipped_term_is_found_as_that_term(term: str, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(SHIPPED.terms[term].forms))
    assert SHIPPED.terms_in(f"It is about {form.upper()}, they say.") == {
        term: form.upper()
    }  # fmt: skip


def test_a_form_of_two_terms_is_refused(tmp_path: Path) -> None:
    raw = content()
    raw["terms"]["scaling"]["forms"] = ["scaling", "Scaling-up"]  # type: ignore[index]
    assert "'Scaling-up' is a form of scale_up and of scaling" in refusal(tmp_path, raw)


def test_a_house_sense_must_be_one_of_the_senses(tmp_path: Path) -> None:
    raw = content()
    raw["terms"]["scaling"]["house"] = "less"  # type: ignore[index]
    assert "there is no sense 'less'" in refusal(tmp_path, raw)


def test_a_field_that_is_not_known_and_a_stage_that_is_none_are_named(tmp_path: Path) -> None:
    raw = content() | {"senses": {}}
    raw["stage_names"][0]["stage"] = "launch"  # type: ignore[index]
    message = refusal(tmp_path, raw)
    assert "senses: Extra inputs" in message
    assert "stage_names.0.stage" in message


@pytest.mark.parametrize("text", ["", "- a list", "terms: [", "terms: {}"])
def test_a_broken_glossary_is_named(tmp_path: Path, text: str) -> None:
    refusal(tmp_path, text)


def test_a_missing_glossary_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"glossary\.yaml"):
        read_glossary(tmp_path)


def test_the_shipped_glossary_knows_the_words_that_people_say() -> None:
    for said in ("EBP", "MAT", "ICB", "PBIS", "MTSS", "buy-in", "roll-out"):
        assert SHIPPED.expansions(f"our {said} plan"), said


def test_the_shipped_crosswalk_holds_the_five_guides_for_each_stage() -> None:
    assert [row.stage for row in SHIPPED.stage_names] == [
        Stage.EXPLORATION, Stage.INSTALLATION, Stage.INITIAL, Stage.FULL, Stage.SUSTAINMENT,
    ]  # fmt: skip
    for row in SHIPPED.stage_names:
        assert set(row.names) == {"NIRN", "EPIS", "EEF", "SIC", "QIF"}


def test_a_question_that_separates_two_senses_is_there_where_advice_differs() -> None:
    assert SHIPPED.terms["scale_up"].ask
    assert SHIPPED.terms["pilot"].ask
    assert SHIPPED.terms["sustainability"].ask


def test_a_sense_that_nobody_holds_is_told_by_its_cues() -> None:
    first = "What is sustainability?"
    assert SHIPPED.foreign_sense("The climate one.", f"{first} The climate one.") == "environmental"
    assert SHIPPED.foreign_sense(first, first) is None
    assert SHIPPED.foreign_sense("Is it net zero?", "Is it net zero?") is None
