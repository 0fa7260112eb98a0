"""Title, author, year, publisher and address of a page, as far as it says."""

import re
from collections.abc import Sequence

from assistant.library.blocks import Block, on_one_line
from assistant.library.furniture import find_year
from assistant.library.notes import About
from assistant.library.readers.extract import about_file
from assistant.library.readers.html.elements import Element

_FRONT = 20  # blocks in which a date may be the page's
_LONGEST = 2_000  # characters of an entry
_DATES = (
    "citation_publication_date", "article:published_time", "dc.date", "dcterms.date",
    "dcterms.issued", "dc.date.issued", "date",
)  # fmt: skip


def about_page(root: Element, blocks: Sequence[Block]) -> About:
    """What a page says of itself. A title in its text wins."""
    said = _said(root)
    site = _first(said, "og:site_name")
    visible = next((block.text for block in blocks if block.level == 1), None)
    named = on_one_line(root.findtext(".//head/title") or "")
    year = re.search(r"\b(?:19|20)\d\d(?!\d)", _first(said, *_DATES) or "")
    front = "\n".join(block.text for block in blocks[:_FRONT])
    canonical = (
        link.get("href") for link in root.iter("link") if "canonical" in link.get("rel", "").split()
    )
    return about_file(
        title=visible or _first(said, "citation_title", "og:title") or _without_site(named, site),
        author=_author(said),
        publisher=site or _first(said, "citation_publisher", "dc.publisher", "dcterms.publisher"),
        year=int(year[0]) if year else find_year(front),
        url=next(canonical, None) or _first(said, "og:url"),
    )


def _said(root: Element) -> dict[str, str]:
    """The entries of the head by their names."""
    said: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or ""
        if meta.get("content", "").strip():
            said.setdefault(name.lower(), on_one_line(meta.get("content")[:_LONGEST]))
    return said


def _first(said: dict[str, str], *names: str) -> str | None:
    return next((said[name] for name in names if name in said), None)


def _author(said: dict[str, str]) -> str | None:
    """A name; some pages have an address in its place."""
    authors = [said.get(name, "") for name in ("author", "citation_author", "article:author")]
    return next((one for one in authors if one and not one.startswith("http")), None)


def _without_site(title: str, site: str | None) -> str:
    """A page's title without the name of the site that many put after it."""
    parted = re.fullmatch(r"(?P<title>.{3,}?)\s+(?P<mark>[|–—»·-])\s+(?P<site>[^|–—»·]+)", title)
    if not parted:
        return title
    if site:
        is_site = parted["site"] == site
    else:
        named = parted["site"][0].isupper() and len(parted["title"].split()) > 1
        is_site = parted["mark"] == "|" or named
    return parted["title"] if is_site else title
