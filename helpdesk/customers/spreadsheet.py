"""Reading tables that people export from elsewhere: encodings, separators, headers, dates, sums."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from helpdesk.core.errors import Invalid
from helpdesk.customers import jsonlines
from helpdesk.customers.jsonlines import LONGEST_FIELD, Line

csv.field_size_limit(1_000_000)


def decode(raw: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by its mark, else UTF-8, else Windows' own (cp1252)."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def with_plain_ends(text: str) -> str:
    """The text with one kind of line end, and without what no text holds."""
    return text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def lines(
    text: str,
    columns: Mapping[str, tuple[str, ...]],
    required: tuple[str, ...],
    mapping: Mapping[str, str] | None = None,
) -> Iterator[Line]:
    """The data lines of a table with a header, or of a file with a JSON object on each line.

    `columns` gives each known column the names it may have; `mapping` says of columns of this file
    which they are, whatever they are called ("" for none). Raises Invalid when the file is no
    table, or lacks a column of `required`.
    """
    if text.lstrip().startswith("{"):
        yield from jsonlines.lines(text, lambda key: _header([key], columns, mapping or {})[0])
        return
    plain = with_plain_ends(text)
    reader = csv.reader(io.StringIO(plain), delimiter=_separator(plain))
    header = _header(next(reader, []), columns, mapping or {})
    missing = [name for name in required if name not in header]
    if missing:
        raise Invalid(
            f"The first line must name the columns; {' and '.join(missing)} cannot be found."
        )
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Line(reader.line_num, {}, f"This line cannot be read: {error}.")
            continue
        if any(cell.strip() for cell in cells):
            yield _line(reader.line_num, cells, header)


def _separator(text: str) -> str:
    first = text.lstrip("\n").partition("\n")[0]
    return max(",;\t", key=first.count)


def header_of(text: str) -> list[str]:
    """What the columns of a file are called in it, in order."""
    if text.lstrip().startswith("{"):
        return jsonlines.keys(text)
    plain = with_plain_ends(text)
    return next(csv.reader(io.StringIO(plain), delimiter=_separator(plain)), [])


def records(text: str) -> Iterator[tuple[int, int]]:
    """First and last line of each record of a file, the header among them, as `Line.number` counts
    them; where it cannot be read, each line by itself."""
    if text.lstrip().startswith("{"):
        yield from ((number, number) for number, _ in enumerate(text.split("\n"), 1))
        return
    reader = csv.reader(io.StringIO(text), delimiter=_separator(text))
    last = 0
    while True:
        try:
            next(reader)
        except StopIteration:
            return
        except csv.Error:
            pass
        yield last + 1, reader.line_num
        last = reader.line_num


def recognised(
    header: list[str], columns: Mapping[str, tuple[str, ...]], mapping: Mapping[str, str]
) -> dict[str, str]:
    """Which field each column of a file is read as; "" for one that is not read."""
    return dict(zip(header, _header(header, columns, mapping), strict=True))


def _header(
    cells: list[str], columns: Mapping[str, tuple[str, ...]], mapping: Mapping[str, str]
) -> list[str]:
    found = _named(cells, columns)
    return [mapping.get(cell.strip(), name) for cell, name in zip(cells, found, strict=True)]


def _named(cells: list[str], columns: Mapping[str, tuple[str, ...]]) -> list[str]:
    known = {alias: name for name, aliases in columns.items() for alias in (name, *aliases)}
    plain = [re.sub(r"[\s_.-]+", " ", cell).strip().lower() for cell in cells]
    return [known.get(cell, known.get(cell.replace(" ", "_"), "")) for cell in plain]


def _line(number: int, cells: list[str], header: list[str]) -> Line:
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        return Line(number, {}, f"This line has {len(cells)} values, the header {len(header)}.")
    if any(len(cell) > LONGEST_FIELD for cell in cells):
        return Line(number, {}, f"A value is longer than {LONGEST_FIELD:,} characters.")
    return jsonlines.line_of(number, zip(header, cells, strict=False))


def to_date(text: str) -> date:
    """A day: 2026-11-30, 30.11.2026 or 2026/11/30. Raises Invalid for anything else, so that
    nobody guesses which of 4/5 is the month."""
    plain = text.strip()[:10].replace("/", "-")
    german = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", plain)
    if german:
        plain = f"{german[3]}-{int(german[2]):02}-{int(german[1]):02}"
    try:
        return date.fromisoformat(plain)
    except ValueError as error:
        raise Invalid(f"“{text[:40]}” is not a date; write it like 2026-11-30.") from error


def to_moment(text: str) -> datetime:
    """A moment in ISO form, or a day (its start); UTC where no zone is named. Raises Invalid."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        day = to_date(text)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError as error:  # the first hours of the year 1, further east
        raise Invalid(f"“{text[:40]}” lies before all time.") from error


def to_amount(text: str) -> Decimal:
    """A sum with at most two decimals, such as 1234.50, 1,234.50 or 1.234,50. Raises Invalid."""
    plain = re.sub(r"[\s'\u00a0€$£]", "", text)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})*,\d{1,2}|-?\d+,\d{1,2}", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    try:
        amount = Decimal(plain)
        if not amount.is_finite() or abs(amount) >= Decimal(10) ** 10 - 1:
            raise Invalid(f"“{text[:40]}” is too large a sum.")
        return amount.quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise Invalid(f"“{text[:40]}” is not a sum; write it like 1234.50.") from error
