"""Pictures."""

import re
from xml.etree import ElementTree

import pytest

from evals.report.plots import COLOURS, by_topic, changes, latencies, risk_coverage
from evals.results import Estimate, Timings
from tests.evals.report.make_run import (
    make_change,
    make_product,
    make_run,
    make_summary,
    make_timings,
)

TOPICS = {
    "dev": {
        "teams": Estimate(mean=0.5, n=4, low=0.2, high=0.8),
        "data": Estimate(mean=0.25, n=4, low=0.1, high=0.4),
        "equity": Estimate(mean=None, n=0),
    },
    "test": {"teams": Estimate(mean=0.75, n=4)},
}


def drawn() -> list[str]:
    compared = make_run().comparison
    assert compared
    pictures = [
        by_topic(TOPICS, "vital facts"),
        risk_coverage([make_product(), make_product("generative")]),
        latencies(make_timings()),
        changes(compared.changes),
    ]
    return [picture for picture in pictures if picture]


def label(picture: str) -> str:
    return ElementTree.fromstring(picture).attrib["aria-label"]


def test_every_picture_is_an_image_with_a_text() -> None:
    assert len(drawn()) == 4
    for picture in drawn():
        root = ElementTree.fromstring(picture)
        assert root.tag == "svg"
        assert root.get("role") == "img"
        assert root.get("aria-label")


def test_pictures_are_the_same_every_time() -> None:
    assert drawn() == drawn()


def test_pictures_name_no_address_and_bring_no_style_sheet() -> None:
    for picture in drawn():
        assert not re.search(r"https?:|<style|<metadata|<image|<\?xml", picture)


def test_ids_are_used_once_and_references_lead_somewhere() -> None:
    page = "".join(drawn())
    ids = re.findall(r'\bid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:url\(#|href="#)([^")]*)', page)) <= set(ids)


def test_text_takes_the_colour_of_the_page() -> None:
    for picture in drawn():
        assert "currentColor" in picture
        assert "#000000" not in picture


def test_topics_tell_the_lowest_and_the_highest() -> None:
    picture = by_topic(TOPICS, "vital facts")
    assert picture
    assert label(picture) == (
        "vital facts by topic, 2 topics: lowest data (dev) 0.25 [0.10–0.40] n=4; "
        "highest teams (test) 0.75 n=4."
    )
    assert "equity" not in picture


def test_risk_and_coverage_tell_what_can_be_answered() -> None:
    picture = risk_coverage([make_product(summaries=(make_summary(),))])
    assert picture
    told = "extractive dev: 0.50 answered at 5 % wrong, mean risk 0.12"
    assert label(picture) == f"Risk and coverage. {told}."


def test_latencies_tell_the_median_and_the_slowest() -> None:
    picture = latencies(make_timings())
    assert picture
    told = "extractive: half within 0.3 s, 95 % within 0.825 s"
    assert label(picture) == f"Time to an answer. {told}."


def test_changes_tell_what_is_worse() -> None:
    worse, same = changes([make_change()]), changes([make_change(verdict="no change")])
    assert worse
    assert label(worse).endswith("Worse: vital facts (dev) -0.10 [-0.18 to -0.02].")
    assert same
    assert label(same).endswith("None is worse.")


def test_an_interval_that_leaves_out_its_mean_can_be_drawn() -> None:
    assert changes([make_change(low=0.1, high=0.2)])
    assert changes([make_change(low=None, high=None)])


def test_names_are_text_and_no_markup() -> None:
    picture = by_topic({"dev": {'a & <b> "$x_1$"': Estimate(mean=1.0, n=1)}}, 'say "<it>"')
    assert picture
    assert 'a & <b> "$x_1$"' in "".join(ElementTree.fromstring(picture).itertext())


def test_nothing_measured_is_no_picture() -> None:
    assert by_topic({}, "vital facts") is None
    assert by_topic({"dev": {"teams": Estimate(mean=None, n=0)}}, "vital facts") is None
    assert risk_coverage([make_product(summaries=(make_summary(risk_coverage=()),))]) is None
    assert latencies(Timings(products=())) is None
    unknown = make_change(difference=None, low=None, high=None, verdict="not comparable")
    assert changes([unknown]) is None


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("page", ["#ffffff", "#16191d"])
@pytest.mark.parametrize("colour", COLOURS)
def test_colours_stand_out_from_a_light_and_a_dark_page(colour: str, page: str) -> None:
    low, high = sorted((luminance(colour), luminance(page)))
    assert (high + 0.05) / (low + 0.05) >= 3
