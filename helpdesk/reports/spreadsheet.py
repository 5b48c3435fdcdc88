"""Comma-separated values that a spreadsheet opens as data and never runs.

UTF-8 with a byte-order mark (spreadsheets guess the encoding without one), quoting and
CRLF after RFC 4180. Text is always quoted, numbers never are.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

Cell = str | int | float | Decimal | bool | date | datetime | None

MEDIA_TYPE = "text/csv; charset=utf-8"

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def sheet(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The file line by line, so that a long export need not fit in memory.

    Times are written in UTC (ISO 8601), truth as yes and no, nothing as an empty cell.
    Raises ValueError for a time without a zone or a row that is not as long as the header.
    """
    yield b"\xef\xbb\xbf" + _line(header)
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"a row has {len(row)} cells under {len(header)} headings")
        yield _line(row)


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before what could start one.

    Spaces and invisible marks before it are looked through, since some programs trim them.
    Source: OWASP, CSV Injection; the full-width signs are formulas in Japanese versions.
    """
    start = text.lstrip(" \u00a0\u3000\ufeff\u200b")
    return f"'{text}" if start.startswith(_STARTS) else text


def _line(cells: Sequence[Cell]) -> bytes:
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_written(cell) for cell in cells])
    return buffer.getvalue().encode("utf-8", "replace")


def _written(cell: Cell) -> str | int | float | Decimal:
    """A cell as the writer takes it: text comes out quoted, numbers plain."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return _in_utc(cell)
        case date():
            return cell.isoformat()
        case str():
            return guarded(cell.replace("\0", ""))
    return _number(cell)


def _number(value: float | Decimal) -> str | float | Decimal:
    """A number in plain digits; what is none (a division by nothing) stays empty."""
    if not math.isfinite(value):
        return ""
    return Decimal(f"{value:f}") if isinstance(value, Decimal) else value


def _in_utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds")
