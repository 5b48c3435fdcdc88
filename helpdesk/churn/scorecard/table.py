"""Reading a plain table of customers, whatever program wrote it: encoding, separator, kinds of
columns, the label, and what must be left out because it names customers or tells the answer."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.churn.ranking import auc
from helpdesk.churn.scorecard.binning import bins_of
from helpdesk.churn.scorecard.training import Columns
from helpdesk.churn.scorecard.values import is_unknown, typed
from helpdesk.churn.scorecard.vocabulary import LEFT, NAMES_ALONE, NAMES_SOMEBODY, STAYED
from helpdesk.core.errors import Invalid
from helpdesk.customers.spreadsheet import decode

MOST_COLUMNS = 500
FOLLOWS = 0.995
"""A column that alone ranks leavers so well was written down after they left."""


@dataclass(frozen=True)
class Table:
    """Rows as text, by column; `numbers` says which line of the file each row is."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    faulty: tuple[int, ...]
    """Lines with more or fewer values than the header; they are left out."""

    def column(self, name: str) -> list[str]:
        """The values of a column. Raises Invalid when there is none of that name."""
        place = self.place(name)
        return [row[place] for row in self.rows]

    def place(self, name: str) -> int:
        """Where a column stands; its name is found in any case, spaces around it do not count."""
        wanted = name.strip().casefold()
        for place, known in enumerate(self.header):
            if known.casefold() == wanted:
                return place
        raise Invalid(f"There is no column “{name}”. The columns are: {', '.join(self.header)}.")


@dataclass(frozen=True)
class LeftOut:
    """A column that is not used, and why."""

    column: str
    reason: str


def read(raw: bytes) -> Table:
    """The table in a file. Raises Invalid where it is none."""
    if not raw.strip():
        raise Invalid("The file is empty.")
    text = decode(raw).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    text = text.lstrip("\n")
    reader = csv.reader(io.StringIO(text), delimiter=_separator(text))
    try:
        header = _header(next(reader, []))
        rows, numbers, faulty = _rows(reader, len(header))
    except csv.Error as error:
        raise Invalid(f"The file cannot be read as a table: {error}.") from error
    if not rows:
        raise Invalid("There are no rows below the first line, which names the columns.")
    if len(faulty) > len(rows):
        raise Invalid(
            f"Most lines have another number of values than the first line, which has "
            f"{len(header)}: line {faulty[0]} is the first."
        )
    return Table(header, tuple(rows), tuple(numbers), tuple(faulty))


def _rows(
    reader: Iterator[list[str]], width: int
) -> tuple[list[tuple[str, ...]], list[int], list[int]]:
    rows, numbers, faulty = [], [], []
    for number, cells in enumerate(reader, 2):
        if not any(cell.strip() for cell in cells):
            continue
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if len(cells) == width:
            rows.append(tuple(cell.strip() for cell in cells))
            numbers.append(number)
        else:
            faulty.append(number)
    return rows, numbers, faulty


def _separator(text: str) -> str:
    """The mark that divides the first lines into equally many values, and most of them."""
    lines = [line for line in text.split("\n", 20)[:20] if line.strip()]

    def agreement(mark: str) -> tuple[bool, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        common = Counter(widths).most_common(1)[0] if widths else (0, 0)
        return common[0] > 1 and common[1] * 2 > len(widths), widths[0] if widths else 0

    return max(",;\t|", key=agreement)


def _header(cells: list[str]) -> tuple[str, ...]:
    if len(cells) < 2:
        raise Invalid("The first line must name at least two columns, divided by a comma or ;.")
    if len(cells) > MOST_COLUMNS:
        raise Invalid(f"{len(cells):,} columns are too many; {MOST_COLUMNS} can be read.")
    seen: Counter[str] = Counter()
    names = []
    for number, cell in enumerate(cells, 1):
        name = " ".join(cell.split()) or f"column {number}"
        seen[name.casefold()] += 1
        again = seen[name.casefold()]
        names.append(name if again == 1 else f"{name} ({again})")
    return tuple(names)


def outcomes(values: Sequence[str], left_value: str | None = None) -> list[bool | None]:
    """Whether each customer left; None where the label is empty.

    Reads Yes/No, 1/0, True/False (with or without a full stop), churned/active and the like;
    `left_value` names the value of those who left where that is not plain. Raises Invalid where it
    cannot be told, or where all are the same.
    """
    plain = [_plain(value) for value in values]
    kinds = sorted({value for value in plain if value is not None})
    leaving = {_plain(left_value)} if left_value is not None else _leaving(kinds)
    if left_value is not None and not leaving & set(kinds):
        raise Invalid(f"No customer has the label “{left_value}”; there are {_some(kinds)}.")
    if len(kinds) < 2:
        raise Invalid(f"Everybody has the same label, {_some(kinds)}; nothing can be learnt.")
    return [None if value is None else value in leaving for value in plain]


def _leaving(kinds: list[str]) -> set[str | None]:
    left = {kind for kind in kinds if kind in LEFT}
    stayed = {kind for kind in kinds if kind in STAYED}
    rest = set(kinds) - left - stayed
    if len(kinds) == 2 and len(rest) == 1 and len(left) + len(stayed) == 1:
        left = left or rest
        rest = set()
    if rest or (not left and len(kinds) > 1):
        raise Invalid(
            f"Which label means that somebody left? There are {_some(kinds)}. "
            "Name it with --left VALUE."
        )
    return set(left)


def _some(kinds: Sequence[str]) -> str:
    shown = ", ".join(f"“{kind[:40]}”" for kind in kinds[:6])
    return f"{shown} and {len(kinds) - 6:,} more" if len(kinds) > 6 else shown or "none"


def _plain(text: str | None) -> str | None:
    if text is None or is_unknown(text):
        return None
    return " ".join(text.casefold().replace("_", " ").split()).rstrip(".") or None


def columns_of(
    table: Table, label: str, left: Sequence[bool | None]
) -> tuple[Columns, list[LeftOut]]:
    """What can be learnt from, and what is left out and why.

    Raises Invalid when nothing remains.
    """
    place = table.place(label)
    rows = [number for number, came in enumerate(left) if came is not None]
    came = [bool(left[number]) for number in rows]
    values: dict[str, Sequence[float | str | None]] = {}
    numbers, omitted = set(), []
    for column, name in enumerate(table.header):
        if column == place:
            continue
        texts = [table.rows[number][column] for number in rows]
        read_as, is_number = typed(texts)
        reason = _why_not(name, texts, read_as, is_number) or _tells(read_as, is_number, came)
        if reason:
            omitted.append(LeftOut(name, reason))
            continue
        values[name] = read_as
        if is_number:
            numbers.add(name)
    if not values:
        why = "; ".join(f"{each.column} ({each.reason})" for each in omitted[:6])
        raise Invalid(f"No column is left to learn from{': ' if why else ''}{why}.")
    return Columns(values, frozenset(numbers), came), omitted


def _why_not(
    name: str, texts: Sequence[str], values: Sequence[float | str | None], is_number: bool
) -> str:
    """Why a column cannot be learnt from, whatever the label says; empty where it can."""
    known = [value for value in values if value is not None]
    distinct = len(set(known))
    if distinct < 2 and len(known) in (0, len(values)):
        return "the same for everybody" if known else "always empty"
    share = distinct / len(known) if known else 0.0
    called = bool(_words(name) & NAMES_SOMEBODY) or _words(name) <= NAMES_ALONE
    if not is_number:
        many = distinct > 50 and (share > 0.5 or len(known) / distinct < 5)
        many = many or (distinct > 20 and share > 0.95)
        return (
            "identifier: nearly every row has its own" if many or (called and share > 0.5) else ""
        )
    whole = all(float(value).is_integer() for value in known[:2000])
    if whole and share > 0.95 and distinct > 20 and (called or _counts_up(known)):
        return "identifier: a number of its own for every row"
    if whole and called and share > 0.5 and distinct > 20:
        return "identifier: named like one, and hardly ever repeated"
    if share > 0.95 and distinct > 20 and whole and _same_length(texts):
        return "identifier: numbers of one length, one for every row"
    return ""


def _counts_up(known: Sequence[float | str]) -> bool:
    ordered = sorted(float(value) for value in known)
    return ordered[-1] - ordered[0] < 1.2 * len(ordered)


def _same_length(texts: Sequence[str]) -> bool:
    digits = {len(text) for text in texts if not is_unknown(text)}
    return (
        len(digits) == 1 and min(digits) >= 6 and all("." not in t and "," not in t for t in texts)
    )


def _words(name: str) -> set[str]:
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    words = re.split(r"[\W_]+", apart.casefold())
    return {*words, "".join(words)}


def _tells(values: Sequence[float | str | None], is_number: bool, left: Sequence[bool]) -> str:
    """Whether the column gives the answer away."""
    bins = bins_of("", values, left, is_number)
    codes = [bins.index(value) for value in values]
    n, leavers = Counter(codes), Counter(c for c, came in zip(codes, left, strict=True) if came)
    area = auc([leavers[code] / n[code] for code in codes], left)
    if area is not None and area > FOLLOWS and len(left) >= 50:
        return "gives the answer away: known only once somebody has left"
    return ""
