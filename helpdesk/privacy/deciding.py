"""Who decides that a person is erased, and what stands against it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Forbidden, Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.customers.models import Customer
from helpdesk.privacy.erasing import records_of
from helpdesk.privacy.events import (
    ErasureAsked,
    ErasureConfirmed,
    ErasureRefused,
    HoldLifted,
    HoldPlaced,
)
from helpdesk.privacy.models import Erasure, LegalHold, Stage

LONGEST = 500


def _reason(text: str) -> str:
    reason = one_line(text, LONGEST)
    if not reason:
        raise Invalid("Say why; it is kept with the decision.")
    return reason


def holds_on(customer_id: int) -> list[LegalHold]:
    """What stands against erasing this person, under whichever of their records."""
    statement = (
        select(LegalHold)
        .where(LegalHold.customer_id.in_(records_of(customer_id)), LegalHold.lifted_at.is_(None))
        .options(joinedload(LegalHold.by))
    )
    return list(session.scalars(statement.order_by(LegalHold.id)))


def place_hold(customer: Customer, reason: str, *, by: Account) -> LegalHold:
    """From now on nothing of this person is erased or forgotten. Raises Invalid without a reason,
    Forbidden for anybody below a manager."""
    _require_manager(by)
    hold = LegalHold(customer_id=customer.id, reason=_reason(reason), placed_at=now(), by_id=by.id)
    session.add(hold)
    session.flush()
    record(HoldPlaced(customer.id, hold.id), by=by)
    return hold


def lift_hold(hold: LegalHold, *, by: Account) -> None:
    """It no longer stands against it. Twice is harmless."""
    _require_admin(by)
    if hold.lifted_at is None:
        hold.lifted_at, hold.lifted_by_id = now(), by.id
        record(HoldLifted(hold.customer_id, hold.id), by=by)


def _require_manager(by: Account) -> None:
    if not by.is_manager:
        raise Forbidden("Managers and administrators decide about this.")


def _require_admin(by: Account) -> None:
    if not by.is_admin:
        raise Forbidden("Only an administrator decides this.")


def open_erasure(customer_id: int) -> Erasure | None:
    """One that was asked for and is not over, or None."""
    statement = select(Erasure).where(
        Erasure.customer_id == customer_id,
        Erasure.stage.not_in((Stage.DONE, Stage.REFUSED)),
    )
    return session.scalar(statement)


def was_erased(customer_id: int) -> bool:
    """Whether this person's data is gone, or going."""
    statement = select(Erasure.id).where(
        Erasure.customer_id == customer_id,
        or_(Erasure.stage == Stage.DONE, Erasure.stage == Stage.SWEEPING),
    )
    return session.scalar(statement) is not None


def ask(customer: Customer, why: str, *, by: Account) -> Erasure:
    """Somebody wants to be forgotten; an administrator decides. Twice is harmless.

    Raises Forbidden below a manager, Conflict for a record that is part of another one.
    """
    _require_manager(by)
    if customer.merged_into_id is not None:
        raise Conflict("This record is part of another one. Erase that one.")
    if was_erased(customer.id):
        raise Conflict("This person has been erased.")
    if (waiting := open_erasure(customer.id)) is not None:
        return waiting
    erasure = Erasure(
        customer_id=customer.id, why=_reason(why), asked_at=now(), asked_by_id=by.id, swept=[],
        counts={},
    )  # fmt: skip
    session.add(erasure)
    session.flush()
    record(ErasureAsked(customer.id, erasure.id), by=by)
    return erasure


def words_to_type(erasure: Erasure) -> str:
    """What whoever asked must type to decide alone."""
    return f"erase {erasure.customer_id}"


def confirm(erasure: Erasure, typed: str, *, by: Account) -> None:
    """Have it done: by a second person, or by typing what is to happen. Twice is harmless.

    Raises Forbidden for anybody but an administrator, Conflict while a hold stands against it,
    Invalid for other words.
    """
    _require_admin(by)
    if erasure.stage is not Stage.ASKED:
        return
    holds = holds_on(erasure.customer_id)
    if holds:
        raise Conflict(f"A hold stands against it: {holds[0].reason}")
    is_alone = by.id == erasure.asked_by_id
    if is_alone and one_line(typed, 100).casefold() != words_to_type(erasure):
        raise Invalid(
            f"You asked for it yourself. Type “{words_to_type(erasure)}”, or let somebody else"
            " confirm it."
        )
    erasure.stage, erasure.decided_at, erasure.decided_by_id = Stage.CONFIRMED, now(), by.id
    record(ErasureConfirmed(erasure.customer_id, erasure.id), by=by)


def refuse(erasure: Erasure, reason: str, *, by: Account) -> None:
    """It is not done, for a reason that is kept."""
    _require_manager(by)
    if erasure.stage is not Stage.ASKED:
        raise Conflict("This was decided meanwhile.")
    erasure.refusal = _reason(reason)
    erasure.stage, erasure.decided_at, erasure.decided_by_id = Stage.REFUSED, now(), by.id
    record(ErasureRefused(erasure.customer_id, erasure.id), by=by)


def erasures(limit: int = 200) -> list[Erasure]:
    """What was asked for, newest first."""
    statement = (
        select(Erasure)
        .options(
            joinedload(Erasure.customer),
            joinedload(Erasure.asked_by),
            joinedload(Erasure.decided_by),
        )
        .order_by(Erasure.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def erasure_by_id(erasure_id: int) -> Erasure:
    """One erasure, locked. Raises NotFound."""
    found = by_id(Erasure, erasure_id, with_for_update={"of": Erasure})
    if found is None:
        raise NotFound("There is no such erasure.")
    return found


def hold_by_id(hold_id: int) -> LegalHold:
    """One hold. Raises NotFound."""
    found = by_id(LegalHold, hold_id)
    if found is None:
        raise NotFound("There is no such hold.")
    return found
