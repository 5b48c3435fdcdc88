"""What the desk draws once for as long as it stays the same: lines, messages, lists to choose from.

See `ui.Drawing`. What depends on the moment or on the reader's time zone is handed in as words.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from helpdesk.desk.panels import AnyRow, Health, Panels
from helpdesk.desk.people import People
from helpdesk.desk.promises import WORDS
from helpdesk.desk.queue import TONES, Line
from helpdesk.desk.sentences import STATUS_WORDS
from helpdesk.desk.thread import Happened, Said, Thread
from helpdesk.tickets.models import Priority
from helpdesk.tickets.types import type_names
from helpdesk.ui import Drawing
from helpdesk.ui.times import ages, day, days, lefts, whens

_LINE = Drawing(
    "desk/_line.html",
    "number", "subject", "snippet", "priority", "active", "waits", "tone", "score", "customer",
    "flagged", "assignee", "tags", "urgency", "paused", "due", "due_for",
    keep=8192,
)  # fmt: skip
_MESSAGE = Drawing("desk/_message.html", "item", "tone", "when", "is_last", keep=2048)
_HAPPENING = Drawing("desk/_happening.html", "item", "when", keep=2048)
_HEALTH = Drawing("desk/_health.html", "health", "since", "flagged", "flag_url", keep=1024)
_LISTS = Drawing(
    "desk/_lists.html", "responses", "tickets", "orders", "more", "customer_id", keep=1024
)
_OPTIONS = Drawing("desk/_options.html", "names", "chosen", keep=256)
_FILTERS = Drawing(
    "desk/_filter_form.html",
    "agents", "teams", "types", "priorities", "sort", "narrowed",
    keep=256,
)  # fmt: skip
Words = Callable[[datetime | None], Markup]
LONG = 8000
"""Characters from which a text is not worth the memory of being kept."""


def lines(shown: Iterable[Line], *, keep: bool = True) -> Markup:
    """All lines of a page of the queue in one piece; `keep` those that others will look at."""
    age, left, draw = ages(), lefts(), _LINE if keep else _LINE.fresh
    return Markup("").join([_line(line, age, left, draw) for line in shown])


def _line(line: Line, age: Words, left: Words, draw: Callable[..., Markup]) -> Markup:
    # The columns are those of `queue.SHOWN`; asking for each by name takes longer.
    number, subject, snippet, priority, active_at, waiting_since, feeling, *rest = line.ticket[:13]
    score, customer, flagged_at, assignee, due_at, due_for = rest
    return draw(
        number, subject, snippet, priority, age(active_at), age(waiting_since),
        TONES.get(feeling), score, customer, flagged_at is not None, assignee, line.tags,
        line.urgency, line.paused, left(due_at), WORDS.get(due_for),
    )  # fmt: skip


def conversation(thread: Thread) -> Markup:
    """Messages and happenings, oldest first."""
    when = whens()
    return Markup("").join([_item(item, thread.last_message, when) for item in thread.items])


def _item(item: Said | Happened, last_message: int, when: Callable[[datetime], Markup]) -> Markup:
    if isinstance(item, Happened):
        return _HAPPENING(item, when(item.at))
    draw = _MESSAGE if len(item.text) + len(item.quote) < LONG else _MESSAGE.fresh
    return draw(item, TONES.get(item.label or ""), when(item.at), item.id == last_message)


def health(shown: Health | None, flagged: bool, flag_url: str | None = None) -> Markup:
    """The health of a customer with its reasons."""
    since = day(shown.days[0][0]) if shown else ""
    return _HEALTH(shown, since, flagged, flag_url)


class Beside(NamedTuple):
    """A survey answer, a ticket or an order as it stands beside a conversation."""

    id: int
    text: str | None
    kind: str
    score: int | None
    amount: Decimal | None
    day: str


def lists(panels: Panels, customer_id: int) -> Markup:
    """The last answers, other tickets and orders of a customer."""
    day_of = days()

    def beside(row: AnyRow, kind: str) -> Beside:
        return Beside(row.id, row.text, kind, row.score, row.amount, day_of(row.at))

    tickets = tuple([beside(row, STATUS_WORDS[row.kind]) for row in panels.tickets])
    responses = tuple([beside(row, row.kind) for row in panels.responses])
    orders = tuple([beside(row, row.kind) for row in panels.orders])
    return _LISTS(responses, tickets, orders, panels.more, customer_id)


def options(names: Mapping[int, str], chosen: int | None) -> Markup:
    """The options of a select of these names by id; every ticket offers the same."""
    return _OPTIONS(tuple(names.items()), chosen)


def filter_form(people: People, sort: str, narrowed: str) -> Markup:
    """The form that adds to the filter of the queue; that and the order stay."""
    agents, teams = _distinct(people.agents), _distinct(people.teams)
    types = tuple(type_names().values())
    return _FILTERS(agents, teams, types, tuple(Priority), sort, narrowed)


def _distinct(names: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """What a filter calls somebody, with the name: the number where two are called the same."""
    often = Counter(names.values())
    return tuple((name if often[name] == 1 else f"#{id_}", name) for id_, name in names.items())
