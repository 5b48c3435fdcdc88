"""Records that may be one person's: looked for by a job, proposed with the reason, and never again
once somebody said no."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import joinedload

from helpdesk.core.clock import now
from helpdesk.core.db import ask, session
from helpdesk.core.errors import NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.paging import Order, Page, sorted_rows
from helpdesk.customers.addresses import SHARED_DOMAINS
from helpdesk.customers.contactpoints import ContactPoint
from helpdesk.customers.likeness import NEAR, alike, readings
from helpdesk.customers.merges import Duplicate
from helpdesk.customers.models import Address, Customer

SIZE = 50
SHORTEST_HANDLE = 3
SWITCHBOARD = 6
"""So many people share no phone of their own: it is the company's."""
MOST_IN_BLOCK = 120


@dataclass
class _Person:
    id: int
    name: str
    phones: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    handles: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Proposal:
    """Two records, how sure it is (0 to 1), and why, in words."""

    first_id: int
    second_id: int
    score: float
    reasons: tuple[str, ...]


def propose(people: Mapping[int, _Person]) -> list[Proposal]:
    """Whom one should look at, of these people."""
    reasons: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for pair in _sharing(people, "phones", SWITCHBOARD):
        reasons[pair]["the same phone"] = 0.8
    for pair in _sharing(people, "handles", MOST_IN_BLOCK):
        reasons[pair]["the same handle"] = 0.9
    for one, other in _near_names(people):
        found = alike(people[one].name, people[other].name)
        shared = sorted(people[one].domains & people[other].domains)
        if found >= NEAR and shared:
            words = "the same name" if found == 1 else "nearly the same name"
            reasons[one, other][f"{words} and addresses at {shared[0]}"] = found
        elif found >= NEAR and (one, other) in reasons:
            reasons[one, other]["nearly the same name"] = found
    return [
        Proposal(*pair, score=1 - _product(1 - s for s in why.values()), reasons=tuple(why))
        for pair, why in reasons.items()
    ]


def _product(values: Iterable[float]) -> float:
    result = 1.0
    for value in values:
        result *= max(value, 0.01)
    return result


def _sharing(people: Mapping[int, _Person], what: str, most: int) -> Iterator[tuple[int, int]]:
    blocks: dict[str, list[int]] = defaultdict(list)
    for person in people.values():
        for key in getattr(person, what):
            blocks[key].append(person.id)
    for block in blocks.values():
        if 1 < len(block) <= most:
            yield from combinations(sorted(block), 2)


def _near_names(people: Mapping[int, _Person]) -> Iterator[tuple[int, int]]:
    """Pairs worth comparing: at one domain or phone, with two initials in common."""
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for person in people.values():
        initials = set(_initials(person.name))
        for where in person.domains | person.phones:
            for letters in initials:
                blocks[where, letters].append(person.id)
    seen = set[tuple[int, int]]()
    for block in blocks.values():
        if len(block) <= MOST_IN_BLOCK:
            seen.update(combinations(sorted(block), 2))
    yield from seen


def _initials(name: str) -> Iterator[str]:
    for parts in readings(name):
        letters = sorted(part[0] for part in parts)
        if len(letters) == 1:
            yield letters[0]
        yield from ("".join(two) for two in combinations(letters, 2))


def read_people() -> dict[int, _Person]:
    """Everybody who is not merged away, with what may tell that they are somebody else too."""
    rows = ask(select(Customer.id, Customer.name).where(Customer.merged_into_id.is_(None)))
    people = {row.id: _Person(row.id, row.name) for row in rows}
    points = select(
        ContactPoint.customer_id, ContactPoint.kind, ContactPoint.key, ContactPoint.tail
    )
    for customer_id, kind, key, tail in ask(points):
        if customer_id not in people:
            continue
        if kind.is_number:
            people[customer_id].phones |= {tail} if tail else set()
        elif len(key) >= SHORTEST_HANDLE:
            people[customer_id].handles.add(f"{kind}:{key}")
    for customer_id, email in ask(select(Address.customer_id, Address.email)):
        domain = email.rpartition("@")[2]
        if customer_id in people and domain not in SHARED_DOMAINS:
            people[customer_id].domains.add(domain)
    return people


def store(proposals: Sequence[Proposal]) -> int:
    """Keep what is new and forget what no longer holds; how many are open. What somebody dismissed
    stays dismissed."""
    known = {
        (row.first_id, row.second_id): row
        for row in ask(
            select(
                Duplicate.id, Duplicate.first_id, Duplicate.second_id, Duplicate.dismissed_at,
                Duplicate.reasons,
            )
        )
    }  # fmt: skip
    wanted = {(one.first_id, one.second_id): one for one in proposals}
    over = [
        row.id for pair, row in known.items() if pair not in wanted and row.dismissed_at is None
    ]
    for start in range(0, len(over), 500):
        session.execute(delete(Duplicate).where(Duplicate.id.in_(over[start : start + 500])))
    fresh = [
        {
            "first_id": one.first_id,
            "second_id": one.second_id,
            "score": one.score,
            "reasons": list(one.reasons),
            "found_at": now(),
        }
        for pair, one in wanted.items()
        if pair not in known
    ]
    if fresh:
        session.execute(insert(Duplicate), fresh)
    for pair, one in wanted.items():
        if pair in known and list(known[pair].reasons) != list(one.reasons):
            values = {"score": one.score, "reasons": list(one.reasons)}
            session.execute(update(Duplicate).where(Duplicate.id == known[pair].id).values(values))
    return sum(1 for pair in wanted if pair not in known or known[pair].dismissed_at is None)


_BOTH_STAND = (
    Duplicate.dismissed_at.is_(None),
    Duplicate.first_id.not_in(select(Customer.id).where(Customer.merged_into_id.is_not(None))),
    Duplicate.second_id.not_in(select(Customer.id).where(Customer.merged_into_id.is_not(None))),
)


def open_duplicates(cursor: str | None = None) -> Page[Duplicate]:
    """What is proposed, the surest first. Raises Invalid for a broken cursor."""
    by = Order(Duplicate.score.expression, Duplicate.id.expression, float)
    page = sorted_rows(select(Duplicate.id).where(*_BOTH_STAND), by, cursor, SIZE)
    statement = (
        select(Duplicate)
        .where(Duplicate.id.in_([row.id for row in page.items]))
        .options(
            joinedload(Duplicate.first).selectinload(Customer.addresses),
            joinedload(Duplicate.second).selectinload(Customer.addresses),
        )
    )
    found = {one.id: one for one in session.scalars(statement)}
    return Page([found[row.id] for row in page.items], page.older, page.newer)


def duplicates_of(customer_id: int) -> list[Duplicate]:
    """What is proposed about one record."""
    either = or_(Duplicate.first_id == customer_id, Duplicate.second_id == customer_id)
    statement = (
        select(Duplicate)
        .where(either, *_BOTH_STAND)
        .options(joinedload(Duplicate.first), joinedload(Duplicate.second))
        .order_by(Duplicate.score.desc(), Duplicate.id)
    )
    return list(session.scalars(statement))


def duplicate_between(first_id: int, second_id: int) -> Duplicate:
    """What is known about these two; a new row where nothing is. Not stored by itself."""
    low, high = sorted((first_id, second_id))
    found = session.scalar(
        select(Duplicate).where(Duplicate.first_id == low, Duplicate.second_id == high)
    )
    return found or Duplicate(first_id=low, second_id=high, reasons=[], score=0.0, found_at=now())


def duplicate_by_id(duplicate_id: int) -> Duplicate:
    """One proposal. Raises NotFound."""
    found = by_id(Duplicate, duplicate_id)
    if found is None:
        raise NotFound("There is no such proposal.")
    return found
