"""PDF to blocks, with the pages that each stands on.

pypdf unpacks the file and its instructions; `painting` follows these, `rows` finds what
stands on one line, `running` heads and feet, `layout` columns, `tables` tables, and `paragraphs`
what a reader sees as one.
"""

from assistant.library.readers.pdf.reading import read_pdf

__all__ = ["read_pdf"]
