"""A scorecard: what each bin of each column is worth, and what the sum of it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from helpdesk.churn.scorecard.binning import Bins
from helpdesk.churn.scorecard.evidence import FACTOR
from helpdesk.churn.scorecard.logistic import chance

Row = Mapping[str, float | str | None]
Cell = tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """A table of points: by the bin of one column, or by the bins of two together."""

    columns: tuple[str, ...]
    points: Mapping[Cell, int]
    counts: Mapping[Cell, tuple[int, int]]
    """Of each cell in the rows it was trained on: rows, and leavers among them."""


@dataclass(frozen=True)
class Scorecard:
    """Points add up to a score; 20 more of them double the odds of leaving."""

    bins: Mapping[str, Bins]
    parts: tuple[Part, ...]
    offset: float
    """What the score begins with, in points."""

    def cells(self, row: Row) -> dict[str, int]:
        """The bin of each column for this row; a column it lacks counts as missing."""
        return {name: bins.index(row.get(name)) for name, bins in self.bins.items()}

    def score(self, row: Row) -> float:
        """The sum of the points of this row, with what it begins with."""
        cells = self.cells(row)
        return self.offset + sum(
            part.points.get(tuple(cells[name] for name in part.columns), 0) for part in self.parts
        )

    def chance(self, row: Row) -> float:
        """The chance of leaving that belongs to the score, 0 to 1."""
        return chance(self.score(row) / FACTOR)

    def reasons(self, row: Row, most: int = 3) -> list[tuple[str, int]]:
        """What adds most to the score of this row, heaviest first, in words with its points."""
        cells = self.cells(row)
        found = []
        for part in self.parts:
            cell = tuple(cells[name] for name in part.columns)
            if (points := part.points.get(cell, 0)) > 0:
                found.append((self.words(part, cell), points))
        return sorted(found, key=lambda pair: -pair[1])[:most]

    def words(self, part: Part, cell: Sequence[int]) -> str:
        """A cell as people read it: `Contract = Two year and tenure = below 6`."""
        pairs = zip(part.columns, cell, strict=True)
        return " and ".join(f"{name} = {self.bins[name].labels[place]}" for name, place in pairs)

    def table(self) -> list[dict[str, object]]:
        """Every bin with its points, rows and leavers, part by part; the heaviest part first."""
        return [
            {
                "column": " × ".join(part.columns),
                "bin": " × ".join(
                    self.bins[n].labels[p] for n, p in zip(part.columns, cell, strict=True)
                ),
                "points": points,
                "rows": part.counts[cell][0],
                "left": part.counts[cell][1],
            }
            for part in self.parts
            for cell, points in sorted(part.points.items())
            if part.counts[cell][0] or points
        ]

    def to_json(self) -> dict[str, Any]:
        """Everything that is needed to apply it elsewhere."""
        return {
            "kind": "scorecard",
            "version": 1,
            "offset": self.offset,
            "bins": [asdict(bins) for bins in self.bins.values()],
            "parts": [
                {
                    "columns": list(part.columns),
                    "cells": [
                        [list(cell), points, *part.counts[cell]]
                        for cell, points in part.points.items()
                    ],
                }
                for part in self.parts
            ],
        }


def from_json(data: Mapping[str, Any]) -> Scorecard:
    """The scorecard that `to_json` wrote. Raises ValueError for anything else."""
    try:
        if data["kind"] != "scorecard" or data["version"] != 1:
            raise ValueError(data["kind"])
        bins = [Bins(**{**each, "cuts": tuple(each["cuts"])}) for each in data["bins"]]
        return Scorecard(
            {each.name: each for each in bins},
            tuple(_part(each) for each in data["parts"]),
            float(data["offset"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("This is no scorecard of ours.") from error


def _part(data: Mapping[str, Any]) -> Part:
    cells = [(tuple(cell), points, (n, left)) for cell, points, n, left in data["cells"]]
    return Part(
        tuple(data["columns"]),
        {cell: points for cell, points, _ in cells},
        {cell: counts for cell, _, counts in cells},
    )
