"""What kind of answer a question wants, told by rules.

No pattern has two neighbouring parts that can match the same characters, so that none takes long.
"""

import re
from enum import StrEnum


class Kind(StrEnum):
    """What kind of answer a question wants."""

    DEFINITION = "definition"
    LIST = "list"
    COMPARISON = "comparison"
    FIGURE = "figure"
    HOW_TO = "how-to"
    HOW_DO_I_KNOW = "how-do-i-know"
    WHICH_FIRST = "which-first"
    AM_I_READY = "am-i-ready"
    CASE = "case"
    VAGUE = "vague"
    OTHER = "other"


_NUMBER = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)"
_NAMED_LIST = (
    r"(?:steps|stages|phases|areas|domains|functions|competenc(?:y|ies|es)|principles|lessons|goals"
    r"|drivers|questions|dimensions|factors|criteria|components|parts|kinds|types|options|supports)"
)
_SAID_BEFORE = r"^(?:(?:so|and|but|ok|okay|please|exactly|sorry|then|can you|could you)[\s,]+)*"

# The first that matches what is asked decides.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            Kind.COMPARISON,
            r"\b(?:vs\.?|versus|compared? (?:with|to|against)|comparison|same thing|rather than"
            r"|better than|differ from|different from)\b|\bdifferences?\b.{0,30}\bbetween\b"
            r"|\bwhat(?:'s| is) the difference\b|^compare\b|\bthe same(?: as\b|\W*$)"
            r"|\bwhere do they differ\b",
        ),
        (
            Kind.FIGURE,
            r"\bhow (?:many|much|long|often|big|large)\b"
            r"|\bwhat (?:percentage|per ?cent|proportion|share|number|%)",
        ),
        (
            Kind.HOW_DO_I_KNOW,
            r"\bhow (?:do|will|would|can|could|shall|should) (?:i|we|you|they) "
            r"(?:know|spot|recogni[sz]e|(?:tell|see) (?:if|whether|when|that|how))\b"
            r"|\bwhat (?:would|will|should|could) (?:tell|show)\b"
            r"|\bsigns? (?:of|that|should)\b|\bat what point\b",
        ),
        (
            Kind.AM_I_READY,
            r"\b(?:are|is|am) (?:\w+ ){1,4}ready\b(?!-)|\bready (?:to|for)\b"
            r"|\b(?:our|check|test|assess) readiness\b",
        ),
        (
            Kind.WHICH_FIRST,
            r"\bwhere (?:do|should|can|would|to|shall)\b.{0,20}\b(?:start|begin)\b"
            r"|\bfirst (?:step|thing)s?\b|\b(?:comes?|do|done|happens?|tackle|need) first\b"
            r"|\bnext (?:step|move)s?\b|\bwhat (?:now|next)\b",
        ),
        (
            Kind.LIST,
            rf"{_SAID_BEFORE}(?:list|name)\b|\bwhich are\b|\bwhat are\b"
            rf"|\bwhat (?:\w+ )?{_NAMED_LIST}\b"
            rf"|{_SAID_BEFORE}(?:the )?{_NUMBER} {_NAMED_LIST}\b"
            r"|^(?:what|which|explain|describe|give|tell)\b"
            rf".{{0,60}}\b{_NUMBER} (?:\w+ )?{_NAMED_LIST}\b",
        ),
        (
            Kind.DEFINITION,
            rf"{_SAID_BEFORE}(?:what(?:'s| is| does| exactly is| actually is)"
            r"(?! (?:the (?:best|cost|price|name|point)|wrong|going|next|happening|your)\b)"
            r"(?:\s[\"'“”\w/&-]+){1,9}[\"'“”?.!\s]*$|define\b|explain\b|meaning of\b)"
            r"|\bwhat (?:do|does) .{0,40}\bmean\b|\bcounts as\b",
        ),
        (Kind.HOW_TO, r"\bhow (?:do|can|should|could|to|would|might|else)\b"),
    )
)
_WANTS_ALL = re.compile(
    r"\b(?:what|which|list|name|give|need|want|tell me|show)\b.{0,40}\ball "
    r"(?:the|its|of (?:the|its|them))\b"
    r"|\bwhat are (?:they|all)\b|\b(?:complete|whole|full) list\b|\blist (?:them|all)\b",
    re.IGNORECASE,
)
_EITHER_OR = re.compile(
    r"\bor\b(?! (?:not|two|three|so|more|less|another|anything|something|other|any)\b)",
    re.IGNORECASE,
)
_OPEN = re.compile(r"(?:so |and |but )?(?:how|what|who|when|where|why)\b", re.IGNORECASE)
_FEW = 8  # words of a choice that is put without a question mark

_SIDES = (
    re.compile(
        r"\bdifferen(?:ce|t)s?\b.{0,20}?\bbetween (?P<a>.{1,60}?) (?:and|vs\.?|versus) "
        r"(?P<b>[^?.!,;]{1,60})",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bcompare (?P<a>.{1,60}?) (?:and|with|to|against) (?P<b>[^?.!,;]{1,60})", re.IGNORECASE
    ),
    re.compile(
        r"(?P<a>(?:[\w/&'-]+ ){0,3}[\w/&'-]+),? (?:or|vs\.?|versus) (?:just |rather |simply )?"
        r"(?P<b>[\w/&'-]+(?: [\w/&'-]+){0,3}?)"
        r"(?= (?:for|to|in|at|on|first|instead)\b|[?.!,;:–]| –|$)",
        re.IGNORECASE,
    ),
)
_NO_SIDE = re.compile(
    r"(?:should|do|does|is|are|we|i|you|it|use|using|the|a|an|this|that|just|only|whether|better"
    r"|which|say|call|need|pick|choose|have|go|with|for|so|doing|to|really|real|what|what's|be|both"
    r"|roll|out)\s+",
    re.IGNORECASE,
)
_AFTER_SIDE = re.compile(r" (?:in|for|at|on|of) .*$", re.IGNORECASE)
_NEVER_A_SIDE = re.compile(r"(?:not|two|three|so|more|less|another|enough)\b", re.IGNORECASE)
_LONGEST_SIDE = 4  # words

_FIRST_PERSON = re.compile(r"\b(?:we|our|us|my|i|i'm|we've|we're)\b", re.IGNORECASE)
_CASE = 20  # words: a longer question in the first person tells a case
_VAGUE = 8  # words: a longer question says something
_OF_NO_SUBJECT = re.compile(
    r"\b(?:isn't|aren't|don't|doesn't|didn't|hasn't|haven't|won't|can't|wasn't|not|no|nothing|nobody"
    r"|never|help|stuck|lost|advice|some|problems?|going|goes|gone|wrong|works?|working|worked"
    r"|changed?|really|well|do|now|what|why|is|it's|its|it|this|that|all|just|we're|we|i'm|i|are|our"
    r"|my|the|a|need|have|has|please|here|any|ideas|hard|difficult|too|so|to|with|bad|badly|failing"
    r"|fails?|failed|stalled|stalling|struggling|things?|for|should|can|you|me|us|feels?|how|still)\b",
    re.IGNORECASE,
)


def kind_of(text: str, has_subject: bool) -> Kind:
    """The kind of a question. `has_subject`: it names a topic, or follows a turn that may."""
    if not has_subject and len(text.split()) <= _VAGUE and _is_vague(text):
        return Kind.VAGUE
    if _WANTS_ALL.search(text):
        return Kind.LIST
    asked = _asked(text)
    for kind, pattern in _KINDS:
        if pattern.search(asked):
            return kind
        if kind is Kind.LIST and _is_choice(asked):
            return Kind.COMPARISON
    if len(text.split()) >= _CASE and _FIRST_PERSON.search(text):
        return Kind.CASE
    return Kind.OTHER


def sides_of(text: str) -> tuple[str, ...]:
    """The two things that a question compares; nothing unless both are named shortly."""
    for pattern in _SIDES:
        if match := pattern.search(text):
            sides = tuple(_side(match[name]) for name in ("a", "b"))
            if all(sides) and len(set(map(str.lower, sides))) == 2:
                return sides
    return ()


def _asked(text: str) -> str:
    """What is asked: the last sentence with a question mark, or the whole."""
    sentences = re.findall(r"[^.!?\n]+\?", text)
    return sentences[-1].strip() if sentences else text


def _is_choice(asked: str) -> bool:
    either = _EITHER_OR.search(asked) is not None and _OPEN.match(asked) is None
    return either and (asked.endswith("?") or len(asked.split()) <= _FEW)


def _side(text: str) -> str:
    """A thing that is compared, without the words that ask and where it is."""
    words = text.strip(" '\"“”‘’()")
    while (shorter := _NO_SIDE.sub("", words, count=1)) != words and _NO_SIDE.match(words):
        words = shorter
    words = _AFTER_SIDE.sub("", words)
    short = 0 < len(words.split()) <= _LONGEST_SIDE
    return words if short and not _NEVER_A_SIDE.match(words) else ""


def _is_vague(text: str) -> bool:
    letters = re.search(r"[^\W\d_]{2,}", text)
    return letters is not None and not re.search(r"[^\W\d_]{2,}", _OF_NO_SUBJECT.sub(" ", text))
