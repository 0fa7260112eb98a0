"""Markdown to blocks, by markdown-it-py. Emphasis and links become their text; images and raw
HTML are left out, so that nothing of a document is ever fetched or run."""

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from assistant.library.blocks import Block, BlockKind
from assistant.library.furniture import find_year
from assistant.library.notes import About
from assistant.library.readers.extract import Extract

_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def read_markdown(text: str) -> Extract:
    """The blocks of a normalised Markdown text, in reading order."""
    return Extract(_blocks(SyntaxTreeNode(_PARSER.parse(text))), About(year=find_year(text)))


def _blocks(node: SyntaxTreeNode, marker: str = "") -> list[Block]:
    found: list[Block] = []
    for child in node.children:
        match child.type:
            case "heading":
                found.append(Block(BlockKind.HEADING, _inline(child), level=int(child.tag[1])))
            case "paragraph" if marker:
                found.append(Block(BlockKind.ITEM, _inline(child), marker=marker))
                marker = ""  # a second paragraph of an item is a paragraph
            case "paragraph":
                found.append(Block(BlockKind.PARAGRAPH, _inline(child)))
            case "bullet_list":
                for item in child.children:
                    found += _blocks(item, "-")
            case "ordered_list":
                first = int(child.attrs.get("start", 1))
                for number, item in enumerate(child.children, first):
                    found += _blocks(item, f"{number}.")
            case "table":
                rows = [row for part in child.children for row in part.children]
                found += [Block(BlockKind.TABLE_ROW, _row(row)) for row in rows]
            case "fence" | "code_block":
                found.append(Block(BlockKind.CODE, child.content.rstrip("\n")))
            case "blockquote":
                found += _blocks(child)
    return [block for block in found if block.text.strip()]


def _row(row: SyntaxTreeNode) -> str:
    return " | ".join(_inline(cell) for cell in row.children)


def _inline(node: SyntaxTreeNode) -> str:
    tokens = [
        token
        for child in node.children
        if child.type == "inline"
        for token in (child.token.children if child.token and child.token.children else [])
    ]
    return " ".join("".join(_text(token) for token in tokens).split())


def _text(token: Token) -> str:
    if token.type in {"text", "code_inline"}:
        return token.content
    is_break = token.type in {"softbreak", "hardbreak"} or token.content.lower().startswith("<br")
    return " " if is_break else ""
