"""E-mail addresses on the record: asked for, agreed to, preferred and taken off."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.accounts.queries import account_at
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers import keeping_addresses, writing_to
from helpdesk.customers.history import corrections_of
from helpdesk.customers.models import Address
from helpdesk.customers.queries import customer_behind
from helpdesk.customers.writing_to import AskedAddress
from helpdesk.portal.actions import recognise
from tests.cast import Cast
from tests.letters import events, letters, link_in
from tests.visitor import Visitor

NEW = "rosa@new.example"


@pytest.fixture
def mika(people: Cast, client: Visitor) -> Visitor:
    return client.sign_in(people.mika)


def path(people: Cast, who: str = "rosa") -> str:
    return f"/desk/customers/{people.ids[who]}/addresses"


def ask(people: Cast, who: str = "rosa", email: str = NEW, proof: str = "") -> None:
    with transaction():
        writing_to.ask_for_address(getattr(people, who), email, proof, by=people.mika)


def link_to(email: str) -> str:
    """The path in the last mail to this address."""
    session.rollback()
    return link_in(letters(email)[-1])


def held(people: Cast, who: str = "rosa") -> list[str]:
    session.rollback()
    return [f"{a.email}{' *' if a.is_primary else ''}" for a in getattr(people, who).addresses]


def unprove(people: Cast, who: str = "rosa") -> None:
    """Nothing is proven of this person, and they have no account."""
    with transaction():
        person = getattr(people, who)
        person.account = None
        person.addresses[0].verified_at = None


def test_it_is_theirs_once_both_owners_said_yes(mika: Visitor, people: Cast) -> None:
    assert mika.post(path(people), data={"email": "Rosa@New.example"}).status_code == 303
    assert held(people) == ["rosa@harbor.example *"]
    assert "waits for its owner" in mika.get(path(people)).text
    new, old = link_to(NEW), link_to("rosa@harbor.example")
    assert NEW in mika.get(new).text
    assert held(people) == ["rosa@harbor.example *"], "looking decides nothing"
    assert "As soon as the button is pressed there" in mika.post(new).text
    assert held(people) == ["rosa@harbor.example *"]
    assert "is confirmed" in mika.post(old).text
    assert held(people) == ["rosa@harbor.example *", NEW]
    assert mika.post(new).status_code == 410
    said = corrections_of("customer", people.ids["rosa"], ("address",))
    assert [(one.after, one.source) for one in said] == [(NEW, "desk")]
    assert [len(events(name)) for name in ("AddressAsked", "AddressAdded")] == [1, 1]
    assert events("AddressVerified")


def test_until_then_it_opens_nothing(people: Cast) -> None:
    ask(people)
    with transaction():
        stranger = recognise(NEW)
        assert stranger.id != people.rosa.account_id
    session.rollback()
    behind = customer_behind(NEW)
    assert behind is not None
    assert behind.id != people.ids["rosa"], "whoever signs in with it is somebody of their own"


def test_a_stranger_who_presses_the_button_gains_nothing(mika: Visitor, people: Cast) -> None:
    ask(people)
    mika.post(link_to(NEW))
    assert customer_behind(NEW) is None
    assert account_at(NEW) is None


def test_where_nothing_is_proven_they_say_how_they_know(mika: Visitor, people: Cast) -> None:
    unprove(people)
    assert mika.post(path(people), data={"email": NEW}).status_code == 422
    told = {"email": NEW, "proof": "Called back on the number of the contract"}
    assert mika.post(path(people), data=told).status_code == 303
    assert "is confirmed" in mika.post(link_to(NEW)).text
    assert held(people) == ["rosa@harbor.example *", NEW]
    (said,) = corrections_of("customer", people.ids["rosa"], ("address",))
    assert said.proof == told["proof"]


def test_an_address_of_another_person_leads_to_the_merge(mika: Visitor, people: Cast) -> None:
    answer = mika.post(path(people), data={"email": "sam@stone.example"})
    assert answer.status_code == 409
    assert f"/desk/customers/{people.rosa.id}/merging?other={people.sam.id}" in answer.text
    ours = mika.post(path(people), data={"email": people.nora.email})
    assert (ours.status_code, "one of us" in ours.text) == (409, True)


def test_what_became_somebody_elses_meanwhile_stays_theirs(mika: Visitor, people: Cast) -> None:
    ask(people)
    new, old = link_to(NEW), link_to("rosa@harbor.example")
    with transaction():
        session.add(Address(customer_id=people.sam.id, email=NEW))
    mika.post(new)
    assert "could not be added" in mika.post(old).text
    assert held(people) == ["rosa@harbor.example *"]
    assert "somebody else’s by now" in mika.get(path(people)).text


def test_one_that_is_not_proven_is_asked_once_more(mika: Visitor, people: Cast) -> None:
    unprove(people)
    mika.post(path(people), data={"email": "rosa@harbor.example"})
    mika.post(link_to("rosa@harbor.example"))
    session.rollback()
    assert people.rosa.is_verified


@pytest.mark.parametrize("again", ["rosa@harbor.example", NEW])
def test_nobody_is_flooded(mika: Visitor, people: Cast, again: str) -> None:
    ask(people)
    assert mika.post(path(people), data={"email": again}).status_code == 409


def test_old_links_and_those_taken_back_open_nothing(mika: Visitor, people: Cast) -> None:
    ask(people)
    link = link_to(NEW)
    with transaction():
        asked = session.scalars(select(AskedAddress)).one()
        asked.asked_at = now() - timedelta(days=8)
    assert (mika.get(link).status_code, mika.post(link).status_code) == (410, 410)
    assert "nobody pressed the link" in mika.get(path(people)).text
    ask(people)
    (number,) = session.scalars(select(AskedAddress.id))
    mika.post(f"/desk/customers/{people.rosa.id}/asked-addresses/{number}/removal")
    assert mika.get(link_to(NEW)).status_code == 410


def second(people: Cast, *, proven: bool = True) -> int:
    with transaction():
        made = Address(customer_id=people.rosa.id, email=NEW, verified_at=now() if proven else None)
        session.add(made)
        session.flush()
        return made.id


def test_mail_goes_to_the_one_that_is_chosen(mika: Visitor, people: Cast) -> None:
    number = second(people)
    for _ in range(2):
        assert mika.post(f"{path(people)}/{number}/preference").status_code == 303
    assert held(people) == ["rosa@harbor.example", f"{NEW} *"]
    assert people.rosa.email == NEW
    assert len(events("AddressPreferred")) == 1


def test_mail_never_goes_to_one_that_is_not_proven(mika: Visitor, people: Cast) -> None:
    number = second(people, proven=False)
    assert mika.post(f"{path(people)}/{number}/preference").status_code == 422
    assert held(people)[0] == "rosa@harbor.example *"


def test_one_is_taken_off_with_its_history(mika: Visitor, people: Cast) -> None:
    number = second(people)
    with transaction():
        keeping_addresses.prefer_address(people.rosa, people.rosa.addresses[1], by=people.mika)
    for _ in range(2):
        assert mika.post(f"{path(people)}/{number}/removal").status_code == 303
    assert held(people) == ["rosa@harbor.example *"], "the other one takes its place"
    said = corrections_of("customer", people.ids["rosa"], ("address",))
    assert [(one.before, one.after) for one in said] == [(NEW, None)]
    assert len(events("AddressRemoved")) == 1
    assert NEW in mika.get(f"/desk/customers/{people.rosa.id}").text, "in the history"


@pytest.mark.parametrize("why", ["sign in with it", "the last one", "the only one that is proven"])
def test_some_stay(mika: Visitor, people: Cast, why: str) -> None:
    if why != "sign in with it":
        with transaction():
            people.rosa.account = None
    if why != "the last one":
        second(people, proven=why == "sign in with it")
    answer = mika.post(f"{path(people)}/{people.rosa.addresses[0].id}/removal")
    assert (answer.status_code, why in answer.text) == (409, True)
    assert held(people)[0] == "rosa@harbor.example *"


def test_one_that_bounces_can_go_once_there_is_another_one(mika: Visitor, people: Cast) -> None:
    second(people, proven=False)
    with transaction():
        people.rosa.account = None
        people.rosa.addresses[0].bounced_at = now()
    mika.post(f"{path(people)}/{people.rosa.addresses[0].id}/removal")
    assert held(people) == [f"{NEW} *"]
