"""A web page to its blocks: what is refused, and the order of the steps."""

from assistant.library.furniture import without_furniture
from assistant.library.readers.extract import Extract, Limits, Unreadable
from assistant.library.readers.html.main_part import planned
from assistant.library.readers.html.metadata import about_page
from assistant.library.readers.html.parsing import decoded, parsed
from assistant.library.readers.html.walk import walked


def read_html(data: bytes, limits: Limits) -> Extract:
    """The blocks of a web page, in reading order. Raises Unreadable.

    Headings have the id that stands at them as their anchor. Navigation, adverts, forms, notices
    and what else surrounds the main part are named in `dropped`, hidden text too.
    """
    root = parsed(decoded(data))
    plan = planned(root)
    if plan.characters > limits.characters:
        raise Unreadable(
            f"holds {plan.characters:,} characters of text; the limit is {limits.characters:,}.",
            "Split it, or raise ASSISTANT_MOST_CHARACTERS.",
        )
    blocks, dropped = walked(root, plan)
    if not blocks:
        raise Unreadable(
            "has no text.", "If a script writes its text, save the page from a browser."
        )
    kept, furniture = without_furniture(blocks)
    return Extract(
        kept, about_page(root, blocks), dropped=list(dict.fromkeys([*dropped, *furniture]))
    )
