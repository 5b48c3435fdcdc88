"""From a file to a scorecard with its proof, and from a file to scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.churn.scorecard import table as tables
from helpdesk.churn.scorecard.card import Scorecard
from helpdesk.churn.scorecard.table import LeftOut, Table
from helpdesk.churn.scorecard.training import train
from helpdesk.churn.scorecard.validation import FOLDS, Proof, cross_validate
from helpdesk.churn.scorecard.values import is_unknown, measure_in
from helpdesk.core.errors import Invalid

ENOUGH_ROWS = 40


@dataclass(frozen=True)
class Fitted:
    """A scorecard, how good it is on rows it never saw, and what the file was like."""

    card: Scorecard
    proof: Proof
    rows: int
    left_out: tuple[LeftOut, ...]
    unlabelled: int
    """Rows whose label is empty; they are not used."""
    faulty: tuple[int, ...]
    """Lines of the file that have another number of values than the header."""


def fit_file(
    raw: bytes, label: str, *, left_value: str | None = None, folds: int = FOLDS, seed: int = 1
) -> Fitted:
    """Learn from a table. Raises Invalid, with a reason in words, where that cannot be."""
    table = tables.read(raw)
    left = tables.outcomes(table.column(label), left_value)
    columns, omitted = tables.columns_of(table, label, left)
    if len(columns.left) < ENOUGH_ROWS:
        raise Invalid(f"{len(columns.left)} labelled rows are too few; {ENOUGH_ROWS} are needed.")
    try:
        proof = cross_validate(columns, folds=folds, seed=seed)
        card = train(columns, seed=seed)
    except ValueError as error:
        raise Invalid(str(error)) from error
    unlabelled = sum(came is None for came in left)
    return Fitted(card, proof, len(columns.left), tuple(omitted), unlabelled, table.faulty)


@dataclass(frozen=True)
class Scored:
    """One row of a table with what the card says about it."""

    line: int
    name: str
    score: int
    chance: float
    reasons: list[tuple[str, int]]


def score_file(card: Scorecard, raw: bytes) -> Iterator[Scored]:
    """Apply a card to every row of a table. Raises Invalid when it lacks the card's columns."""
    table = tables.read(raw)
    known = {name.casefold(): place for place, name in enumerate(table.header)}
    lacking = [name for name in card.bins if name.casefold() not in known]
    if lacking:
        raise Invalid(f"The file lacks columns that the scorecard reads: {', '.join(lacking)}.")
    naming = _naming(table, card)
    columns = {
        name: _read(table, known[name.casefold()], bins.is_number)
        for name, bins in card.bins.items()
    }
    for number, line in enumerate(table.numbers):
        row = {name: values[number] for name, values in columns.items()}
        score = card.score(row)
        name = table.rows[number][naming] if naming is not None else ""
        yield Scored(line, name, round(score), card.chance(row), card.reasons(row))


def _read(table: Table, place: int, is_number: bool) -> list[float | str | None]:
    texts = [row[place] for row in table.rows]
    if not is_number:
        return [None if is_unknown(text) else text.strip() for text in texts]
    return [measure_in(text) for text in texts]


def _naming(table: Table, card: Scorecard) -> int | None:
    """The first column that the card does not read and that is different in every row."""
    for place, name in enumerate(table.header):
        values = {row[place] for row in table.rows}
        if name not in card.bins and len(values) == len(table.rows) and "" not in values:
            return place
    return None
