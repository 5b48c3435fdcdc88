"""Links that open one request for the one person they were mailed to."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from helpdesk.accounts.models import Account
from helpdesk.accounts.queries import account_at
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Address
from helpdesk.customers.queries import customer_behind
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.links import link_for, revoke_links
from helpdesk.tickets.models import Status, Ticket, TicketLink
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events, letters, link_in
from tests.portal.forms import LENA, file_request, upload
from tests.servers.smtp import Sink
from tests.visitor import Visitor
from tests.work import Work

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part

ROSA = "rosa@harbor.example"
DOORS = ["confirmation", "messages", "resolution", "reopening"]


@pytest.fixture
def rosas_link(people: Cast) -> str:
    with transaction():
        return link_for(people.ticket, people.rosa, ROSA).removeprefix("http://localhost")


@pytest.fixture
def lenas_link(visit: Callable[[], Visitor], work: Work, outbox: Sink) -> str:
    """A link mailed to somebody whose address nobody has proven."""
    file_request(visit())
    work()
    return link_in(outbox.to(LENA)[-1])


def lenas_ticket() -> Ticket:
    customer = customer_behind(LENA)
    assert customer is not None
    return session.scalars(select(Ticket).where(Ticket.customer_id == customer.id)).one()


def lenas_address() -> Address:
    return session.scalars(select(Address).where(Address.email == LENA)).one()


def test_a_link_shows_its_request_without_signing_in(client: Visitor, rosas_link: str) -> None:
    page = client.get(rosas_link)
    assert page.status_code == 200
    assert "Our card was charged twice." in page.text


def test_a_link_opens_that_request_alone(client: Visitor, people: Cast, rosas_link: str) -> None:
    client.get(rosas_link)
    assert client.get("/requests").location.startswith("/sign-in")
    assert client.get(f"/requests/{people.ticket.id}").location.startswith("/sign-in")
    assert client.get("/account").status_code == 303


def test_notes_are_not_reachable_by_a_link(client: Visitor, people: Cast, rosas_link: str) -> None:
    with transaction():
        conversation.add_note(people.ticket, "Handle with care", by=people.mika)
    assert "Handle with care" not in client.get(rosas_link).text


def test_before_the_address_is_proven_a_link_shows_only_a_button(
    client: Visitor, lenas_link: str
) -> None:
    page = client.get(lenas_link)
    assert page.status_code == 200
    assert "invoice" not in page.text
    assert LENA not in page.text
    assert "Lena" not in page.text


def test_opening_a_link_proves_nothing(client: Visitor, lenas_link: str) -> None:
    for _ in range(3):
        client.get(lenas_link)
    client.head(lenas_link)
    assert lenas_address().verified_at is None


def test_a_press_proves_the_address_and_shows_the_request(client: Visitor, lenas_link: str) -> None:
    answer = client.post(f"{lenas_link}/confirmation")
    assert answer.location == lenas_link
    assert "The invoice is wrong" in client.get(lenas_link).text
    assert lenas_address().verified_at is not None
    account = account_at(LENA)
    assert account is not None
    assert lenas_ticket().customer.account_id == account.id
    assert [e.data["address_id"] for e in events("AddressVerified")] == [lenas_address().id]


def test_pressing_twice_is_harmless(client: Visitor, lenas_link: str) -> None:
    for _ in range(2):
        assert client.post(f"{lenas_link}/confirmation").status_code == 303
    assert len(events("AddressVerified")) == 1
    assert len(session.scalars(select(Account)).all()) == 1


def test_a_press_does_not_sign_in(client: Visitor, lenas_link: str) -> None:
    client.post(f"{lenas_link}/confirmation")
    assert client.get("/requests").location.startswith("/sign-in")


def test_whoever_filed_cannot_press_without_the_mail(client: Visitor, lenas_link: str) -> None:
    assert client.post("/r/" + "A" * 43 + "/confirmation").status_code == 410
    assert lenas_address().verified_at is None


def test_a_reply_through_a_link_arrives_and_proves_the_address(
    client: Visitor, lenas_link: str
) -> None:
    client.get(lenas_link)
    data = {"message": "One more thing", "form_key": "k", "files": [upload("a.png")]}
    assert client.post(f"{lenas_link}/messages", data=data).location == lenas_link
    message = lenas_ticket().messages[-1]
    assert (message.body, message.author_id) == ("One more thing", None)
    assert [a.name for a in message.attachments] == ["a.png"]
    assert lenas_address().verified_at is not None


def test_solving_and_reopening_through_a_link(
    client: Visitor, people: Cast, rosas_link: str
) -> None:
    client.post(f"{rosas_link}/resolution")
    assert people.ticket.status == "resolved"
    client.post(f"{rosas_link}/reopening")
    assert people.ticket.status == "open"
    assert events("TicketReopened")[0].data["by_customer"] is True


def test_a_file_through_a_link(client: Visitor, people: Cast, rosas_link: str) -> None:
    data = {"message": "See this", "files": [upload("a.png")]}
    client.post(f"{rosas_link}/messages", data=data)
    attachment = people.ticket.messages[-1].attachments[0]
    answer = client.get(f"{rosas_link}/files/{attachment.id}", buffered=True)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_of_another_request_is_not_there(
    client: Visitor, visit: Callable[[], Visitor], people: Cast, rosas_link: str
) -> None:
    sam = visit().sign_in(people.sams_account)
    file_request(sam, files=[upload("sams.png")])
    other = session.scalars(select(Ticket).where(Ticket.customer_id == people.sam.id)).one()
    attachment = other.messages[0].attachments[0]
    assert client.get(f"{rosas_link}/files/{attachment.id}").status_code == 404


def test_a_reply_to_a_closed_request_leads_to_its_follow_up(
    client: Visitor, people: Cast, rosas_link: str
) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
        actions.close(people.ticket)
    answer = client.post(f"{rosas_link}/messages", data={"message": "It is back"})
    assert answer.location.startswith("/r/")
    assert answer.location != rosas_link
    assert "It is back" in client.get(answer.location).text


@pytest.fixture(params=["expired", "revoked", "moved to somebody else", "address taken away"])
def dead_link(request: pytest.FixtureRequest, clock: Clock, people: Cast, rosas_link: str) -> str:
    if request.param == "expired":
        clock.move(days=30)
        return rosas_link
    with transaction():
        if request.param == "revoked":
            revoke_links(people.ticket, by=people.mika)
        elif request.param == "moved to somebody else":
            people.ticket.customer_id = people.sam.id
        else:
            people.rosa.addresses[0].email = "rosa@new.example"
    return rosas_link


def test_a_dead_link_shows_what_an_invented_one_shows(client: Visitor, dead_link: str) -> None:
    invented = "/r/" + "A" * 43
    dead, made_up = client.get(dead_link), client.get(invented)
    assert dead.status_code == made_up.status_code == 410
    assert _plain(dead.text, dead_link) == _plain(made_up.text, invented)
    assert "Charged" not in dead.text


def _plain(text: str, link: str) -> str:
    lines = [line for line in text.replace(link, "/r/").splitlines() if "csrf_token" not in line]
    return "\n".join(lines)


@pytest.mark.parametrize("door", DOORS)
def test_a_dead_link_does_nothing(client: Visitor, people: Cast, dead_link: str, door: str) -> None:
    answer = client.post(f"{dead_link}/{door}", data={"message": "Let me in"})
    assert answer.status_code == 410
    assert len(people.ticket.messages) == 1
    assert people.ticket.status is Status.OPEN


@sqlite_only
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t[::-1]])
def test_a_tampered_link_does_nothing(
    client: Visitor, people: Cast, rosas_link: str, door: str, change: Callable[[str], str]
) -> None:
    token = change(rosas_link.removeprefix("/r/"))
    assert client.post(f"/r/{token}/{door}", data={"message": "Hi"}).status_code == 410


def test_the_stored_hash_is_no_link(client: Visitor, rosas_link: str) -> None:
    stored = session.scalars(select(TicketLink)).one().token_hash
    assert client.get(f"/r/{stored}").status_code == 410


def test_a_fresh_link_goes_to_the_same_address(
    client: Visitor, people: Cast, clock: Clock, rosas_link: str
) -> None:
    clock.move(days=31)
    assert client.post(f"{rosas_link}/renewal").status_code == 303
    (letter,) = letters(kind="ticket-link")
    assert letter.to_address == ROSA
    assert "Charged twice" in client.get(link_in(letter)).text


def test_renewing_an_invented_link_looks_the_same_and_mails_nobody(
    client: Visitor, people: Cast, rosas_link: str
) -> None:
    invented = "/r/" + "A" * 43
    real, made_up = client.post(f"{rosas_link}/renewal"), client.post(f"{invented}/renewal")
    assert real.status_code == made_up.status_code == 303
    assert made_up.location == invented
    assert len(letters(kind="ticket-link")) == 1


def test_renewing_is_limited(client: Visitor, people: Cast, rosas_link: str) -> None:
    for _ in range(5):
        client.post(f"{rosas_link}/renewal")
    assert len(letters(kind="ticket-link")) == 2


def test_no_fresh_link_for_whom_the_request_is_no_longer_for(
    client: Visitor, people: Cast, rosas_link: str
) -> None:
    with transaction():
        people.ticket.customer_id = people.sam.id
    client.post(f"{rosas_link}/renewal")
    assert letters(kind="ticket-link") == []


@pytest.mark.parametrize("path", ["", "/confirmation"])
def test_pages_behind_a_link_tell_nobody_their_address(
    client: Visitor, rosas_link: str, path: str
) -> None:
    answer = client.post(rosas_link + path) if path else client.get(rosas_link)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"


@sqlite_only
def test_links_cannot_be_tried_without_end(client: Visitor, people: Cast, clock: Clock) -> None:
    answers = {client.get(f"/r/{n:043}").status_code for n in range(205)}
    assert answers == {410, 429}


def test_number_and_address_together_open_nothing(client: Visitor, people: Cast) -> None:
    query = {"email": ROSA, "number": people.ticket.id}
    for path in (f"/requests/{people.ticket.id}", f"/r/{people.ticket.id}"):
        assert "charged" not in client.get(path, query_string=query).text
