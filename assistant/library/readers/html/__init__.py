"""Web pages to blocks: the main part of a page, without what surrounds it.

lxml parses what `parsing` decodes; `main_part` plans what is read by `boilerplate`, `walk` goes
through it by `lists` and `tables`, and `metadata` is what the page says of itself. Only text is
looked at: scripts are not run, and nothing that a page names is fetched.
"""

from assistant.library.readers.html.reading import read_html

__all__ = ["read_html"]
