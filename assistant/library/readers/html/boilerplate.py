"""What surrounds the text of a page: navigation, adverts, notices, forms and what cannot be seen.

An element is known by its tag, its role, its class or its id.
"""

import re
from collections.abc import Sequence

from assistant.library.readers.html.elements import Element, length

_TAGS = set("nav aside footer form dialog search menu".split())
_ROLES = set(
    "navigation banner contentinfo search complementary dialog alertdialog alert menu"
    " menubar".split()
)
_NEVER_BY_CLASS = set("html body main article h1 h2 h3 h4 h5 h6 table tr td th tbody".split())
_NAMED = set(
    "cookie cookies breadcrumb breadcrumbs navbar sidebar newsletter skiplink pagination advert"
    " adverts advertisement advertising adsense adslot popup onetrust gdpr subnav"
    " sharedaddy".split()
)
# Also words of the field, so that they count in a class only and not as the name of a section.
_CLASSED = set(
    "menu submenu nav navigation share sharing social ad ads promo promos sponsor sponsored"
    " sponsors subscribe subscription related recommended recommendations comments modal"
    " skip toc".split()
)
_OF_THE_FIELD = set("care work worker workers services service prescribing policy impact".split())
_OF_A_LAYOUT = set("has with no without not layout".split())
_LABELS = ("category-", "tag-", "topic-", "post-", "type-", "taxonomy-", "theme-")
_NAMED_WHOLE = re.compile(
    r"comments?(?:-area|-list|-section)?|respond|toc|table-of-contents|skip-?(?:link|to-content)"
    r"|(?:consent|privacy)-(?:banner|manager|bar|popup|overlay)"
    r"|(?:share|social|related|menu|nav|promo)-(?:links|buttons|bar|icons|list|content|wrapper"
    r"|container|items|posts|articles|block|box)|(?:main|site|top|mobile|footer|user)-(?:menu|nav)"
)
_UNSEEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_UNSEEN_CLASSES = {"visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text"}
_FEWEST_LINKS = 3  # of a table of contents


def is_boilerplate(one: Element) -> bool:
    """Whether an element is no guidance by what it is, or cannot be seen."""
    classes = one.get("class", "").split()
    return bool(
        one.tag in _TAGS
        or one.get("role", "").lower() in _ROLES
        or one.get("hidden", "until-found").lower() != "until-found"
        or one.get("aria-hidden", "").lower() == "true"
        or _UNSEEN.search(one.get("style", ""))
        or _UNSEEN_CLASSES.intersection(classes)
        or (one.tag not in _NEVER_BY_CLASS and _is_named_so(classes, one.get("id", "")))
        or (one.tag in ("ul", "ol") and _is_contents(one))
    )


def _is_named_so(classes: Sequence[str], identifier: str) -> bool:
    for name in classes:
        words = _words(name)
        if name.lower().startswith(_LABELS) or _OF_A_LAYOUT & words:
            continue
        if words & (_NAMED | _CLASSED) and not ("social" in words and words & _OF_THE_FIELD):
            return True
        if _NAMED_WHOLE.fullmatch(name.lower()):
            return True
    return bool(_words(identifier) & _NAMED or _NAMED_WHOLE.fullmatch(identifier.lower()))


def _words(name: str) -> set[str]:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name[:200])
    return set(re.split(r"[^a-z]+", parted.lower()))


def _is_contents(one: Element) -> bool:
    """Whether a list is that of the page's own sections: nothing but links within the page."""
    if next(one.iterancestors("ul", "ol"), None) is not None:
        return False
    links = one.findall(".//a")
    if len(links) < _FEWEST_LINKS:
        return False
    if not all(link.get("href", "").startswith("#") for link in links):
        return False
    linked = sum(length("".join(link.itertext())) for link in links)
    return linked >= 0.9 * sum(map(length, one.itertext()))
