"""Making an account: nothing exists before the address is proven."""

from collections.abc import Callable

import pytest

from helpdesk.accounts import actions
from helpdesk.accounts.models import Account, Role
from helpdesk.accounts.passwords import hash_password
from helpdesk.accounts.queries import account_at
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Address
from helpdesk.customers.queries import customer_behind
from tests.cast import Cast
from tests.letters import events, letters, link_in
from tests.visitor import Visitor

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part

LENA = "lena@x.example"
FORM = {"name": "Lena Berg", "password": "a kettle of tea"}


def sign_up(client: Visitor, email: str = LENA) -> str:
    client.post("/sign-up", data={"email": email})
    return link_in(letters(email)[-1])


def test_signing_up_makes_nothing_until_the_link_is_used(client: Visitor) -> None:
    sign_up(client)
    assert account_at(LENA) is None
    assert customer_behind(LENA) is None


def test_the_link_makes_account_and_customer_and_signs_in(client: Visitor) -> None:
    assert client.post(sign_up(client), data=FORM).location == "/"
    account, customer = account_at(LENA), customer_behind(LENA)
    assert account is not None
    assert customer is not None
    assert (account.name, account.role, customer.name) == ("Lena Berg", Role.CUSTOMER, "Lena Berg")
    assert customer.account_id == account.id
    assert customer.is_verified
    assert client.get("/requests").status_code == 200


def test_joining_leaves_journal_entries(client: Visitor) -> None:
    client.post(sign_up(client), data=FORM)
    for event in (
        "AccountOpened",
        "AccountVerified",
        "AddressVerified",
        "PasswordChosen",
        "SignedIn",
    ):
        assert len(events(event)) == 1, event


@sqlite_only
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("password", ""),
        ("password", "short"),
        ("password", "x" * 201),
        ("password", "password123"),
        ("password", "1234567890"),
        ("password", LENA),
    ],
)
def test_a_form_that_does_not_fit_keeps_the_link_good(
    client: Visitor, field: str, value: str
) -> None:
    path = sign_up(client)
    refused = client.post(path, data={**FORM, field: value})
    assert refused.status_code == 422
    assert account_at(LENA) is None
    assert client.post(path, data=FORM).location == "/"


def test_hidden_fields_cannot_be_set_with_the_form(client: Visitor) -> None:
    client.post(sign_up(client), data={**FORM, "role": "admin", "is_admin": "1", "id": "1"})
    account = account_at(LENA)
    assert account is not None
    assert account.role is Role.CUSTOMER


def test_somebody_with_an_account_is_mailed_a_link_to_sign_in(
    client: Visitor, people: Cast
) -> None:
    client.post("/sign-up", data={"email": "rosa@harbor.example"})
    (letter,) = letters("rosa@harbor.example")
    assert letter.kind == "sign-in"


def test_a_name_takes_no_line_breaks(client: Visitor) -> None:
    client.post(sign_up(client), data={**FORM, "name": "Lena\r\nBcc: x@y.example"})
    account = account_at(LENA)
    assert account is not None
    assert account.name == "Lena Bcc: x@y.example"


def test_who_lay_in_wait_loses_everything_once_the_address_is_proven(
    visit: Callable[[], Visitor], people: Cast
) -> None:
    """A stranger prepared an account at an address that is not hers, and is signed in to it."""
    stranger, owner = visit(), visit()
    with transaction():
        prepared = actions.open_account(LENA, "Stranger", Role.CUSTOMER, "test")
        prepared.password_hash = hash_password("the stranger's own")
    stranger.sign_in(session.query(Account).filter_by(email=LENA).one())
    owner.post("/sign-in/link", data={"email": LENA})
    owner.post(link_in(letters(LENA)[-1]))
    account = account_at(LENA)
    assert account is not None
    assert account.password_hash is None
    assert stranger.get("/account").status_code == 303
    assert owner.get("/account").status_code == 200


def test_requests_filed_under_an_address_are_seen_by_its_owner_alone(
    visit: Callable[[], Visitor],
) -> None:
    stranger, owner = visit(), visit()
    stranger.post(
        "/requests", data={"name": "L", "email": LENA, "subject": "Secret", "message": "words"}
    )
    assert "Secret" not in stranger.get("/requests", follow_redirects=True).text
    owner.post(sign_up(owner), data=FORM)
    assert "Secret" in owner.get("/requests").text


def test_a_link_to_another_address_of_somebody_works_once_too(
    client: Visitor, people: Cast
) -> None:
    """The account has one address, the link went to another of the same customer."""
    other = "rosa@private.example"
    with transaction():
        session.add(Address(email=other, customer_id=people.ids["rosa"]))
    client.post("/forgotten-password", data={"email": other})
    path = link_in(letters(other)[-1])
    assert client.post(path, data={"password": "a few good words"}).status_code == 303
    assert client.post(path, data={"password": "some other words"}).status_code == 410
