"""By when a customer hears from us, in words: from the same clocks that the staff see."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from helpdesk.core.clock import now
from helpdesk.core.settings import settings
from helpdesk.customers.models import Customer
from helpdesk.tickets.clocks import replies_due
from helpdesk.tickets.hours import is_zone
from helpdesk.tickets.mailwords import ENGLISH, mail_words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
HALF_DAYS = frozenset({"en-us", "en-ca", "en-au", "en-nz", "en-in", "en-ph", "en-za"})
"""Where the day has twice twelve hours; everywhere else, and in plain English, it has 24."""


def promises(ticket_ids: Collection[int], reader: Customer) -> Mapping[int, str]:
    """What `reader` is told about each of these requests for which an answer is owed."""
    due = replies_due(ticket_ids)
    return {ticket_id: sentence(due_at, now(), reader) for ticket_id, due_at in due.items()}


def promise(ticket_id: int, reader: Customer) -> str:
    """The same for one request; empty where nothing is owed."""
    return promises([ticket_id], reader).get(ticket_id, "")


def promise_in_mail(ticket_id: int, reader: Customer) -> str:
    """The same in the language of our mails to `reader`."""
    due_at = replies_due([ticket_id]).get(ticket_id)
    return sentence_in_mail(due_at, now(), reader) if due_at else ""


def sentence_in_mail(due_at: datetime, at: datetime, reader: Customer) -> str:
    """In English as on the page; in other languages the day is a date."""
    words = mail_words(reader.language)
    if words is ENGLISH:
        return sentence(due_at, at, reader)
    zone, named = _zone_of(reader)
    when = due_at.astimezone(zone).strftime(words.moment)
    if named:
        when += f" ({named.removesuffix(' time')})"
    return (words.late if due_at < at else words.promised).format(when=when)


def sentence(due_at: datetime, at: datetime, reader: Customer) -> str:
    """``You will hear from us by Tuesday 11:00.`` In the time zone of the reader, and in that of
    the company, which is then named, for those who told us none."""
    zone, named = _zone_of(reader)
    local, today = due_at.astimezone(zone), at.astimezone(zone)
    by = _by(local, today, reader.language)
    if named:
        by += f" ({named})"
    if due_at < at:
        return f"You should have heard from us {by}. We are late, and we are sorry."
    return f"You will hear from us {by}."


def _zone_of(reader: Customer) -> tuple[ZoneInfo, str]:
    own = reader.time_zone or (reader.account.time_zone if reader.account else None)
    if own and is_zone(own):
        return ZoneInfo(own), ""
    zone = ZoneInfo(settings().time_zone)
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return zone, place if place == "UTC" else f"{place} time"


def _by(due: datetime, today: datetime, language: str) -> str:
    time = _time(due, language)
    days = (due.date() - today.date()).days
    if days in (-1, 0, 1):
        return f"{('yesterday', 'today', 'tomorrow')[days + 1]} by {time}"
    day = WEEKDAYS[due.weekday()]
    if timedelta(0) < due - today and days < 7:
        return f"by {day} {time}"
    year = "" if due.year == today.year else f" {due.year}"
    return f"by {day}, {due.day} {MONTHS[due.month - 1]}{year}, {time}"


def _time(due: datetime, language: str) -> str:
    """Seconds are left out, so that what is said is never later than what is owed."""
    if language.lower().replace("_", "-") not in HALF_DAYS:
        return f"{due:%H:%M}"
    half = "am" if due.hour < 12 else "pm"
    return f"{due.hour % 12 or 12}:{due:%M}\N{NO-BREAK SPACE}{half}"
