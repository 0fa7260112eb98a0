"""`python -m evals`: measure the answers, and look after the questions.

Exit codes: 0 passed, 1 gate failed, 2 wrong usage or not comparable, 3 too many errors to judge."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from assistant.models.language import LanguageModel, choose_model
from assistant.resources import shipped_corpus
from assistant.terminal import TerminalProgress
from evals.asking import left_behind
from evals.bench.command import bench
from evals.calibrate import calibrate as calibrate_confidence
from evals.calibrate import calibration_table
from evals.cases import asked_of, json_schema
from evals.common import DatasetOption, IndexOption, cases_of, failures, opened_over, settings_of
from evals.compare import compare as compare_products
from evals.compare import comparison_table, read_baseline, write_baseline
from evals.copied import runs_of_library
from evals.evaluate import evaluate, variants
from evals.judge.agreement import read_labelled
from evals.judge.cache import Cache
from evals.judge.judging import Judge
from evals.judge.report import judge_report, judge_table
from evals.lint import lint_cases
from evals.metrics import METRICS
from evals.mutation.judging import match_report
from evals.mutation.table import mutation_table
from evals.plans.run import score_plans
from evals.plans.table import points_table
from evals.report import canonical
from evals.report.html import html
from evals.report.junit import junit
from evals.report.markdown import markdown
from evals.report.table import table
from evals.results import Run, Timings
from evals.support.lint import LEAST, lint_claims
from evals.support.places import places_of
from evals.support.reading import read_claims
from evals.support.scoring import shown, support_report
from evals.support.table import support_json, support_table
from evals.transfer.exporting import ExportKind, export_cases
from evals.transfer.importing import ImportKind, import_cases
from evals.transfer.proposals import count_personal, write_proposals

app = typer.Typer(
    help="Measure the answers.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False,
)  # fmt: skip
BASELINE = Path(__file__).parent / "baseline.json"

BaselineOption = Annotated[Path, typer.Option("--baseline", help="The run to compare with.")]
ShowTestOption = Annotated[
    bool, typer.Option("--show-test", help="Show test failures too; then tune on them no more.")
]


@app.command()
def run(
    dataset: DatasetOption = None,
    index: IndexOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write all reports here; go on with a broken run.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", help="Fail if this earlier run was better.")
    ] = None,
    checks: Annotated[
        bool, typer.Option("--checks", help="Also ask mistyped, in other words, without evidence.")
    ] = False,
    variant: Annotated[
        list[str] | None,
        typer.Option("--variant", help="NAME:setting=value,...: another product, side by side."),
    ] = None,
    deadline: Annotated[
        float, typer.Option("--deadline", min=0.01, help="Seconds that an answer may take.")
    ] = 30.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON.")] = False,
    show_test: ShowTestOption = False,
) -> None:
    """Ask every case, and say whether the product is good enough.

    Failures are listed for dev only: a test split that somebody has read is none any more.
    """
    with failures():
        cases = cases_of(dataset)
        earlier = read_baseline(baseline) if baseline else None
        subjects = variants(settings_of(index), variant or ())
        found, timings = evaluate(
            subjects, cases, TerminalProgress(), deadline, earlier, checks, out
        )
        if out:
            _write(out, found, timings, show_test)
        _summarise_step(found, timings)
        print(canonical.as_json(found) if as_json else table(found, timings, show_test))
        raise typer.Exit(found.exit_code)


@app.command()
def compare(
    results: Annotated[Path, typer.Argument(help="results.json of a run.")],
    baseline: BaselineOption = BASELINE,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Show the difference, then keep this run.")
    ] = False,
) -> None:
    """Say whether a run got better or worse than the baseline."""
    with failures():
        product = canonical.read(results).products[0]
        if not baseline.exists() and update_baseline:
            write_baseline(baseline, product)
            print(f"There was no baseline. It is now in {baseline}.")
            return
        comparison = compare_products(read_baseline(baseline), product, METRICS)
        print(comparison_table(comparison))
        if update_baseline:
            write_baseline(baseline, product)
            print(f"{baseline} now holds this run.")
        elif comparison.verdict == "not comparable":
            raise typer.Exit(2)
        elif comparison.verdict == "regressed":
            raise typer.Exit(1)


@app.command()
def report(
    results: Annotated[Path, typer.Argument(help="results.json of a run.")],
    out: Annotated[Path, typer.Option("--out", help="The page to write.")],
    show_test: ShowTestOption = False,
) -> None:
    """Write the page of an earlier run once more."""
    with failures():
        found, timings = canonical.read(results), canonical.read_timings(results)
        out.write_text(html(found, timings, show_test), "utf-8")


@app.command()
def lint(dataset: DatasetOption = None, index: IndexOption = None) -> None:
    """Check datasets against the index that they ask about."""
    with failures(), opened_over(index) as assistant:
        cases = cases_of(dataset)
        faults = lint_cases(cases, assistant.documents())
        for fault in faults:
            print(fault)
        print(f"{len(faults)} faults")
        if faults:
            raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a dataset."""
    print(json.dumps(json_schema(), indent=1))


@app.command()
def mutants(
    dataset: DatasetOption = None,
    survivors: Annotated[
        int, typer.Option("--survivors", min=0, help="Show so many that went unnoticed.")
    ] = 0,
) -> None:
    """Change numbers, negations and the like in the facts of dev cases: do their matches notice?"""
    with failures():
        cases = [case for case in cases_of(dataset) if case.split == "dev"]
        print(mutation_table(match_report(cases), survivors))


@app.command()
def support(
    dataset: Annotated[
        list[Path] | None, typer.Option("--dataset", help="A YAML file of claims.")
    ] = None,
    index: IndexOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    survivors: Annotated[
        int, typer.Option("--survivors", min=0, help="Show so many of a kind that went wrong.")
    ] = 0,
    show_test: ShowTestOption = False,
) -> None:
    """Score the check of support on claims written by hand, and on changes of them.

    Faults of the claims are printed instead, and fail; no score does.
    """
    with failures(), opened_over(index) as assistant:
        claims = read_claims(dataset or ())
        texts = assistant.documents()
        if faults := lint_claims(claims, texts, 0 if dataset else LEAST):
            print("\n".join([*faults, f"{len(faults)} faults"]))
            raise typer.Exit(1)
        found = support_report(claims, places_of(claims, texts), assistant)
        found = shown(found, survivors, show_test)
        print(support_json(found) if as_json else support_table(found))


@app.command()
def judge(
    results: Annotated[Path, typer.Argument(help="results.json of a run.")],
    model: Annotated[str, typer.Option("--model", help="The model that judges, provider:name.")],
    address: Annotated[
        str | None, typer.Option("--address", help="Such as http://127.0.0.1:11434/v1.")
    ] = None,
    dataset: DatasetOption = None,
    repeats: Annotated[int, typer.Option("--repeats", min=1, max=20)] = 3,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Keep replies here, and pay for none twice.")
    ] = None,
    show_test: ShowTestOption = False,
) -> None:
    """Let a language model judge the answers of a run, for information: it gates nothing.

    Its key, if it needs one, is read from the variable EVALS_JUDGE_KEY.
    """
    with failures():
        answers = {
            case.id: case.answer
            for case in canonical.read(results).products[0].cases
            if case.outcome == "answered" and (show_test or case.split == "dev")
        }
        cases = [case for case in cases_of(dataset) if case.id in answers]
        key = os.environ.get("EVALS_JUDGE_KEY")
        judging = LanguageModel(choose_model(model, address, key))
        asked = Judge(judging, repeats, Cache(cache))
        try:
            print(judge_table(judge_report(cases, answers, asked, read_labelled())))
        finally:
            judging.close()


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="The file or folder to read.")],
    kind: Annotated[ImportKind, typer.Option("--from", help="Who wrote it.")],
    out: Annotated[Path, typer.Option("--out", help="The dataset to write.")],
) -> None:
    """Turn feedback, or cases of other tools, into proposals that a person completes."""
    with failures():
        proposals = import_cases(source, kind)
        write_proposals(out, proposals)
        print(f"{len(proposals)} proposals in {out}. Complete each, then run lint.")
        if personal := count_personal(proposals):
            print(f"{personal} of them look as if they held a name or an address: read them first.")


@app.command()
def export(
    kind: Annotated[ExportKind, typer.Option("--for", help="Who reads it.")],
    out: Annotated[Path, typer.Option("--out", help="The folder to write to.")],
    dataset: DatasetOption = None,
    index: IndexOption = None,
) -> None:
    """Write cases, and the documents that they are about, for other tools."""
    with failures(), opened_over(index) as assistant:
        texts = assistant.documents()
        export_cases(asked_of(cases_of(dataset), texts), texts, kind, out)


@app.command()
def plans(index: IndexOption = None) -> None:
    """Prepare twelve sessions and score their plans by ten rules. Exits with 1 if a point is
    lost."""
    with failures(), opened_over(index) as assistant:
        found = score_plans(assistant)
        print(points_table(found))
        if any(points.lost for _, points in found.values()):
            raise typer.Exit(1)


app.command()(bench)


@app.command()
def calibrate(dataset: DatasetOption = None, index: IndexOption = None) -> None:
    """Fit the confidence to the dev cases, and print the weights and the curve."""
    with failures(), opened_over(index) as assistant:
        cases = asked_of(cases_of(dataset), assistant.documents())
        with TerminalProgress().step("Asking", len(cases)) as advance:
            found = calibrate_confidence(assistant, cases, advance)
        print(calibration_table(found))


@app.command()
def copied(
    folder: Annotated[Path, typer.Argument(help="Documents of others, .txt or .md.")],
    words: Annotated[int, typer.Option("--words", min=3, help="The shortest run to report.")] = 8,
) -> None:
    """List the wording that the library's notes share with other documents."""
    with failures():
        runs = runs_of_library(shipped_corpus(), folder, words)
        for shared in runs:
            print(f"{shared.note}: {shared.words!r} stands in {shared.source}")
        print(f"{len(runs)} runs of {words} words or more")
        if runs:
            raise typer.Exit(1)


def _write(folder: Path, found: Run, timings: Timings, show_test: bool) -> None:
    canonical.write(folder, found, timings)
    (folder / "junit.xml").write_text(junit(found, timings), "utf-8")
    (folder / "report.md").write_text(markdown(found, timings), "utf-8")
    (folder / "report.html").write_text(html(found, timings, show_test), "utf-8")


def _summarise_step(found: Run, timings: Timings) -> None:
    """Where a CI server collects summaries, add ours: ids and numbers, no texts."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        with Path(place).open("a", encoding="utf-8") as file:
            file.write(markdown(found, timings))


def main() -> None:
    """Run a command, and leave with its exit code whatever is left behind."""
    try:
        app()
    except SystemExit as leaving:
        sys.stdout.flush()
        sys.stderr.flush()
        if left_behind() and isinstance(leaving.code, int):
            # To end the interpreter under a library that is still at work aborts the process.
            os._exit(leaving.code)
        raise


if __name__ == "__main__":
    main()
