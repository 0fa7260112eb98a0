"""Assertions of promptfoo, read as facts."""

from pathlib import Path

from evals.transfer.importing import ImportKind, import_cases
from evals.transfer.proposals import TO_DO
from tests.evals.transfer.make_files import write

PROMPTFOO = """
prompts: ['{{question}}']
tests:
  - description: what-stays
    vars: {question: 'What stays?', language: en}
    assert:
      - {type: icontains, value: core}
      - {type: contains-all, value: [purpose, 4]}
      - {type: icontains-any, value: [staff, team]}
      - {type: not-contains, value: drop it}
      - {type: not-icontains-all, value: [a, b]}
      - {type: llm-rubric, value: Says that the core stays. Says why.}
      - {type: javascript, value: output.length < 9}
      - {type: regex, value: '\\d{4}'}
      - type: assert-set
        assert: [{type: contains, value: a|b}, {type: not-contains, value: c}, {type: cost}]
"""


def test_assertions_of_promptfoo_become_facts_or_are_named(tmp_path: Path) -> None:
    (proposal,) = import_cases(write(tmp_path / "config.yaml", PROMPTFOO), ImportKind.PROMPTFOO)
    nuggets = proposal["nuggets"]
    assert proposal["id"] == "what-stays"
    assert [nugget["match"]["all_of"] for nugget in nuggets] == [
        ["core"], ["purpose", "4"], ["staff|team"], [], [], ["a", "b"],
    ]  # fmt: skip
    assert [nugget["text"] for nugget in nuggets[3:5]] == [
        "Says that the core stays.",
        "Says why.",
    ]
    assert nuggets[5]["match"]["forbid"] == ["c"]
    assert [nugget["id"] for nugget in nuggets] == [f"fact-{n}" for n in range(1, 7)]
    assert proposal["must_not_say"] == ["drop it"]
    assert proposal[f"{TO_DO}see to the assertions that are not carried over"] == (
        "not-icontains-all, javascript, regex, cost"
    )


def test_a_list_of_tests_alone_is_read(tmp_path: Path) -> None:
    file = write(tmp_path / "tests.yaml", "- vars: {question: What}\n")
    assert import_cases(file, ImportKind.PROMPTFOO)[0]["question"] == "What"
