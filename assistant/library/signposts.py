"""Documents to signposts: the short texts that tell where something is answered.

A question is more like a heading, or like another question, than like the paragraph that answers
it. Signposts are searched for that reason, and are never quoted.
"""

from assistant.records import Document, Signpost

SIGNPOSTS_VERSION = 1


def signposts_of(document: Document) -> list[Signpost]:
    """One for each quotable section, and one for each question that the document names."""
    made = [
        Signpost(
            id=f"{document.id}:{section.id}",
            document_id=document.id,
            section=section.id,
            text=" > ".join((document.title, *section.path)),
        )
        for section in document.sections
        if section.quotable
    ]
    made += [
        Signpost(id=f"{document.id}:?{n}", document_id=document.id, section=None, text=question)
        for n, question in enumerate(document.questions, 1)
    ]
    return made
