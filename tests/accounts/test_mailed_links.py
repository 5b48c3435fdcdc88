"""Links that are mailed: once, for a while, pressed and not merely opened."""

from collections.abc import Callable

import pytest

from helpdesk.accounts.models import Account, MailedLink, Role
from helpdesk.accounts.queries import account_at
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Address
from helpdesk.customers.queries import customer_behind
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events, letters, link_in
from tests.visitor import Visitor

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part

ROSA = "rosa@harbor.example"


def ask(client: Visitor, email: str = ROSA, where: str = "/sign-in/link") -> None:
    assert client.post(where, data={"email": email}).location == "/sign-in/mailed"


def mailed(client: Visitor, email: str = ROSA, where: str = "/sign-in/link") -> str:
    ask(client, email, where)
    return link_in(letters(email)[-1])


def is_in(client: Visitor) -> bool:
    return client.get("/account").status_code == 200


def test_a_press_signs_in(client: Visitor, people: Cast) -> None:
    path = mailed(client)
    assert client.post(path).location == "/"
    assert is_in(client)
    assert events("SignedIn")[0].data["how"] == "link"


def test_opening_a_link_changes_nothing(client: Visitor, people: Cast) -> None:
    path = mailed(client)
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert client.head(path).status_code == 200
    assert not is_in(client)
    assert session.query(MailedLink).one().used_at is None


def test_a_link_works_once(client: Visitor, visit: Callable[[], Visitor], people: Cast) -> None:
    path = mailed(client)
    client.post(path)
    stranger = visit()
    assert stranger.post(path).status_code == 410
    assert not is_in(stranger)


def test_a_link_works_for_a_quarter_of_an_hour(client: Visitor, people: Cast, clock: Clock) -> None:
    path = mailed(client)
    clock.move(minutes=15)
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410
    assert not is_in(client)


def test_used_old_and_invented_links_look_alike(client: Visitor, people: Cast) -> None:
    path = mailed(client)
    client.post(path)
    client.sign_out()
    invented = "/links/" + "A" * 43
    for wrong in (invented, path[:-1], path + "A", "/links/0", "/links/%00", "/links/" + "x" * 900):
        assert client.get(wrong).data == client.get(path).data
        assert client.get(wrong).status_code == client.get(path).status_code == 410


def test_only_the_hash_of_a_token_is_stored(client: Visitor, people: Cast) -> None:
    token = mailed(client).rsplit("/", 1)[1]
    stored = session.query(MailedLink).one().token_hash
    assert token not in stored
    assert len(token) >= 43


def test_the_hash_of_a_token_is_no_token(client: Visitor, people: Cast) -> None:
    ask(client)
    stored = session.query(MailedLink).one().token_hash
    assert client.post(f"/links/{stored}").status_code == 410


@pytest.mark.parametrize("where", ["/sign-in/link", "/forgotten-password", "/sign-up"])
def test_known_and_unknown_addresses_get_the_same_answer(
    visit: Callable[[], Visitor], people: Cast, where: str
) -> None:
    known, unknown = visit(), visit()
    ask(known, ROSA, where)
    ask(unknown, "ross@harbor.example", where)
    pages = [v.get("/sign-in/mailed") for v in (known, unknown)]
    assert pages[0].text == pages[1].text.replace("ross@", "rosa@")
    assert [len(letters(e)) for e in (ROSA, "ross@harbor.example")] == [1, 1]


def test_nobody_can_flood_a_mailbox(
    visit: Callable[[], Visitor], people: Cast, clock: Clock
) -> None:
    for _ in range(12):
        ask(visit())
    assert len(letters(ROSA)) == 2


@sqlite_only
def test_asking_too_often_from_one_place_is_refused(client: Visitor, clock: Clock) -> None:
    answers = [
        client.post("/sign-in/link", data={"email": f"p{n}@x.example"}).status_code
        for n in range(22)
    ]
    assert answers == [303] * 20 + [429] * 2


def test_a_link_begins_with_the_configured_address_whatever_the_request_says(
    client: Visitor, people: Cast
) -> None:
    client.post(
        "/forgotten-password",
        data={"email": ROSA},
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
    )
    assert "http://localhost/links/" in letters(ROSA)[0].text
    assert "evil" not in letters(ROSA)[0].text + letters(ROSA)[0].html


def test_mail_with_a_link_is_marked_as_written_by_a_machine_and_secret(
    client: Visitor, people: Cast
) -> None:
    ask(client)
    (letter,) = letters(ROSA)
    assert letter.secret
    assert letter.headers["Auto-Submitted"] == "auto-generated"


@sqlite_only
@pytest.mark.parametrize(
    "email",
    [
        "",
        "rosa",
        "rosa@",
        "@x.example",
        "a@b.example\nBcc: x@y.example",
        "a" * 300 + "@x.example",
        "rosa@x.example, sam@x.example",
        "<rosa@x.example>",
        "\x00",
    ],
)
def test_what_is_no_address_gets_no_mail(client: Visitor, email: str) -> None:
    assert client.post("/sign-in/link", data={"email": email}).status_code == 422
    assert letters() == []


def test_a_disabled_account_is_not_opened_by_a_link(client: Visitor, people: Cast) -> None:
    path = mailed(client)
    with transaction():
        people.rosas_account.disabled_at = now()
    assert client.post(path).status_code == 410
    assert not is_in(client)


def test_a_new_password_voids_links_that_were_mailed_before(client: Visitor, people: Cast) -> None:
    sign_in_path = mailed(client)
    path = mailed(client, where="/forgotten-password")
    assert client.post(path, data={"password": "a kettle of tea"}).location == "/"
    client.sign_out()
    assert client.post(sign_in_path).status_code == 410


def test_the_staff_signs_in_by_link_as_well(client: Visitor, people: Cast) -> None:
    client.post(mailed(client, people.mika.email))
    assert client.get("/").location == "/desk"
    assert customer_behind(people.mika.email) is None


def test_a_link_makes_an_account_for_a_customer_who_only_wrote(client: Visitor) -> None:
    data = {"name": "Lena", "email": "lena@x.example", "subject": "Hi", "message": "there"}
    client.post("/requests", data=data)
    client.post(mailed(client, "lena@x.example"))
    account, customer = account_at("lena@x.example"), customer_behind("lena@x.example")
    assert isinstance(account, Account)
    assert account.role is Role.CUSTOMER
    assert customer is not None
    assert customer.account_id == account.id
    assert customer.addresses[0].verified_at is not None
    assert "Hi" in client.get("/requests").text


def test_a_second_address_of_a_customer_opens_her_one_account(
    client: Visitor, people: Cast
) -> None:
    with transaction():
        session.add(Address(customer_id=people.rosa.id, email="rosa@home.example"))
    client.post(mailed(client, "rosa@home.example"))
    assert "Charged twice" in client.get("/requests").text
    assert account_at("rosa@home.example") is None


def test_pages_behind_a_link_tell_nobody_their_address(client: Visitor, people: Cast) -> None:
    answer = client.get(mailed(client))
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers["Cache-Control"] == "no-store"
