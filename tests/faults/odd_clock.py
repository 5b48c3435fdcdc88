"""One step of a trial on a machine whose clock says something odd; run by `test_odd_clocks.py`
under faketime. It tells what it found in a line of JSON."""

import json
import sys
from pathlib import Path

from sqlalchemy import select

from config import Config
from helpdesk import create_app
from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.customers.models import Customer
from helpdesk.rules.jobs import ask_rules_about_time
from helpdesk.rules.waiting import Wait
from helpdesk.tickets import conversation
from helpdesk.tickets.hours import BusinessHours
from helpdesk.tickets.jobs import watch_clocks
from helpdesk.tickets.models import Ticket
from tests.rules.writing import rule
from tests.tickets.promises import policy

WEEK = [[day, *block] for day in range(7) for block in ((0, 330), (1290, 1440))]
SPAN = 7 * 3600


def file(zone: str) -> None:
    """A ticket with seven hours for its first answer, and a rule that waits as long."""
    with transaction():
        hours = BusinessHours(name="Nights", zone=zone, week=WEEK, created_at=now())
        session.add(hours)
        session.flush()
        policy(first_response=SPAN, business_hours=hours)
        rule("", {"add_tags": "late"}, wait=Wait("unanswered", SPAN, hours.id))
        conversation.file(session.scalars(select(Customer)).first(), "Help", "Please")  # type: ignore[arg-type]


def look(_zone: str) -> None:
    """What a worker does every minute."""
    watch_clocks()
    ask_rules_about_time()


def found() -> dict[str, object]:
    """What became of the ticket so far."""
    ticket = session.scalars(select(Ticket)).one()
    breaches = select(JournalEntry.id).where(JournalEntry.event == "SlaBreached")
    return {
        "due": ticket.due_at.isoformat() if ticket.due_at else None,
        "breaches": len(session.scalars(breaches).all()),
        "tags": [tag.name for tag in ticket.tags],
        "people": len(session.scalars(select(Account)).all()),
    }


if __name__ == "__main__":
    folder, step, where = sys.argv[1:]
    settings = Config(
        database_url=f"sqlite:///{folder}/odd.db",
        redis_url="redis://127.0.0.1:1",
        smtp_url="smtp://127.0.0.1:1",
        secret_key="a key for the trials that nobody else has",
        instance_path=Path(folder),
        public_url="http://localhost",
    )
    with create_app(settings).app_context():
        {"file": file, "look": look}[step](where)
        sys.stdout.write(f"{json.dumps(found())}\n")
