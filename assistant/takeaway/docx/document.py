"""A paper as a Word document."""

from io import BytesIO

from docx import Document
from docx.document import Document as DocumentType
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.coreprops import CoreProperties
from docx.oxml.ns import qn

from assistant.takeaway.docx.body import Body
from assistant.takeaway.docx.elements import el, field, paragraph, run
from assistant.takeaway.docx.footnotes import Footnotes
from assistant.takeaway.docx.styles import set_up
from assistant.takeaway.paper import Layout, Paper, fitted, referred
from assistant.takeaway.text import cut
from assistant.takeaway.zipped import without_times

_LONGEST_PROPERTY = 255  # characters, by the standard


def docx(paper: Paper, layout: Layout) -> bytes:
    """The paper as DOCX: real headings, lists, tables and footnotes, blanks to type into."""
    document = Document()
    space = set_up(document, layout)
    _describe(document, paper)
    _number_pages(document)
    footnotes = Footnotes(paper.notes, referred(paper))
    body = Body(document, footnotes, paper.notes, space)
    end = document.element.body.find(qn("w:sectPr"))
    end.addprevious(paragraph(run(paper.title), style="Title"))
    for element in body.elements(list(fitted(paper.blocks, layout))):
        end.addprevious(element)
    footnotes.attach(document)
    written = BytesIO()
    document.save(written)
    return without_times(written.getvalue())


def _describe(document: DocumentType, paper: Paper) -> None:
    """Title and language; nothing about people, machines or times, nor the template's picture."""
    about: CoreProperties = document.core_properties
    about.title = cut(paper.title, _LONGEST_PROPERTY)
    about.language = "en-GB"
    about.author = about.comments = about.last_modified_by = about.keywords = ""
    for name in ("dcterms:created", "dcterms:modified"):
        for old in about._element.findall(qn(name)):
            about._element.remove(old)
    relations = document.part.package.rels
    for key, relation in list(relations.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del relations[key]
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")  # or Word shows the file as one of an old version
    for old in settings.findall(qn("w:themeFontLang")):
        old.getparent().replace(old, el("w:themeFontLang", val="en-GB"))


def _number_pages(document: DocumentType) -> None:
    """The page and the number of pages, at the foot."""
    footer = document.sections[0].footer
    footer.is_linked_to_previous = False
    first = footer.paragraphs[0]._p
    content = (field("PAGE", "1"), run(" / "), field("NUMPAGES", "1"))
    middle = (el("w:jc", val="center"),)
    first.getparent().replace(first, paragraph(*content, style="Footer", more=middle))
