"""Flaws of records are found, told with their reason, and worked through until none is left."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers import actions, countries, jobs, organizations
from helpdesk.customers.contactpoints import ContactPoint, PointKind, point
from helpdesk.customers.models import Customer, Order, Organization, SurveyPreference
from helpdesk.customers.quality import looking
from helpdesk.customers.quality.kinds import BY_NUMBER
from helpdesk.customers.quality.models import RecordFinding
from helpdesk.customers.quality.working import left
from tests.cast import Cast, customer
from tests.letters import events
from tests.visitor import Visitor

LONG_AGO = datetime(2020, 5, 3, 12, tzinfo=UTC)


def found() -> dict[str, str]:
    """What is left after another look: titles, and of whom."""
    jobs.look_for_flaws()
    session.rollback()
    rows = session.scalars(select(RecordFinding).where(RecordFinding.dismissed_at.is_(None)))
    return {BY_NUMBER[row.kind].title: _who(row) for row in rows}


def _who(row: RecordFinding) -> str:
    if row.organization_id is not None:
        return session.get_one(Organization, row.organization_id).name
    ids = [one for one in (row.customer_id, row.other_id) if one is not None]
    return " and ".join(session.get_one(Customer, one).name for one in ids)


def reasons() -> list[str]:
    return list(session.scalars(select(RecordFinding.reason).order_by(RecordFinding.kind)))


def age(who: Customer) -> None:
    """Nothing happened with this record for years."""
    who.created_at = LONG_AGO
    for address in who.addresses:
        address.verified_at = LONG_AGO


def order(who: Customer, reference: str, at: datetime) -> Order:
    return Order(
        customer_id=who.id, reference=reference, ordered_at=at, recorded_at=at, amount=9,
        currency="EUR",
    )  # fmt: skip


def test_records_without_a_flaw_are_left_alone(people: Cast) -> None:
    assert found() == {}


def bounce(people: Cast) -> None:
    people.sam.addresses[0].bounced_at = LONG_AGO


def leave_before_coming(people: Cast) -> None:
    people.sam.customer_since, people.sam.lost_on = now().date(), date(2026, 4, 1)


def leave_and_order(people: Cast) -> None:
    people.sam.created_at, people.sam.lost_on = LONG_AGO, date(2021, 1, 1)
    session.add(order(people.sam, "A-1", now()))


def leave_with_contract(people: Cast) -> None:
    people.harbor.renews_on = now().date() + timedelta(days=90)
    people.harbor.owner = people.mika
    people.rosa.lost_on = people.carl.lost_on = now().date()


def renew_before_start(people: Cast) -> None:
    people.harbor.contract_since = now().date() + timedelta(days=9)
    people.harbor.renews_on = now().date() + timedelta(days=3)
    people.harbor.owner = people.mika


def write_from_elsewhere(people: Cast) -> None:
    north = Organization(name="Northwind", domain="stone.example", created_at=now())
    session.add(north)
    people.sam.organization = people.harbor


def move_away(people: Cast) -> None:
    people.sam.phone, people.sam.time_zone = "+47 22 33 44 55", "America/New_York"


def speak_another_language(people: Cast) -> None:
    people.sam.phone, people.sam.language = "0047 22334455", "pt"


def advertise_to_the_unsubscribed(people: Cast) -> None:
    people.sam.marketing, people.sam.survey_preference = True, SurveyPreference.NONE


def lose_the_address(people: Cast) -> None:
    sam = people.sam
    sam.addresses.clear()


def lose_the_owner(people: Cast) -> None:
    people.harbor.contract_value, people.harbor.owner = 1200, people.ben  # type: ignore[assignment]
    people.harbor.renews_on = now().date() + timedelta(days=90)
    people.ben.disabled_at = now()


def forget_the_renewal(people: Cast) -> None:
    people.harbor.contract_value, people.harbor.owner = 1200, people.mika  # type: ignore[assignment]


def share_a_phone(people: Cast) -> None:
    people.rosa.phone = people.sam.phone = "+49 30 1234567"


def share_a_name(people: Cast) -> None:
    people.carl.name = "ROSA Lindt"


def pass_the_renewal(people: Cast) -> None:
    people.harbor.renews_on, people.harbor.owner = now().date() - timedelta(days=3), people.mika


def stop_ordering(people: Cast) -> None:
    session.add_all([order(people.sam, "A-1", LONG_AGO), order(people.sam, "A-2", LONG_AGO)])


def fall_silent(people: Cast) -> None:
    age(people.sam)


def keep_an_old_phone(people: Cast) -> None:
    sam = people.sam
    sam.contact_points.append(point(PointKind.X, "@sam"))
    session.flush()
    session.execute(update(ContactPoint).values(created_at=LONG_AGO))


@pytest.mark.parametrize(
    ("spoil", "title", "who", "reason"),
    [
        (bounce, "Every address bounces", "Sam Stone", "since 3 May 2020"),
        (leave_before_coming, "Left before they came", "Sam Stone", "left on 1 April 2026"),
        (leave_and_order, "Left, and active all the same", "Sam Stone", "Left on 1 January 2021"),
        (
            leave_with_contract, "Everybody left, but the contract goes on", "Harbor Coffee",
            "goes on until",
        ),
        (renew_before_start, "Renews before it begins", "Harbor Coffee", "and renews on"),
        (
            write_from_elsewhere, "Address of another organization", "Sam Stone",
            "stone.example, which belongs to Northwind",
        ),
        (
            move_away, "Phone against time zone or language", "Sam Stone",
            "of Norway, the time zone is America/New_York",
        ),
        (
            speak_another_language, "Phone against time zone or language", "Sam Stone",
            "of Norway, the language is “pt”",
        ),
        (
            advertise_to_the_unsubscribed, "Advertising allowed, surveys unsubscribed",
            "Sam Stone", "unsubscribed",
        ),
        (lose_the_address, "No address", "Sam Stone", "no e-mail address"),
        (lose_the_owner, "Nobody looks after the contract", "Harbor Coffee", "Ben Lund, who"),
        (forget_the_renewal, "No day of renewal", "Harbor Coffee", "no day on which"),
        (share_a_phone, "One phone number", "Rosa Lindt and Sam Stone", "ending in 567"),
        (
            share_a_name, "One name in one organization", "Rosa Lindt and ROSA Lindt",
            "One name for two",
        ),
        (pass_the_renewal, "Renewal date has passed", "Harbor Coffee", "was to renew on"),
        (
            stop_ordering, "Ordered, and then no more", "Sam Stone",
            "Ordered 2 times, the last time on 3 May 2020",
        ),
        (fall_silent, "Nobody heard from them", "Sam Stone", "since 3 May 2020"),
        (keep_an_old_phone, "Phone not used for long", "Sam Stone", "since 3 May 2020"),
    ],
)  # fmt: skip
def test_each_flaw_is_found_with_its_reason(
    people: Cast, spoil: Callable[[Cast], None], title: str, who: str, reason: str
) -> None:
    with transaction():
        spoil(people)
    assert found() == {title: who}
    assert reason in reasons()[0]


def test_whoever_writes_is_heard_of(people: Cast) -> None:
    with transaction():
        age(people.rosa)
    assert found() == {}, "she filed a ticket today"


def test_people_who_left_or_were_merged_or_erased_are_nobody_to_look_after(people: Cast) -> None:
    with transaction():
        for one in (people.rosa, people.carl, people.sam):
            one.addresses.clear()
        people.rosa.lost_on = now().date()
        people.carl.merged_into_id = people.rosa.id
        people.sam.erased_at = now()
    assert found() == {}


def test_a_switchboard_is_nobodys_own(people: Cast) -> None:
    with transaction():
        for number in range(7):
            one = customer(f"Person {number}", f"p{number}@x.example", with_account=False)
            one.phone = "+49 30 1234567"
            session.add(one)
    assert found() == {}


@pytest.mark.parametrize(
    ("phone", "zone", "holds"),
    [
        ("+43 1 234567", "Europe/Berlin", True),
        ("+1 212 5550100", "Europe/Berlin", False),
        ("+1 212 5550100", "Pacific/Honolulu", True),
        ("+999 1", "Europe/Berlin", True),
        ("030 1234567", "Asia/Tokyo", True),
    ],
)
def test_clocks_and_phones_of_one_country_agree(phone: str, zone: str, holds: bool) -> None:
    assert countries.keep_time_of(zone, countries.of_phone(phone)) is holds


@pytest.fixture
def mika(people: Cast, client: Visitor) -> Visitor:
    """Mika, with Sam's bouncing address and his years of silence before him."""
    with transaction():
        bounce(people)
        age(people.sam)
    found()
    return client.sign_in(people.mika)


PAGE = "/desk/customers/quality"


def finding(kind: int) -> RecordFinding:
    session.rollback()
    return session.scalars(select(RecordFinding).where(RecordFinding.kind == kind)).one()


def test_the_list_says_why_and_leads_to_where_it_is_mended(mika: Visitor, people: Cast) -> None:
    page = mika.get(PAGE).text
    assert "Their address bounces, since 3 May 2020." in page
    assert f"/desk/customers/{people.sam.id}/record" in page
    assert "2 left" in page
    only = mika.get(f"{PAGE}?kind=stale").text
    assert ("Nobody heard from them" in only, "Their address bounces" in only) == (True, False)
    assert "Their address bounces" in mika.get(f"{PAGE}?kind=100").text


def test_what_looks_right_is_remembered_until_the_data_change(mika: Visitor, people: Cast) -> None:
    path = f"{PAGE}/{finding(100).id}"
    for _ in range(2):
        assert mika.post(f"{path}/dismissal?kind=bouncing").status_code == 303
    assert [one.actor_id for one in events("RecordLooksRight")] == [people.mika.id]
    assert "Every address bounces" not in found()
    assert "Mika Kallio" in mika.get(f"{PAGE}?kind=settled").text
    with transaction():
        people.sam.addresses[0].bounced_at = now()
    assert "Every address bounces" in found()
    assert finding(100).dismissed_by_id is None


def test_what_was_settled_can_be_put_back(mika: Visitor, people: Cast) -> None:
    path = f"{PAGE}/{finding(520).id}"
    mika.post(f"{path}/dismissal")
    assert "Nobody heard from them" not in found()
    mika.post(f"{path}/return")
    assert "Nobody heard from them" in found()
    assert len(events("RecordToBeLookedAt")) == 1


def test_what_time_makes_doubtful_comes_back_after_a_year(mika: Visitor, people: Cast) -> None:
    mika.post(f"{PAGE}/{finding(520).id}/dismissal")
    with transaction():
        finding(520).dismissed_at = now() - timedelta(days=366)
    assert "Nobody heard from them" in found()


def test_what_is_mended_leaves_the_list_at_once(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.verify_address(people.sam.addresses[0], by=people.mika)
        actions.edit(people.sam, {"tier": "Gold"}, by=people.mika)
    assert left() == {}
    assert mika.post(f"{PAGE}/99/dismissal").status_code == 404


def test_a_renewed_contract_leaves_the_list_at_once(people: Cast) -> None:
    with transaction():
        pass_the_renewal(people)
    assert "Renewal date has passed" in found()
    with transaction():
        later = {"renews_on": now().date() + timedelta(days=365)}
        organizations.edit_organization(people.harbor, later, by=people.mika)
    assert left() == {}


def test_two_who_are_told_apart_are_never_proposed_again(people: Cast, client: Visitor) -> None:
    with transaction():
        share_a_phone(people)
    found()
    client.sign_in(people.mika).post(f"{PAGE}/{finding(400).id}/dismissal")
    assert found() == {}
    assert len(events("DuplicateDismissed")) == 1


def test_pages_and_pieces_leave_nobody_out(
    people: Cast, client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PIECE", 7)
    with transaction():
        nobody = [Customer(name=f"Person {number}", created_at=now()) for number in range(60)]
        session.add_all(nobody)
    found()
    assert [*left().values()] == [60]
    client.sign_in(people.mika)
    page = client.get(PAGE).text
    older = re.search(r'href="([^"]*cursor=[^"]*)" rel="next"', page)
    assert older is not None
    further = client.get(older.group(1).replace("&amp;", "&")).text
    assert (page.count("Looks right<span"), further.count("Looks right<span")) == (50, 10)
