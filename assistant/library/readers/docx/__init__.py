"""Word documents to blocks.

python-docx opens a harmless copy that `unpacking` makes; `body` goes through it by `paragraphs` and
`tables`, and `headings` finds the title and the levels.
"""

from assistant.library.readers.docx.reading import read_docx

__all__ = ["read_docx"]
