"""`flask churn`: learn a scorecard from a table, and apply it."""

import json
from pathlib import Path
from typing import IO, Any

import click
from flask.cli import with_appcontext

from helpdesk.churn import weights
from helpdesk.churn.backtest.running import Plan, run
from helpdesk.churn.scorecard.card import Scorecard, from_json
from helpdesk.churn.scorecard.report import Fitted, fit_file, score_file
from helpdesk.core.db import transaction
from helpdesk.core.errors import HelpdeskError
from helpdesk.core.settings import settings

CARD = "scorecard.json"
"""In the instance folder: the card that was fitted last, unless it is told otherwise."""


@click.group("churn")
def churn_group() -> None:
    """Who may leave."""


_table = click.option(
    "--csv", "file", required=True, type=click.File("rb"), help="A table with a header."
)
_card = click.option("--card", type=click.Path(path_type=Path), help="Where the scorecard is kept.")
_json = click.option("--json", "as_json", is_flag=True, help="For programs to read.")


@churn_group.command()
@_table
@click.option("--label", required=True, help="The column that says who left.")
@click.option("--left", "left_value", help="Its value for those who left, where it is not plain.")
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@_card
@_json
@with_appcontext
def fit(
    file: IO[bytes],
    label: str,
    left_value: str | None,
    folds: int,
    seed: int,
    card: Path | None,
    as_json: bool,
) -> None:
    """Learn a scorecard from a table of customers of whom it is known who left.

    Every measure is cross-validated: each row is judged by a card that never saw it.
    """
    try:
        fitted = fit_file(file.read(), label, left_value=left_value, folds=folds, seed=seed)
    except HelpdeskError as error:
        raise click.ClickException(error.message) from error
    path = _keep(fitted.card, card)
    if as_json:
        click.echo(json.dumps(_as_json(fitted) | {"card": str(path)}, ensure_ascii=False))
    else:
        _print(fitted)
        click.echo(f"\nKept in {path}; apply it with: flask churn score --csv FILE")


def _keep(card: Scorecard, path: Path | None) -> Path:
    path = path or settings().instance_path / CARD
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(card.to_json(), ensure_ascii=False), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}.") from error
    return path


def _as_json(fitted: Fitted) -> dict[str, Any]:
    proof = fitted.proof
    return {
        "auc": proof.auc,
        "lift_at_10": proof.lift_at_10,
        "brier": proof.brier,
        "points": fitted.card.table(),
        "base_points": fitted.card.offset,
        "rows": fitted.rows,
        "left": proof.leavers,
        "base_brier": proof.base_brier,
        "precision_at_10": proof.precision_at_10,
        "calibration_error": proof.calibration_error,
        "calibration": [
            {"n": band.n, "foretold": band.foretold, "came": band.came}
            for band in proof.calibration
        ],
        "folds": proof.folds,
        "left_out": [{"column": each.column, "reason": each.reason} for each in fitted.left_out],
        "unlabelled_rows": fitted.unlabelled,
        "faulty_lines": list(fitted.faulty[:100]),
    }


def _print(fitted: Fitted) -> None:
    proof = fitted.proof
    share = proof.leavers / proof.n
    click.echo(f"{proof.n:,} customers, {proof.leavers:,} of them left ({share:.1%}).")
    for each in fitted.left_out:
        click.echo(f"Left out: {each.column} ({each.reason}).")
    if fitted.unlabelled:
        click.echo(f"Not used: {fitted.unlabelled:,} rows without a label.")
    if fitted.faulty:
        lines = ", ".join(str(line) for line in fitted.faulty[:5])
        click.echo(f"Not used: {len(fitted.faulty):,} lines of another width, first {lines}.")
    click.echo(f"\nOn rows it never saw ({proof.folds} folds):")
    click.echo(f"  AUC          {_shown(proof.auc)}")
    click.echo(f"  lift at 10 % {_shown(proof.lift_at_10)}")
    click.echo(f"  Brier        {_shown(proof.brier)} (base rate alone {_shown(proof.base_brier)})")
    click.echo(f"\nPoints; 20 more double the odds of leaving. It begins at {fitted.card.offset}.")
    for row in fitted.card.table():
        if row["points"]:
            click.echo(f"  {row['points']:>+5}  {row['column']} = {row['bin']} (n {row['rows']:,})")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


@churn_group.command()
@click.option("--gap", default=7, show_default=True, help="Days in which nobody could act.")
@click.option("--window", default=90, show_default=True, help="Days in which leaving counts.")
@click.option("--every", type=int, help="Days between cuts; by default windows do not overlap.")
@click.option("--k", default=20, show_default=True, help="Customers one can look after at a cut.")
@click.option("--customers", default=8000, show_default=True, help="At most so many, by lot.")
@_json
@with_appcontext
def backtest(
    gap: int, window: int, every: int | None, k: int, customers: int, as_json: bool
) -> None:
    """Would the risk have foretold who left? Read from what was known at the time."""
    if min(gap, window, k, customers, every or 1) < 0 or not window or not k:
        raise click.ClickException("Days and counts must not be negative, nor the window 0.")
    plan = Plan(gap, window, every, k, customers, settings().churn_raise_at)
    try:
        with transaction(write=False):
            held = weights.current()
        result = run(plan, held, say=lambda words: click.echo(words, err=True))
    except HelpdeskError as error:
        raise click.ClickException(error.message) from error
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(f"{result['verdict']}.")
    click.echo(f"{result['n']:,} cases, {result['outcomes']:,} left, cuts {result['cuts']}.\n")
    rankings = {"the risk of now": result["current"], **result["baselines"]}
    if "new" in result["refit"]:
        rankings |= {
            "present points, later cuts": result["refit"]["current"],
            "learnt points, later cuts": result["refit"]["new"],
        }
    for name, judged in rankings.items():
        click.echo(f"  {name:<28}" + "".join(_ranged(key, judged[key]) for key in MEASURES))


MEASURES = {"auc": "AUC", "lift_at_10": "lift at 10 %", "precision_at_k": "precision@k"}


def _ranged(key: str, found: dict[str, float | None]) -> str:
    if found["value"] is None:
        return f"{MEASURES[key]} –  "
    bounds = f" ({found['low']:.2f}–{found['high']:.2f})" if found["low"] is not None else ""
    return f"{MEASURES[key]} {found['value']:.2f}{bounds}  "


@churn_group.command()
@_table
@_card
@_json
@with_appcontext
def score(file: IO[bytes], card: Path | None, as_json: bool) -> None:
    """Apply the scorecard to a table: points, chance of leaving and reasons for every row."""
    path = card or settings().instance_path / CARD
    try:
        found = from_json(json.loads(path.read_text(encoding="utf-8")))
        scored = list(score_file(found, file.read()))
    except OSError as error:
        hint = "Make one first: flask churn fit --csv FILE --label COLUMN"
        raise click.ClickException(f"There is no scorecard at {path}. {hint}") from error
    except ValueError as error:
        raise click.ClickException(f"{path} is no scorecard of ours.") from error
    except HelpdeskError as error:
        raise click.ClickException(error.message) from error
    if as_json:
        rows = [
            {
                "line": each.line,
                "name": each.name,
                "score": each.score,
                "chance": round(each.chance, 6),
                "reasons": [{"reason": words, "points": worth} for words, worth in each.reasons],
            }
            for each in scored
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for each in sorted(scored, key=lambda one: -one.chance):
        why = "; ".join(f"{words} (+{worth})" for words, worth in each.reasons)
        click.echo(
            f"{each.chance:7.1%}  {each.score:>5}  {each.name or f'line {each.line}'}  {why}"
        )
