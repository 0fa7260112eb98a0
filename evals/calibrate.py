"""Fitting the confidence to the dev questions, and how true it then is."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np

from assistant.app import Assistant
from assistant.errors import UsageError
from evals.cases import Case
from evals.statistics import auroc

# Those of the other classes are told by rules, before any confidence counts.
_LEFT_TO_CONFIDENCE = {"other_field", "other_sense", "no_document"}
_FOLDS = 10
_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_STRENGTH = 10.0  # inverse of the regularisation


def calibrate(
    assistant: Assistant, cases: Sequence[Case], advance: Callable[[int], None]
) -> dict[str, Any]:
    """The weights of a logistic regression on the signals of all dev cases and of their other
    wordings, and what it is worth on cases that it was not fitted to, in ten folds.

    Raises UsageError if there are too few.
    """
    names: list[str] = []
    rows: list[tuple[float, ...]] = []
    right: list[bool] = []
    groups: list[str] = []
    for case in cases:
        advance(1)
        judged = case.answerable or case.unanswerable_class in _LEFT_TO_CONFIDENCE
        if case.split != "dev" or not judged:
            continue
        wordings = [(case.question, case.history), *((text, ()) for text in case.paraphrases)]
        for question, history in wordings:
            signals = assistant.signals(question, history)
            if signals:
                weighed = {n: v for n, v in asdict(signals).items() if n != "silent"}
                names = list(weighed)
                rows.append(tuple(weighed.values()))
                right.append(case.answerable)
                groups.append(case.id)
    kinds = [
        len({group for group, r in zip(groups, right, strict=True) if r is kind})
        for kind in (False, True)
    ]
    if min(kinds) < _FOLDS:
        raise UsageError("There are too few dev cases of one kind to fit.", "Add cases.")
    return _fit(names, np.array(rows), np.array(right), groups)


def _fit(names: Sequence[str], x: Any, y: Any, groups: Sequence[str]) -> dict[str, Any]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_predict

    model = LogisticRegression(C=_STRENGTH, max_iter=1_000)
    folds = GroupKFold(_FOLDS)  # all wordings of a case on the same side
    unseen = cross_val_predict(model, x, y, cv=folds, groups=groups, method="predict_proba")[:, 1]
    model.fit(x, y)
    curve = []
    for low, high in pairwise(_BINS):
        inside = (unseen >= low) & ((unseen < high) | (high == 1.0))
        if inside.any():
            held = float(y[inside].mean())
            curve.append((f"{low:.1f} to {high:.1f}", int(inside.sum()), round(held, 2)))
    return {
        "cases": len(y),
        "answerable": int(y.sum()),
        "weights": dict(zip(names, (round(float(w), 2) for w in model.coef_[0]), strict=True)),
        "bias": round(float(model.intercept_[0]), 2),
        "auroc": auroc([(float(p), bool(a)) for p, a in zip(unseen, y, strict=True)]),
        "answered": round(float((unseen[y] >= 0.5).mean()), 3),
        "declined": round(float((unseen[~y] < 0.5).mean()), 3),
        "curve": curve,
    }


def calibration_table(found: dict[str, Any]) -> str:
    """The weights, and the curve: of the questions with such a confidence, how many could be
    answered."""
    lines = [
        f"{found['cases']} dev questions, {found['answerable']} of them answerable",
        "weights of "
        + ", ".join(f"{name} {w}" for name, w in found["weights"].items())
        + f"; bias {found['bias']}",
        f"on unseen cases (ten folds): AUROC {found['auroc']}, answerable answered "
        f"{found['answered']}, unanswerable declined {found['declined']}",
        "confidence      cases  answerable",
    ]
    lines += [f"{span:12}{cases:>9}{share:>12.2f}" for span, cases, share in found["curve"]]
    return "\n".join(lines)
