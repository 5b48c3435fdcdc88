"""Taking over tables of customers, organizations, orders and outcomes, with a report line by line.

First as a trial that changes nothing, then for good; the same file twice changes nothing the second
time; and what it changed can be undone.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from sqlalchemy import delete, insert
from sqlalchemy.exc import DataError, IntegrityError

from helpdesk.accounts.models import Account
from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session
from helpdesk.core.errors import Conflict, HelpdeskError, Invalid
from helpdesk.customers import spreadsheet
from helpdesk.customers.imports.taken import CHANGED, REFUSED, TAKEN, UNCHANGED, Taken
from helpdesk.customers.imports.taking import KINDS, Kind
from helpdesk.customers.jsonlines import Line
from helpdesk.customers.models import Import, ImportLine, ImportState

OUTCOMES = (TAKEN, CHANGED, UNCHANGED, REFUSED)
BATCH = 1000

__all__ = ["BATCH", "KINDS", "OUTCOMES", "fail", "lines", "remap", "run_batch", "start", "text_of"]


def start(kind: str, path: str, name: str, *, by: Account, trial: bool = False) -> Import:
    """An import of the stored file at `path`, waiting for its job; a `trial` changes nothing.

    Raises Invalid for a file that is no table of that kind.
    """
    handed_in = Import(
        kind=kind, name=name, path=path, by_id=by.id, created_at=now(), trial=trial, mapping={}
    )
    next(lines(handed_in), None)  # speaks up when it is no such table
    session.add(handed_in)
    session.flush()
    return handed_in


def remap(handed_in: Import, mapping: dict[str, str], *, trial: bool) -> None:
    """Read the file anew, with these columns of it as these fields, as a trial or for good.

    Raises Conflict unless a trial is over; Invalid where the needed columns are not there.
    """
    if handed_in.state is not ImportState.DONE or not handed_in.trial:
        raise Conflict("Only a trial that is over can be done anew.")
    known = _kind(handed_in).columns
    handed_in.mapping = {
        column: name for column, name in mapping.items() if name in known or name == ""
    }
    next(lines(handed_in), None)
    handed_in.trial, handed_in.state, handed_in.done_to = trial, ImportState.WAITING, 0
    handed_in.finished_at = handed_in.error = None
    session.execute(delete(ImportLine).where(ImportLine.import_id == handed_in.id))


def run_batch(import_id: int, rest: Iterator[Line] | None = None) -> bool:
    """Deal with the next lines; True while more are left. Twice is harmless. `rest` are the lines
    from there on, for a caller that reads the file once."""
    handed_in = session.get_one(Import, import_id, with_for_update={"of": Import})
    if handed_in.state not in (ImportState.WAITING, ImportState.RUNNING):
        return False
    handed_in.state = ImportState.RUNNING
    rest = rest if rest is not None else lines(handed_in)
    done_to = handed_in.done_to
    batch = list(islice((line for line in rest if line.number > done_to), BATCH))
    _write(handed_in, batch, _take_all(handed_in, batch))
    if batch:
        handed_in.done_to = batch[-1].number
    if len(batch) < BATCH:
        handed_in.state, handed_in.finished_at = ImportState.DONE, now()
    return len(batch) == BATCH


def fail(import_id: int, reason: str) -> None:
    """Stop an import that cannot go on, and say why."""
    handed_in = session.get_one(Import, import_id)
    handed_in.state, handed_in.error, handed_in.finished_at = ImportState.FAILED, reason, now()


def lines(handed_in: Import) -> Iterator[Line]:
    """The lines of the file. Raises Invalid for a file that is no table of its kind."""
    kind = _kind(handed_in)
    return spreadsheet.lines(
        text_of(handed_in), kind.columns, kind.required, handed_in.mapping or {}
    )


def text_of(handed_in: Import) -> str:
    """The text of the file, whatever its encoding. Raises OSError when it is gone."""
    return spreadsheet.decode(b"".join(files.read(handed_in.path)))


def _kind(handed_in: Import) -> Kind:
    kind = KINDS.get(handed_in.kind)
    if kind is None:
        raise Invalid("Tables of customers, organizations, orders and outcomes can be imported.")
    return kind


def _take_all(handed_in: Import, batch: Sequence[Line]) -> list[Taken]:
    """All lines at once; where the database refuses that, one by one, so that a faulty line stops
    no other."""
    good = [line for line in batch if not line.fault]
    taken = iter(_kept(handed_in, good) or [_one(handed_in, line) for line in good])
    return [Taken(REFUSED, line.fault) if line.fault else next(taken) for line in batch]


def _one(handed_in: Import, line: Line) -> Taken:
    found = _kept(handed_in, [line])
    return found[0] if found else Taken(REFUSED, "The database cannot keep what stands there.")


def _kept(handed_in: Import, good: Sequence[Line]) -> list[Taken] | None:
    """What became of these lines; None where the database refused one of them."""
    try:
        with session.begin_nested():
            done = KINDS[handed_in.kind].take([line.values for line in good], handed_in.by)
            session.flush()
            if handed_in.trial:
                raise _OnlyTried(done)
            for taken in done:
                taken.note_how()
    except _OnlyTried as tried:
        return tried.done
    except HelpdeskError as error:
        return [Taken(REFUSED, error.message) for _ in good] if len(good) == 1 else None
    except (DataError, IntegrityError):
        return None
    return done


class _OnlyTried(Exception):
    """Drops what a trial did, and carries what it found."""

    def __init__(self, done: list[Taken]) -> None:
        super().__init__()
        self.done = done


def _write(handed_in: Import, batch: Sequence[Line], done: Sequence[Taken]) -> None:
    rows = [
        {
            "import_id": handed_in.id,
            "line": line.number,
            "outcome": taken.outcome,
            "message": taken.message,
            "undo": taken.how,
        }
        for line, taken in zip(batch, done, strict=True)
    ]
    if rows:
        session.execute(insert(Model.metadata.tables[ImportLine.__tablename__]), rows)
