"""Questions about surveys, for pages, reports and health."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from helpdesk.accounts.models import Account
from helpdesk.core.db import ask, session
from helpdesk.core.ids import is_id
from helpdesk.core.paging import Page, keyset
from helpdesk.customers.models import Customer, Organization
from helpdesk.mail.models import Delivery, OutboundEmail
from helpdesk.surveys.decisions import Decision, sentence
from helpdesk.surveys.models import (
    ASKED,
    MAILED,
    UNSURE,
    Invitation,
    Kind,
    Response,
    State,
    Survey,
)
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.queries import visible_to


def locked(invitation_id: int) -> Invitation | None:
    """The invitation with its customer and organization, kept from others' changes until this
    transaction ends, so that two surveys cannot use the same budget. None when it is gone."""
    whom = session.execute(
        select(Customer.organization_id, Customer.id)
        .join(Invitation, Invitation.customer_id == Customer.id)
        .where(Invitation.id == invitation_id)
    ).first()
    if whom is None:
        return None
    lock_budget(*whom)
    return session.get(
        Invitation,
        invitation_id,
        with_for_update={"key_share": True, "of": Invitation},
        populate_existing=True,
        options=(joinedload(Invitation.ticket), joinedload(Invitation.survey)),
    )


def free_to_send(at: datetime, most: int) -> list[Invitation]:
    """Up to `most` due invitations whose customers and organizations nobody else holds, with both
    locked, the oldest first. Organizations before customers, as everywhere."""
    candidates = ask(
        select(Invitation.id, Customer.id, Customer.organization_id)
        .join(Customer, Customer.id == Invitation.customer_id)
        .where(Invitation.state == State.WAITING, Invitation.send_at <= at)
        .order_by(Invitation.send_at, Invitation.id)
        .limit(4 * most)
    ).all()
    organizations = _lock_free(Organization, {row[2] for row in candidates} - {None}, most)
    reachable = [row for row in candidates if row[2] is None or row[2] in organizations]
    customers = _lock_free(Customer, {row[1] for row in reachable}, most)
    mine = [row[0] for row in reachable if row[1] in customers][:most]
    return _with_everything(mine)


def _lock_free(model: type[Organization | Customer], ids: set[int], most: int) -> set[int]:
    statement = (
        select(model.id)
        .where(model.id.in_(ids))
        .order_by(model.id)
        .limit(most)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return set(session.scalars(statement)) if ids else set()


def _with_everything(ids: list[int]) -> list[Invitation]:
    """What sending looks at, in a few questions for all of them."""
    statement = (
        select(Invitation)
        .where(Invitation.id.in_(ids), Invitation.state == State.WAITING)
        .order_by(Invitation.send_at, Invitation.id)
        .options(
            joinedload(Invitation.survey),
            joinedload(Invitation.ticket).selectinload(Ticket.tags),
            joinedload(Invitation.customer).options(
                selectinload(Customer.addresses), joinedload(Customer.account)
            ),
        )
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement).unique())


def waits_for(customer_id: int) -> bool:
    """Whether a question is about to go to the customer."""
    waiting = select(Invitation.id).where(
        Invitation.customer_id == customer_id, Invitation.state == State.WAITING
    )
    return bool(session.scalar(select(waiting.exists())))


def lock_budget(organization_id: int | None, customer_id: int) -> Customer:
    """The customer, and always the organization first, so that no two wait for each other."""
    if organization_id is not None:
        session.get(Organization, organization_id, with_for_update={"key_share": True})
    return session.get_one(
        Customer, customer_id, with_for_update={"key_share": True}, populate_existing=True
    )


def decision_about(ticket_id: int, resolved_at: datetime) -> Invitation | None:
    """What was decided when the ticket was resolved at that moment."""
    return session.scalar(
        select(Invitation).where(
            Invitation.ticket_id == ticket_id, Invitation.resolved_at == resolved_at
        )
    )


def last_decision(ticket_id: int) -> Invitation | None:
    """What was decided about asking the last time the ticket was resolved."""
    return session.scalar(
        select(Invitation).where(Invitation.ticket_id == ticket_id).order_by(*_LAST).limit(1)
    )


_LAST = (Invitation.resolved_at.desc(), Invitation.id.desc())
# Put together once: every page of a ticket that is done asks it.
_DECISIONS = (
    select(
        Invitation.state,
        Invitation.reason,
        Invitation.send_at,
        Invitation.sent_at,
        OutboundEmail.state.label("delivery"),
        Response.score,
        Survey.highest,
    )
    .join(Survey, Survey.id == Invitation.survey_id)
    .outerjoin(OutboundEmail, OutboundEmail.id == Invitation.email_id)
    .outerjoin(Response, Response.invitation_id == Invitation.id)
    .where(Invitation.ticket_id == bindparam("ticket"))
    .order_by(*_LAST)
    .limit(1)
)


def decision_for(ticket_id: int) -> str | None:
    """One sentence: asked or not asked, because …; None while nothing was decided."""
    row = ask(_DECISIONS, {"ticket": ticket_id}).first()
    return sentence(Decision(*row)) if row else None


def unanswered_of(ticket_id: int) -> list[int]:
    """Ids of the ticket's invitations that wait, or were mailed and have no answer."""
    statement = select(Invitation.id).where(
        Invitation.ticket_id == ticket_id, Invitation.state.in_((State.WAITING, State.SENT))
    )
    return list(session.scalars(statement))


def due_to_send(at: datetime) -> Select[int]:
    """Ids of invitations whose time has come, the oldest first."""
    return (
        select(Invitation.id)
        .where(Invitation.state == State.WAITING, Invitation.send_at <= at)
        .order_by(Invitation.send_at, Invitation.id)
    )


def due_to_expire(at: datetime) -> Select[int]:
    """Ids of invitations that nobody answered in time."""
    return select(Invitation.id).where(Invitation.state == State.SENT, Invitation.expires_at <= at)


def unscored_comments() -> Select[int]:
    """Ids of responses with a comment that no analyser has read."""
    return select(Response.id).where(Response.scored_at.is_(None), Response.comment != "")


def was_asked() -> ColumnElement[bool]:
    """The condition under which somebody was asked: mailed, not taken back, and as far as we know
    it arrived or may have. Needs an outer join with OutboundEmail."""
    lost = OutboundEmail.state.in_((Delivery.BOUNCED, Delivery.PARKED))
    return and_(Invitation.state.in_(ASKED), ~func.coalesce(lost, False))


def not_asked_reasons(
    start: datetime, end: datetime, kind: Kind | None = None
) -> dict[Reason, int]:
    """How often each reason kept us from asking, from `start` up to `end`, the commonest first."""
    number = func.count()
    statement = (
        select(Invitation.reason, number)
        .where(
            Invitation.state == State.SUPPRESSED,
            Invitation.created_at >= start,
            Invitation.created_at < end,
        )
        .group_by(Invitation.reason)
        .order_by(number.desc(), Invitation.reason)
    )
    if kind is not None:
        statement = statement.where(Invitation.kind == kind)
    return {reason: count for reason, count in session.execute(statement) if reason}


@dataclass(frozen=True)
class Filter:
    """Which decisions to list; None leaves a side open."""

    standing: str | None = None
    reason: Reason | None = None
    customer_id: int | None = None
    ticket_id: int | None = None

    @property
    def is_about_one(self) -> bool:
        """Whether it is about one ticket or one customer that there is."""
        return self.ticket_id is not None or (self.customer_id or 0) > 0


def decisions(viewer: Account, wanted: Filter, cursor: str | None = None) -> Page[Invitation]:
    """A page of decisions about asking that `viewer` may see, newest first.

    Raises Invalid for a broken cursor.
    """
    statement = (
        select(Invitation)
        .outerjoin(Invitation.mail)
        .outerjoin(Invitation.ticket)
        .where(or_(Invitation.ticket_id.is_(None), visible_to(viewer)))
        .options(
            joinedload(Invitation.survey),
            joinedload(Invitation.customer),
            joinedload(Invitation.response),
            joinedload(Invitation.asked_by),
            contains_eager(Invitation.ticket),
            contains_eager(Invitation.mail),
        )
    )
    for column, value in (
        (Invitation.reason, wanted.reason),
        (Invitation.customer_id, wanted.customer_id),
        (Invitation.ticket_id, wanted.ticket_id),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.standing is not None:
        statement = statement.where(_stands(wanted.standing))
    return keyset(statement, (Invitation.created_at, Invitation.id), cursor)


def invitation_for(viewer: Account, number: int) -> Invitation | None:
    """A decision that `viewer` may see."""
    return session.scalar(
        select(Invitation)
        .outerjoin(Invitation.ticket)
        .where(Invitation.id == (number if is_id(number) else 0))
        .where(or_(Invitation.ticket_id.is_(None), visible_to(viewer)))
    )


def _stands(standing: str) -> ColumnElement[bool]:
    """The same rule as `Invitation.standing`, for the database."""
    unsure = OutboundEmail.state.in_(UNSURE)
    if standing in UNSURE:
        return and_(Invitation.state.in_(MAILED), OutboundEmail.state == standing)
    plain = Invitation.state == standing
    if standing in MAILED:
        return and_(plain, func.coalesce(~unsure, True))
    return plain


def last_asked(customer_id: int) -> datetime | None:
    """When a survey was last mailed to the customer."""
    statement = select(func.max(Invitation.sent_at)).where(Invitation.customer_id == customer_id)
    return session.scalar(statement)
