"""Why a ticket is where it is: every decision that no person took, newest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import HelpdeskError, Invalid
from helpdesk.core.journal import JournalEntry
from helpdesk.desk.people import people
from helpdesk.desk.rulebook import Said, said
from helpdesk.desk.sentences import Entry, sentence
from helpdesk.rules.force import Held, in_force
from helpdesk.rules.matching import in_words, verdicts_on
from helpdesk.rules.models import Outcome, RuleDecision, RuleMiss, RuleVersion
from helpdesk.rules.waiting import hours_of, lasts
from helpdesk.surveys.models import Trigger
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets.filters import reading_for
from helpdesk.tickets.models import Ticket
from helpdesk.ui.times import clock_time, day

SIZE = 40
OF_TICKETS = (
    "TicketAssigned",
    "TicketLeftUnassigned",
    "TicketMovedToTeam",
    "PriorityChanged",
    "StatusChanged",
    "TagsChanged",
    "TicketResolved",
    "TicketReopened",
    "TicketClosed",
    "SlaPolicyChosen",
    "SlaRecounted",
    "SlaWarned",
    "SlaBreached",
    "SlaMet",
    "SlaMetLate",
    "MailedReplyStopped",
)
OF_SURVEYS = ("SurveyInvited", "SurveySuppressed", "SurveyWithdrawn", "FollowUpOpened")
OF_HEALTH = ("ChurnFlagRaised", "ChurnFlagCleared", "PlaybookBegun", "PlaybookWithheld")


@dataclass(frozen=True)
class Reasoned:
    """One decision: what kind, in a sentence, with what was seen, and what the rule said."""

    at: datetime
    kind: str
    text: str
    tone: str = ""
    facts: Sequence[Sequence[str]] = ()
    said: Said | None = None
    version: RuleVersion | None = None


@dataclass(frozen=True)
class Reasons:
    """A page of them; `older` is where the next one begins."""

    items: Sequence[Reasoned]
    older: str | None


def reasons_for(ticket: Ticket, cursor: str | None = None) -> Reasons:
    """The decisions about a ticket that the viewer may see. Raises Invalid for a broken cursor."""
    until = _moment(cursor)
    found = [
        *_by_rules(ticket, until),
        *_misses(ticket, until),
        *_by_tickets(ticket, until),
        *_about_customer(ticket, until),
    ]
    found.sort(key=lambda one: one.at, reverse=True)
    if len(found) <= SIZE:
        return Reasons(found, None)
    last = found[SIZE - 1].at
    items = [one for one in found if one.at >= last]
    return Reasons(items, f"{last.timestamp():.6f}" if len(items) < len(found) else None)


def _moment(cursor: str | None) -> datetime:
    if cursor is None:
        return datetime.max.replace(tzinfo=UTC, year=9000)
    try:
        return datetime.fromtimestamp(float(cursor[:30]), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid("This page link is damaged. Start again from the first page.") from error


_OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.DONE: ("acted", "good"),
    Outcome.NOTHING: ("was meant, but changed nothing", ""),
    Outcome.STOPPED: ("was meant, but was stopped", "warn"),
    Outcome.LIMITED: ("was meant, but was held back", "warn"),
    Outcome.FAILED: ("was meant, but failed", "bad"),
}


def _by_rules(ticket: Ticket, until: datetime) -> list[Reasoned]:
    statement = (
        select(RuleDecision)
        .where(RuleDecision.ticket_id == ticket.id, RuleDecision.at < until)
        .options(joinedload(RuleDecision.version))
        .order_by(RuleDecision.id.desc())
        .limit(SIZE + 1)
    )
    return [_decision(one) for one in session.scalars(statement)]


def _decision(one: RuleDecision) -> Reasoned:
    words, tone = _OUTCOMES[one.outcome]
    what = "; ".join([*one.did, *([one.reason] if one.reason else [])])
    text = f"The rule “{one.version.name}” {words}, because {one.because}: {what}."
    return Reasoned(one.at, "Rule", text, tone, one.facts, said(one.version), one.version)


def _misses(ticket: Ticket, until: datetime) -> list[Reasoned]:
    statement = (
        select(RuleMiss)
        .where(RuleMiss.ticket_id == ticket.id, RuleMiss.at < until)
        .order_by(RuleMiss.id.desc())
        .limit(SIZE + 1)
    )
    rows = session.scalars(statement).all()
    ids = {version_id for row in rows for version_id, _ in row.missed}
    known = {one.id: one for one in session.scalars(_versions(ids))}
    return [
        Reasoned(
            row.at,
            "Nearly",
            f"The rule “{version.name}” was not meant when {row.because}: it asks for {missed}.",
            "",
            row.facts,
            said(version),
            version,
        )
        for row in rows
        for version_id, missed in row.missed
        if (version := known.get(version_id))
    ]


def _versions(ids: set[int]) -> Select[RuleVersion]:
    return select(RuleVersion).where(RuleVersion.id.in_(ids))


def _by_tickets(ticket: Ticket, until: datetime) -> list[Reasoned]:
    by_itself = and_(JournalEntry.actor_id.is_(None), JournalEntry.actor_name.is_(None))
    reasoned = and_(
        JournalEntry.event == "TicketAssigned",
        JournalEntry.data["reason"].as_string() != "by hand",
        JournalEntry.actor_id.is_not(None),
    )
    chosen = and_(JournalEntry.event.in_(OF_TICKETS), or_(by_itself, reasoned))
    who = people()
    return [
        Reasoned(
            row.at,
            _kind(row.event),
            f"{sentence(Entry(row.event, row.data, row.actor_id, row.actor_name, who))}.",
            "bad" if row.event == "SlaBreached" else "",
        )
        for row in _entries("ticket", ticket.id, until, chosen)
    ]


def _kind(event: str) -> str:
    if event.startswith("Sla"):
        return "Promise"
    return "Assignment" if event in ("TicketAssigned", "TicketLeftUnassigned") else "Change"


def _about_customer(ticket: Ticket, until: datetime) -> list[Reasoned]:
    """What was decided about asking because of this ticket, and about the customer while it was
    there."""
    asked = and_(
        JournalEntry.event.in_(OF_SURVEYS),
        JournalEntry.data["ticket_id"].as_integer() == ticket.id,
    )
    health = and_(JournalEntry.event.in_(OF_HEALTH), JournalEntry.at >= ticket.created_at)
    rows = _entries("customer", ticket.customer_id, until, or_(asked, health))
    return [
        Reasoned(
            row.at,
            "Survey" if row.event in OF_SURVEYS else "Health",
            _CUSTOMERS[row.event](row.data),
        )
        for row in rows
    ]


def _entries(
    kind: str, number: int, until: datetime, chosen: ColumnElement[bool]
) -> Sequence[JournalEntry]:
    statement = select(JournalEntry).where(
        JournalEntry.subject_kind == kind,
        JournalEntry.subject_id == number,
        JournalEntry.at < until,
        chosen,
    )
    return session.scalars(statement.order_by(JournalEntry.id.desc()).limit(SIZE + 1)).all()


def _because(data: Mapping[str, object]) -> str:
    known = {one.value: one for one in Reason}
    reason = known.get(str(data["reason"]))
    return f", because {reason.sentence}." if reason else "."


def _invited(data: Mapping[str, object]) -> str:
    at = datetime.fromisoformat(str(data["send_at"]))
    return f"A survey is to be sent on {day(at)} at {clock_time(at)}."


_CUSTOMERS: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "SurveyInvited": _invited,
    "SurveySuppressed": lambda data: f"No survey is sent{_because(data)}",
    "SurveyWithdrawn": lambda data: f"The survey was withdrawn{_because(data)}",
    "FollowUpOpened": lambda data: (
        f"The answer {data['score']} opened a follow-up because of"
        f" {Trigger(str(data['trigger'])).words}."
    ),
    "ChurnFlagRaised": lambda data: (
        f"The customer got a churn flag at risk {data['risk']}: {data['reason']}."
    ),
    "ChurnFlagCleared": lambda data: (
        f"The churn flag went at risk {data['risk']}: {data['reason']}."
    ),
    "PlaybookBegun": lambda data: f"The playbook “{data['name']}” began for the customer.",
    "PlaybookWithheld": lambda data: (
        f"The playbook “{data['name']}” was withheld by lot, to compare with."
    ),
}


def awaited(ticket: Ticket) -> list[str]:
    """What rules about time will do, or what keeps them from it now."""
    return [words for rule in in_force() if rule.wait and (words := _awaited(rule, ticket))]


def _awaited(rule: Held, ticket: Ticket) -> str:
    """Nothing for a rule whose time does not run on this ticket, and for one that is through."""
    if rule.wait is None or rule.error:
        return ""
    try:
        hours, name = hours_of(rule.wait)
    except HelpdeskError as error:
        return f"The rule “{rule.name}” cannot act: {error.message}"
    row = session.execute(lasts(rule.wait.lasting).where(Ticket.id == ticket.id)).first()
    due = rule.wait.due(row.since, hours) if row and row.since else None
    if due is None or due <= now():
        return ""
    missed = verdicts_on(ticket.id, rule.units, reading_for(None, one=True)).missed(rule.units)
    when = f"on {day(due)} at {clock_time(due)}, when {rule.wait.words(name)}"
    if missed:
        lacking = " ".join(map(in_words, missed))
        return f"The rule “{rule.name}” would act {when}, but it asks for {lacking}."
    return f"The rule “{rule.name}” acts {when}."
