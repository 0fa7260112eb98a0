"""The chat's own English lines, from one file."""

import re
from pathlib import Path
from typing import Any

from assistant.from_yaml import from_yaml
from assistant.models.language import ModelChoice
from assistant.prompts import fill
from assistant.records import Record
from assistant.store.records import Verdict
from assistant.takeaway.export import Format

_FILE = Path(__file__).with_name("strings.yaml")
_TICKS = re.compile(r"[`\s]+")


class SignStrings(Record):
    """Behind the sentences that a language model wrote, by what carries them."""

    verbatim: str
    supported: str
    unsupported: str
    verbatim_means: str
    supported_means: str
    unsupported_means: str
    not_supported: str


class AnswerStrings(Record):
    """Around an answer."""

    understood_as: str
    clarify: str
    note: str
    sources: str
    follow_ups: str
    declined: str
    stopped: str
    copy_label: str
    quotes: str
    quotes_label: str
    answer_label: str
    signs: SignStrings
    again: str
    unfinished: str


class ScopeStrings(Record):
    """Around the choice of what is answered from."""

    everything: str
    own: str
    library: str
    answered_from: str
    gone: str


class PreparingStrings(Record):
    """The first screen for those who come to prepare a session."""

    name: str
    welcome: str
    starters: tuple[str, ...]


class PlanStrings(Record):
    """Around a session plan and a series."""

    detail: str
    more_label: str
    less_label: str
    time: str
    item: str
    minutes: str
    output: str
    total: str
    assumed: str
    objective: str
    entry: str
    step: str
    blanks: str
    if_low: str
    how_to_change: str
    session: str
    show_session: str
    session_names: tuple[str, str, str, str]
    how_to_go_on: str
    asked_back: str
    refused: str
    unchanged: str


class TakeStrings(Record):
    """Around saving as a file."""

    button: str
    title: str
    what: str
    this_answer: str
    conversation: str
    format: str
    formats: dict[Format, str]
    undated: str
    paper: str
    large: str
    download: str
    copy_label: str
    close: str
    here: str
    here_answer: str
    email: str
    not_possible: str
    nothing: str


class HistoryStrings(Record):
    """Around conversations that are kept."""

    unkept: str


class UploadStrings(Record):
    """Around a document that a reader adds."""

    button: str
    title: str
    text: str
    file: str
    who: str
    this: str
    everybody: str
    send: str
    close: str
    working: str
    failed: str
    too_large: str
    late: str
    not_admin: str
    added: str
    added_for_all: str


class DataStrings(Record):
    """On the page that says what is kept."""

    title: str
    where_alone: str
    where_team: str
    nothing: str
    what: str
    how_long: str
    conversations: str
    feedback: str
    uploads: str
    sources: str
    audit: str
    audit_kept: str
    account: str
    account_kept: str
    days: str
    until_deleted: str
    not_kept: str
    export: str
    sure: str
    delete: str
    deleted: str


class StatusStrings(Record):
    """On the page that says how the server is doing."""

    title: str
    text: str
    server: str
    version: str
    unknown: str
    running: str
    since: str
    days: str
    hours: str
    minutes: str
    index: str
    documents: str
    unreadable: str
    passages: str
    files: str
    unchanged: str
    changed: str
    fingerprint: str
    models: str
    reads: str
    fast: str
    slow: str
    writes: str
    quoted: str
    now: str
    under_way: str
    waiting: str
    pages: str
    answers: str
    given: str
    plans: str
    declined: str
    refused: str
    stopped: str
    failed: str
    half: str
    most: str
    seconds: str
    errors: str
    errors_text: str
    no_errors: str
    when: str
    what: str
    details: str
    foreseen: str
    again: str


class JudgeStrings(Record):
    """Around what a reader thinks of a reply."""

    button: str
    title: str
    text: str
    verdicts: dict[Verdict, str]
    comment: str
    send: str
    close: str
    thanks: str
    failed: str


class FailureStrings(Record):
    """Where an answer should be and is not."""

    title: str
    preparing: str
    unexpected: str
    unreadable: str
    signed_out: str


class Strings(Record):
    """All lines. `page` goes to the browser, `pages` to the templates, `chainlit` to Chainlit."""

    name: str
    tagline: str
    welcome: str
    starters: tuple[str, ...]
    asking: str
    preparing: PreparingStrings
    about: str
    answer: AnswerStrings
    plan: PlanStrings
    take: TakeStrings
    scope: ScopeStrings
    history: HistoryStrings
    upload: UploadStrings
    data: DataStrings
    status: StatusStrings
    judge: JudgeStrings
    failure: FailureStrings
    page: dict[str, str]
    pages: dict[str, str]
    chainlit: dict[str, Any]


def read_strings(model: ModelChoice | None = None, keeps: bool = True) -> Strings:
    """The lines of `strings.yaml`, which travels with the code, for answers that `model` writes,
    or for quotes alone, where conversations are kept (`keeps`) or not."""
    read = from_yaml(_FILE.read_bytes())
    engines, where, there = (read.pop(name) for name in ("engines", "where", "there"))
    parts: dict[str, str] = engines["written" if model else "quoted"]
    values = {"kept_until": read.pop("kept_until")["kept" if keeps else "lost"]}
    if model:
        signs = read["answer"]["signs"]
        named, place = _named(model), _place(model)
        values |= named | {"where": fill(where[place], **named), "there": there[place]}
        values |= {kind: signs[kind] for kind in ("verbatim", "supported", "unsupported")}
    parts = {name: fill(line.rstrip("\n"), **values) for name, line in parts.items()}
    for name in ("tagline", "welcome", "about"):
        read[name] = fill(read[name], **parts)
    read["preparing"]["welcome"] = fill(read["preparing"]["welcome"], **parts)
    of_chat = read["chainlit"]["chat"]
    of_chat["watermark"] = fill(of_chat["watermark"], **parts)
    return Strings.model_validate(read)


def _place(model: ModelChoice) -> str:
    if model.elsewhere is None:
        return "here"
    return "elsewhere" if model.host else "provider"


def _named(model: ModelChoice) -> dict[str, str]:
    """What a model is called, as Markdown that makes nothing of the names."""
    names = {"provider": model.provider, "host": model.host or "", "model": model.name}
    return {name: f"`{' '.join(re.split(_TICKS, value))}`" for name, value in names.items()}
