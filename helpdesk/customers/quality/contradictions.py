"""Records that cannot be true as they stand: two facts contradict one another."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from helpdesk.core.clock import now
from helpdesk.core.db import ask
from helpdesk.customers import countries
from helpdesk.customers.contactpoints import ContactPoint, PointKind
from helpdesk.customers.duplicates import SWITCHBOARD
from helpdesk.customers.merges import Duplicate
from helpdesk.customers.models import Address, Customer, Organization, SurveyPreference
from helpdesk.customers.quality.age import heard_of
from helpdesk.customers.quality.reach import SOMEBODY_LEFT, SOMEBODY_STAYED
from helpdesk.customers.quality.seen import STANDS, STAYED, Seen, Within, day
from helpdesk.customers.queries import home_ids

_OTHER = aliased(Customer)
_FAREWELL = timedelta(days=31)
"""Invoices and goodbyes come a while after somebody left."""


def left_before_coming(within: Within) -> Iterator[Seen]:
    """One of the two days is wrong."""
    rows = ask(
        select(Customer.id, Customer.customer_since, Customer.lost_on).where(
            within(Customer.id), Customer.lost_on < Customer.customer_since, *STANDS
        )
    )
    for customer_id, since, lost_on in rows:
        yield Seen(customer_id, f"Came on {day(since)} and left on {day(lost_on)}.")


def left_and_active(within: Within) -> Iterator[Seen]:
    """They left, and all the same they order, write or come."""
    signs = [sign.label(f"sign_{number}") for number, sign in enumerate(heard_of(Customer.id))]
    rows = ask(
        select(Customer.id, Customer.lost_on, *signs).where(
            within(Customer.id), Customer.lost_on.is_not(None), *STANDS
        )
    )
    for customer_id, lost_on, *moments in rows:
        last = max((at.date() for at in moments if at), default=lost_on)
        if last > lost_on + _FAREWELL:
            yield Seen(customer_id, f"Left on {day(lost_on)}, and was active on {day(last)}.")


def advertised_though_unsubscribed(within: Within) -> Iterator[Seen]:
    """They allow advertising, and unsubscribed from what we ask them."""
    rows = ask(
        select(Customer.id).where(
            within(Customer.id),
            Customer.marketing.is_(True),
            Customer.survey_preference == SurveyPreference.NONE,
            *STAYED,
        )
    )
    for (customer_id,) in rows:
        yield Seen(customer_id, "Advertising is allowed, and surveys are unsubscribed.")


def address_of_another(within: Within) -> Iterator[Seen]:
    """Their address is at the domain of another organization than theirs."""
    rows = list(
        ask(
            select(Customer.id, Customer.organization_id, Address.email)
            .join(Address, Address.customer_id == Customer.id)
            .where(within(Customer.id), Customer.organization_id.is_not(None), *STAYED)
            .order_by(Address.id)
        )
    )
    at = {row.email: row.email.rpartition("@")[2] for row in rows}
    homes = home_ids(at.values())
    own = {row.id for row in rows if homes.get(at[row.email]) == row.organization_id}
    elsewhere = {
        row.id: (at[row.email], homes[at[row.email]])
        for row in reversed(rows)
        if row.id not in own and at[row.email] in homes
    }
    wanted = {home for _, home in elsewhere.values()}
    named = select(Organization.id, Organization.name).where(Organization.id.in_(wanted))
    names = {row.id: row.name for row in ask(named)} if wanted else {}
    for customer_id, (domain, home) in elsewhere.items():
        yield Seen(customer_id, f"An address at {domain}, which belongs to {names[home]}.")


def against_the_phone(within: Within) -> Iterator[Seen]:
    """What a phone's country says, against time zone and language."""
    rows = ask(
        select(Customer.id, ContactPoint.value, Customer.time_zone, Customer.language)
        .join(ContactPoint, ContactPoint.customer_id == Customer.id)
        .where(within(Customer.id), ContactPoint.kind == PointKind.PHONE, *STAYED)
        .order_by(ContactPoint.is_primary, ContactPoint.id.desc())
    )
    # Of several phones the one to call, which comes last, counts.
    phones = {row.id: row for row in rows}
    for customer_id, value, zone, language in phones.values():
        called = countries.of_phone(value)
        if not called:
            continue
        name = countries.name_of(called[0])
        if zone and not countries.keep_time_of(zone, called):
            yield Seen(customer_id, f"The phone is of {name}, the time zone is {zone}.")
        elif not countries.speak(language, [*called, *countries.of_zone(zone)]):
            yield Seen(customer_id, f"The phone is of {name}, the language is “{language}”.")


def renews_before_start(within: Within) -> Iterator[Seen]:
    """One of the two days is wrong."""
    since, renews = Organization.contract_since, Organization.renews_on
    for organization_id, began, on in ask(
        select(Organization.id, since, renews).where(within(Organization.id), renews < since)
    ):
        yield Seen(organization_id, f"Begins on {day(began)} and renews on {day(on)}.")


def left_with_contract(within: Within) -> Iterator[Seen]:
    """Everybody there left, and the contract goes on."""
    rows = ask(
        select(Organization.id, Organization.renews_on).where(
            within(Organization.id),
            Organization.renews_on >= now().date(),
            SOMEBODY_LEFT,
            ~SOMEBODY_STAYED,
        )
    )
    for organization_id, on in rows:
        yield Seen(organization_id, f"Everybody left, and the contract goes on until {day(on)}.")


def one_phone(within: Within) -> Iterator[Seen]:
    """Two people are called at one number, which is no switchboard's."""
    # In three questions: as one, SQLite walks through everybody for each of them.
    here = select(ContactPoint.tail).where(
        within(ContactPoint.customer_id), ContactPoint.tail.is_not(None)
    )
    tails = {row.tail for row in ask(here)}
    callers = defaultdict[str, set[int]](set)
    points = select(ContactPoint.tail, ContactPoint.customer_id)
    for tail, customer_id in ask(points.where(ContactPoint.tail.in_(tails))):
        callers[tail].add(customer_id)
    shared = {tail: ids for tail, ids in callers.items() if 1 < len(ids) <= SWITCHBOARD}
    ids = {customer_id for several in shared.values() for customer_id in several}
    if not ids:
        return
    standing = {row.id for row in ask(select(Customer.id).where(Customer.id.in_(ids), *STANDS))}
    inside = select(Customer.id).where(within(Customer.id), Customer.id.in_(ids))
    firsts = {row.id for row in ask(inside)}
    told = select(Duplicate.first_id, Duplicate.second_id).where(
        Duplicate.first_id.in_(ids), Duplicate.dismissed_at.is_not(None)
    )
    apart = {(row.first_id, row.second_id) for row in ask(told)}
    pairs = {
        pair: tail for tail, several in shared.items() for pair in combinations(sorted(several), 2)
    }
    for pair, tail in sorted(pairs.items()):
        if pair[0] in firsts and standing.issuperset(pair) and pair not in apart:
            yield Seen(pair[0], f"One number for two, ending in {tail[-3:]}.", pair[1])


def one_name(within: Within) -> Iterator[Seen]:
    """Two people of one organization have one name."""
    apart = select(Duplicate.id).where(
        Duplicate.first_id == Customer.id,
        Duplicate.second_id == _OTHER.id,
        Duplicate.dismissed_at.is_not(None),
    )
    rows = ask(
        select(Customer.id, _OTHER.id)
        .join(_OTHER, _OTHER.organization_id == Customer.organization_id)
        .where(within(Customer.id), _OTHER.id > Customer.id, *STANDS)
        .where(_OTHER.name_lower == Customer.name_lower)
        .where(_OTHER.merged_into_id.is_(None), _OTHER.erased_at.is_(None), ~apart.exists())
    )
    for customer_id, other_id in rows:
        yield Seen(customer_id, "One name for two in one organization.", other_id)
