"""`flask sentiment`: score lines, measure the analyser, fit it to the company's own labels."""

import json
import sys
from collections.abc import Iterable

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from helpdesk.cli.labels import corrections, rated_comments
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.sentiment.layer import PLAIN, Layer, stored
from helpdesk.sentiment.measuring import LABELS
from helpdesk.sentiment.models import LocalLayer, layer_in_use


@click.group("sentiment")
def sentiment_group() -> None:
    """The tone of texts."""


@sentiment_group.command("score")
@click.option("--plain", is_flag=True, help="Without what was fitted on the company's labels.")
@with_appcontext
def score_lines(plain: bool) -> None:
    """Read lines, or JSON lines with `text`; write one JSON object a line."""
    from helpdesk.sentiment.analyzer import analyzer

    reader = analyzer(PLAIN if plain else _layer_at_hand())
    for line in sys.stdin.buffer:
        score = reader.analyze(_text(line.decode("utf-8", "replace").rstrip("\r\n")))
        reasons = [
            *([score.why] if score.why else []),
            *(f"{phrase} ({share:+.2f})" for phrase, share in score.phrases),
        ]
        answer = {"polarity": score.polarity, "label": score.label, "reasons": reasons}
        click.echo(json.dumps(answer, ensure_ascii=False).encode())


def _layer_at_hand() -> Layer:
    """The layer in use; none, and a word about it, where there is no installation to ask."""
    try:
        with transaction(write=False):
            return layer_in_use()
    except DBAPIError:
        click.echo(
            "No database of an installation can be read here: scored as the analyser ships.",
            err=True,
        )
        return PLAIN


def _text(line: str) -> str:
    """The text in a line: its `text` where the line is a JSON object, else all of it."""
    if line.lstrip().startswith("{"):
        try:
            found = json.loads(line)
        except ValueError:
            return line
        if isinstance(found, dict) and isinstance(found.get("text"), str):
            return str(found["text"]).encode("utf-8", "replace").decode()
    return line


@sentiment_group.command()
@with_appcontext
def evaluate() -> None:
    """Compare the analyser with customers' ratings and agents' corrections."""
    from helpdesk.sentiment.analyzer import analyzer
    from helpdesk.sentiment.refitting import quality

    with transaction(write=False):
        reader = analyzer(layer_in_use())
        sources = {"Agents' corrections": corrections(), "Customers' ratings": rated_comments()}
    for name, pairs in sources.items():
        click.echo(f"{name}: {len(pairs)}")
        if pairs:
            found = quality(reader, pairs)
            _show_table(found.table.items())
            click.echo(f"  macro-F1 {found.macro_f1:.3f}")
            click.echo(f"  AUC positive against negative {_figure(found.positive_negative)}")
            click.echo(f"  AUC negative against the rest {_figure(found.negative_rest)}")


@sentiment_group.command()
@click.option("--dry-run", is_flag=True, help="Say what would come of it and keep nothing.")
@with_appcontext
def refit(dry_run: bool) -> None:
    """Fit thresholds and words to the company's labels; kept only if better on a hold-out."""
    from helpdesk.sentiment.refitting import TooFewLabels
    from helpdesk.sentiment.refitting import refit as fitted

    with transaction(write=False):
        before, pairs = layer_in_use(), [*corrections(), *rated_comments()]
    try:
        found = fitted(pairs, before)
    except TooFewLabels as few:
        raise click.ClickException(str(few)) from few
    click.echo(f"Fitted on {found.fitted} texts, read on {found.before.n} that were held out:")
    click.echo(f"  macro-F1 {found.before.macro_f1:.3f} → {found.after.macro_f1:.3f}")
    click.echo(f"  {found.mended} more read right, {found.broken} no longer")
    old, new = found.before, found.after
    for name, was, is_ in (
        ("positive against negative", old.positive_negative, new.positive_negative),
        ("negative against the rest", old.negative_rest, new.negative_rest),
    ):
        click.echo(f"  AUC {name} {_figure(was)} → {_figure(is_)}")
    layer = found.layer
    click.echo(
        f"  neutral between {layer.low:+.2f} and {layer.high:+.2f}; {len(layer.words)} words"
    )
    if not found.is_better:
        raise click.ClickException("Not better on the hold-out: the analyser stays as it is.")
    if dry_run:
        return
    with transaction():
        for other in session.scalars(select(LocalLayer).where(LocalLayer.retired_at.is_(None))):
            other.retired_at = now()
        session.add(
            LocalLayer(
                made_at=now(),
                layer=stored(layer),
                fitted=found.fitted,
                macro_f1_before=old.macro_f1,
                macro_f1_after=new.macro_f1,
            )
        )
    click.echo(
        "Kept. The one before is kept too; messages and comments are read again in the background."
    )


@sentiment_group.command()
@with_appcontext
def rescore() -> None:
    """Read all messages and comments again that another version scored; goes on from where it
    stopped."""
    from helpdesk.sentiment.rereading import reread
    from helpdesk.surveys.rescoring import COMMENTS
    from helpdesk.tickets.rescoring import MESSAGES

    for shelf in (MESSAGES, COMMENTS):
        finished = False
        while not finished:
            state = reread(shelf, 2)
            finished = state.finished_at is not None
            share = f"{state.done / state.total:.1%}" if state.total else "nothing to do"
            done = f"{state.done:,} of {state.total:,} {shelf.name} ({share})"
            click.echo(f"{done} with {state.analyzer}")


def _show_table(counts: Iterable[tuple[tuple[str, str], int]]) -> None:
    table = dict(counts)
    given = (*LABELS, "not_scored")
    click.echo("  " + "true \\ given".ljust(14) + "".join(label.rjust(12) for label in given))
    for true in LABELS:
        row = "".join(f"{table.get((true, label), 0):,}".rjust(12) for label in given)
        click.echo("  " + true.ljust(14) + row)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
