"""What to do about a customer who may leave: steps with owner and due time, begun by a rule or by
hand, with an outcome; and whether it helps."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from helpdesk.accounts.models import Account
from helpdesk.churn.events import (
    PlaybookBegun,
    PlaybookRetired,
    PlaybookStepDone,
    PlaybookWithheld,
    PlaybookWritten,
)
from helpdesk.churn.models import (
    ChurnFlag,
    Doing,
    FlagState,
    Playbook,
    PlaybookRun,
    PlaybookStep,
    PlaybookTask,
)
from helpdesk.churn.steps import Step
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.paging import Page, keyset
from helpdesk.core.settings import settings
from helpdesk.core.text import clean, one_line
from helpdesk.customers.models import Customer

WORDS = ("name", "first_name", "organization", "reason", "tickets", "renewal", "agent", "company")
"""What a step's text may hold in braces."""
MOST_STEPS = 20
CONTACTS = (Doing.CALL, Doing.MAIL, Doing.OFFER, Doing.CHECK_IN)
"""Steps that reach the customer, and so count against the contact budget."""


def make(
    name: str, steps: Sequence[Step], *, rule_key: str = "", least_risk: int = 0, by: Account
) -> Playbook:
    """A new playbook. With a `rule_key` it begins by itself when that reason raises a flag.

    Raises Invalid for no steps, more than 20, or a text with words that no record fills.
    """
    title = one_line(name, 80)
    if not title or not 0 < len(steps) <= MOST_STEPS:
        raise Invalid(f"A playbook has a name and 1 to {MOST_STEPS} steps.")
    for step in steps:
        _check(step)
    playbook = Playbook(
        name=title, rule_key=rule_key, least_risk=least_risk, made_at=now(), by_id=by.id
    )
    playbook.steps = [
        PlaybookStep(
            position=place,
            title=one_line(step.title, 120),
            doing=step.doing,
            after_days=step.after_days,
            text=clean(step.text)[:5000],
        )
        for place, step in enumerate(steps, 1)
    ]
    session.add(playbook)
    session.flush()
    record(PlaybookWritten(playbook.id, title, rule_key), by=by)
    return playbook


def _check(step: Step) -> None:
    if not step.title.strip() or not 0 <= step.after_days <= 365:
        raise Invalid("A step has a title, and is due 0 to 365 days after the start.")
    if re.search(r"[{}]", _filled(step.text, dict.fromkeys(WORDS, ""))):
        known = ", ".join(f"{{{word}}}" for word in WORDS)
        raise Invalid(f"A text may hold {known} in braces, and nothing else.")


def _filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its words; by hand, for `str.format` also reaches what no text should."""
    return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), text)


def begin(flag: ChurnFlag, playbook: Playbook, *, by: Account | None) -> PlaybookRun:
    """Start it for the customer of a flag: each step gets an owner, a due time and its words.

    Steps that reach the customer are put off until the contact budget allows them, and apart from
    one another. Raises Conflict when one runs for this flag already, or the flag is closed.
    """
    if not flag.is_open:
        raise Conflict("This flag is closed already.")
    if running(flag.id) is not None:
        raise Conflict("A playbook runs for this customer already.")
    run = PlaybookRun(
        playbook_id=playbook.id,
        flag_id=flag.id,
        customer_id=flag.customer_id,
        name=playbook.name,
        begun_at=now(),
        by_id=by.id if by else None,
    )
    company = flag.customer.organization
    owner = flag.owner_id or (company.owner_id if company else None) or (by.id if by else None)
    words = _words(flag, by)
    last = _last_contact(flag.customer)
    for step in playbook.steps:
        due = now() + timedelta(days=step.after_days)
        if step.doing in CONTACTS:
            due = last = _allowed(due, last)
        run.tasks.append(
            PlaybookTask(
                position=step.position,
                title=step.title,
                doing=step.doing,
                text=_filled(step.text, words),
                owner_id=owner,
                due_at=due,
            )
        )
    session.add(run)
    session.flush()
    record(PlaybookBegun(flag.customer_id, flag.id, run.id, playbook.name, by is None), by=by)
    return run


def _last_contact(customer: Customer) -> datetime | None:
    """When somebody last reached out: a survey, or a step of an earlier playbook."""
    done = session.scalar(
        select(PlaybookTask.done_at)
        .join(PlaybookRun)
        .where(
            PlaybookRun.customer_id == customer.id,
            PlaybookTask.doing.in_(CONTACTS),
            PlaybookTask.done_at.is_not(None),
        )
        .order_by(PlaybookTask.done_at.desc())
        .limit(1)
    )
    return max((one for one in (done, customer.surveyed_at) if one), default=None)


def _allowed(due: datetime, last: datetime | None) -> datetime:
    """Not before the contact budget is over since the last contact. Days between steps of one
    playbook are as they are written; the first one waits."""
    if last is None or last > now():
        return due
    return max(due, last + timedelta(days=settings().survey_budget_days))


def _words(flag: ChurnFlag, by: Account | None) -> dict[str, str]:
    customer = flag.customer
    organization = customer.organization
    reasons = [point for point in flag.points if point["counted"] > 0]
    numbers = dict.fromkeys(number for point in reasons for number in point["ticket_ids"])
    renews = organization.renews_on if organization else None
    owner = flag.owner or by
    return {
        "name": customer.name,
        "first_name": customer.name.partition(" ")[0],
        "organization": organization.name if organization else customer.name,
        "reason": reasons[0]["reason"] if reasons else "",
        "tickets": ", ".join(f"#{number}" for number in list(numbers)[:5]),
        "renewal": f"{renews:%d %B %Y}" if renews else "",
        "agent": owner.name if owner else settings().company_name,
        "company": settings().company_name,
    }


def finish(task: PlaybookTask, outcome: str, *, by: Account) -> None:
    """The step is done, with what came of it. Twice is harmless."""
    if task.done_at is not None:
        return
    task.done_at, task.done_by_id = now(), by.id
    task.outcome = clean(outcome)[:2000]
    run = task.run
    if all(other.done_at for other in run.tasks):
        run.ended_at = now()
    record(PlaybookStepDone(run.customer_id, run.flag_id, task.id, task.title), by=by)


def begin_by_rule(flag: ChurnFlag) -> PlaybookRun | None:
    """Start the playbook that the reasons of a new flag call for, unless this customer is one of
    those left alone by lot, so that one can tell whether it helps. Twice is harmless."""
    if not flag.is_open or running(flag.id) is not None or flag.withheld_at is not None:
        return None
    keys = {point["key"] for point in flag.points if point["counted"] > 0}
    for playbook in playbooks():
        if playbook.rule_key in keys and flag.risk >= playbook.least_risk:
            if is_withheld(flag.id):
                flag.withheld_at = now()
                record(PlaybookWithheld(flag.customer_id, flag.id, playbook.name))
                return None
            return begin(flag, playbook, by=None)
    return None


def is_withheld(flag_id: int) -> bool:
    """Whether lot says that nothing begins by itself for this flag; always the same answer."""
    lot = int.from_bytes(hashlib.sha256(f"withheld {flag_id}".encode()).digest()[:4], "big")
    return lot % 100 < settings().churn_holdout_percent


def playbooks() -> list[Playbook]:
    """All that can be begun, by name."""
    statement = select(Playbook).where(Playbook.retired_at.is_(None)).order_by(Playbook.name)
    return list(session.scalars(statement.options(selectinload(Playbook.steps))))


def playbook_by_id(playbook_id: int) -> Playbook:
    """One playbook. Raises NotFound when there is none."""
    found = by_id(Playbook, playbook_id)
    if found is None:
        raise NotFound("There is no such playbook.")
    return found


def retire(playbook: Playbook, *, by: Account) -> None:
    """It begins no more; what runs goes on. Twice is harmless."""
    if playbook.retired_at is None:
        playbook.retired_at = now()
        record(PlaybookRetired(playbook.id, playbook.name), by=by)


def running(flag_id: int) -> PlaybookRun | None:
    """The playbook that was begun for a flag, or None."""
    statement = select(PlaybookRun).where(PlaybookRun.flag_id == flag_id)
    return session.scalar(statement.options(selectinload(PlaybookRun.tasks)))


def task_by_id(task_id: int) -> PlaybookTask:
    """One step that was begun. Raises NotFound when there is none."""
    task = by_id(PlaybookTask, task_id)
    if task is None:
        raise NotFound("There is no such step.")
    return task


def due_tasks(owner: Account | None = None, cursor: str | None = None) -> Page[PlaybookTask]:
    """Steps that wait to be done, the most urgent first; those of one person, or of all. Where the
    flag ended, those of customers who were saved alone: a look back is due there, too. Raises
    Invalid for a damaged cursor."""
    goes_on = or_(ChurnFlag.closed_at.is_(None), ChurnFlag.state == FlagState.SAVED)
    statement = (
        select(PlaybookTask)
        .join(PlaybookTask.run)
        .join(PlaybookRun.flag)
        .where(PlaybookTask.done_at.is_(None), goes_on)
        .options(
            contains_eager(PlaybookTask.run).joinedload(PlaybookRun.customer),
            joinedload(PlaybookTask.owner),
        )
    )
    if owner is not None:
        statement = statement.where(PlaybookTask.owner_id == owner.id)
    by = (PlaybookTask.due_at, PlaybookTask.id)
    return keyset(statement, by, cursor, oldest_first=True)
