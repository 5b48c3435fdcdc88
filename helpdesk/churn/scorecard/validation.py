"""How good is a scorecard on rows it was not trained on?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from helpdesk.churn import ranking
from helpdesk.churn.ranking import Band
from helpdesk.churn.scorecard.training import Columns, train

FOLDS = 5


@dataclass(frozen=True)
class Proof:
    """Measures over all rows, each judged by a card that never saw it. None where a measure needs
    leavers and there are none."""

    n: int
    leavers: int
    folds: int
    auc: float | None
    lift_at_10: float | None
    brier: float | None
    base_brier: float | None
    precision_at_10: float | None
    calibration: tuple[Band, ...]
    calibration_error: float | None
    chances: tuple[float, ...]


def cross_validate(columns: Columns, *, folds: int = FOLDS, seed: int = 1) -> Proof:
    """Train on all folds but one and judge that one, in turn; folds hold equal shares of leavers.

    Raises ValueError for fewer leavers or stayers than folds.
    """
    left = columns.left
    if min(sum(left), len(left) - sum(left)) < folds:
        raise ValueError(
            f"At least {folds} who left and {folds} who stayed are needed; "
            f"here are {sum(left)} and {len(left) - sum(left)}."
        )
    chances = [0.0] * len(left)
    for seen, held in split(left, folds, seed):
        card = train(columns.take(seen), seed=seed)
        for row in held:
            values = {name: column[row] for name, column in columns.values.items()}
            chances[row] = card.chance(values)
    return proof(chances, left, folds)


def split(left: Sequence[bool], folds: int, seed: int) -> Iterator[tuple[list[int], list[int]]]:
    """Rows to learn from and rows to judge, for each fold."""
    random = Random(seed)  # noqa: S311 - which rows, not who may enter
    order = [*range(len(left))]
    random.shuffle(order)
    order.sort(key=lambda row: left[row])
    place = {row: number % folds for number, row in enumerate(order)}
    for fold in range(folds):
        yield (
            [row for row in range(len(left)) if place[row] != fold],
            [row for row in range(len(left)) if place[row] == fold],
        )


def proof(chances: Sequence[float], left: Sequence[bool], folds: int) -> Proof:
    """All measures of these chances."""
    bands = ranking.calibration(chances, left)
    return Proof(
        n=len(left),
        leavers=sum(left),
        folds=folds,
        auc=ranking.auc(chances, left),
        lift_at_10=ranking.lift_at(0.1, chances, left),
        brier=ranking.brier(chances, left),
        base_brier=ranking.base_brier(left),
        precision_at_10=ranking.precision_at(max(1, round(0.1 * len(left))), chances, left),
        calibration=bands,
        calibration_error=ranking.calibration_error(bands),
        chances=tuple(chances),
    )
