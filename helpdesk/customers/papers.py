"""Files on the record of a customer, such as a contract; for the staff, and for the person's own
export."""

from datetime import datetime
from functools import partial

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship
from werkzeug.datastructures import FileStorage

from helpdesk.accounts.models import Account
from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import Id, Model, after_commit, session
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.customers.events import CustomerFileChanged
from helpdesk.customers.models import Customer

MOST = 100
"""Files of one person."""


class CustomerFile(Model):
    """A file that one of us put on a record."""

    __tablename__ = "customer_file"
    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    path: Mapped[str] = mapped_column(index=True, info={"stored_file": "sha256"})
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]

    by: Mapped[Account] = relationship()


def files_of(customer_id: int) -> list[CustomerFile]:
    """The files of a record, the latest first."""
    statement = (
        select(CustomerFile)
        .where(CustomerFile.customer_id == customer_id)
        .options(joinedload(CustomerFile.by))
        .order_by(CustomerFile.id.desc())
    )
    return list(session.scalars(statement))


def file_of(customer_id: int, file_id: int) -> CustomerFile:
    """One of them. Raises NotFound for any other."""
    found = by_id(CustomerFile, file_id)
    if found is None or found.customer_id != customer_id:
        raise NotFound("There is no such file on this record.")
    return found


def add_file(customer: Customer, upload: FileStorage | None, *, by: Account) -> CustomerFile:
    """Keep a file; the same bytes under the same name are kept once.

    Raises Invalid for none, for an empty or too large one, and for programs.
    """
    if upload is None or not upload.filename:
        raise Invalid("Choose a file first.")
    theirs = CustomerFile.customer_id == customer.id
    if (session.scalar(select(func.count()).where(theirs)) or 0) >= MOST:
        raise Invalid(f"{MOST} files are enough for one record.")
    stored = files.store(upload.stream, upload.filename)
    same = select(CustomerFile).where(
        theirs, CustomerFile.sha256 == stored.sha256, CustomerFile.name == stored.name
    )
    if (known := session.scalar(same)) is not None:
        files.remove(stored.path)
        return known
    made = CustomerFile(
        customer_id=customer.id,
        name=stored.name,
        path=stored.path,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        by_id=by.id,
        added_at=now(),
    )
    session.add(made)
    session.flush()
    record(CustomerFileChanged(customer.id, made.id, "added"), by=by)
    return made


def remove_file(customer: Customer, file_id: int, *, by: Account) -> None:
    """Take a file off the record, and off the disk. Twice is harmless."""
    found = by_id(CustomerFile, file_id)
    if found is None or found.customer_id != customer.id:
        return
    session.delete(found)
    after_commit(partial(files.remove, found.path))
    record(CustomerFileChanged(customer.id, file_id, "removed"), by=by)
