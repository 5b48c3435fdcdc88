"""Asking somebody to join the staff."""

from collections.abc import Callable

import pytest

from helpdesk.accounts.models import Role
from helpdesk.accounts.queries import account_at
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events, letters, link_in
from tests.visitor import Visitor

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part

ZOE = "zoe@acorn-payroll.example"
FORM = {"name": "Zoe Park", "password": "a kettle of tea"}


@pytest.fixture
def ada(client: Visitor, people: Cast) -> Visitor:
    return client.sign_in(people.ada)


def invite(client: Visitor, email: str = ZOE, role: str = "agent") -> str:
    answer = client.post("/staff/invitations", data={"email": email, "role": role})
    assert answer.status_code == 303, answer.text
    return link_in(letters(email, "invitation")[-1])


def test_the_invited_chooses_name_and_password_and_works_here(
    ada: Visitor, visit: Callable[[], Visitor]
) -> None:
    zoe = visit()
    path = invite(ada, role="manager")
    assert zoe.get(path).status_code == 200
    assert zoe.post(path, data=FORM).location == "/"
    account = account_at(ZOE)
    assert account is not None
    assert (account.name, account.role) == ("Zoe Park", Role.MANAGER)
    assert account.verified_at is not None
    assert zoe.get("/").location == "/desk"


def test_inviting_leaves_a_journal_entry(ada: Visitor, people: Cast) -> None:
    invite(ada)
    (entry,) = events("StaffInvited")
    assert (entry.actor_id, entry.data["role"]) == (people.ada.id, "agent")


@pytest.mark.parametrize("who", ["mika", "nora", "rosas_account"])
def test_only_administrators_invite(client: Visitor, people: Cast, who: str) -> None:
    client.sign_in(getattr(people, who))
    data = {"email": ZOE, "role": "admin"}
    assert client.post("/staff/invitations", data=data).status_code == 403
    assert letters(ZOE) == []


def test_an_invitation_works_once(ada: Visitor, visit: Callable[[], Visitor]) -> None:
    path = invite(ada)
    visit().post(path, data=FORM)
    again = visit()
    assert again.post(path, data={**FORM, "name": "Eve"}).status_code == 410
    account = account_at(ZOE)
    assert account is not None
    assert account.name == "Zoe Park"


def test_an_invitation_works_for_seven_days(
    client: Visitor, people: Cast, visit: Callable[[], Visitor], clock: Clock
) -> None:
    path = invite(client.sign_in(people.ada))
    clock.move(days=6, hours=23)
    assert visit().get(path).status_code == 200
    clock.move(hours=1)
    assert visit().get(path).status_code == 410


def test_a_withdrawn_invitation_opens_nothing(ada: Visitor, visit: Callable[[], Visitor]) -> None:
    path = invite(ada)
    link_id = events("StaffInvited")[0].subject_id
    for _ in range(2):
        assert ada.post(f"/staff/invitations/{link_id}/withdrawal").status_code == 303
    assert visit().post(path, data=FORM).status_code == 410
    assert len(events("InvitationWithdrawn")) == 1


def test_somebody_of_the_staff_is_not_invited_again(ada: Visitor, people: Cast) -> None:
    data = {"email": people.mika.email, "role": "admin"}
    assert ada.post("/staff/invitations", data=data).status_code == 409


@sqlite_only
@pytest.mark.parametrize(
    ("email", "role"),
    [("", "agent"), ("zoe", "agent"), (ZOE, "customer"), (ZOE, "root"), (ZOE, "")],
)
def test_an_invitation_that_does_not_fit_is_refused(ada: Visitor, email: str, role: str) -> None:
    data = {"email": email, "role": role}
    assert ada.post("/staff/invitations", data=data).status_code == 422
    assert letters() == []


def test_the_invited_cannot_choose_the_role(ada: Visitor, visit: Callable[[], Visitor]) -> None:
    visit().post(invite(ada), data={**FORM, "role": "admin"})
    account = account_at(ZOE)
    assert account is not None
    assert account.role is Role.AGENT


def test_a_customer_who_is_hired_loses_the_sessions_of_before(
    ada: Visitor, visit: Callable[[], Visitor], people: Cast
) -> None:
    old = visit().sign_in(people.sams_account)
    new = visit()
    new.post(invite(ada, "sam@stone.example"), data=FORM)
    assert people.sams_account.role is Role.AGENT
    assert old.get("/account").status_code == 303
    assert new.get("/account").status_code == 200


def test_the_page_shows_the_staff_and_who_is_invited(ada: Visitor) -> None:
    invite(ada)
    page = ada.get("/staff").text
    assert ZOE in page
    assert "Mika Kallio" in page
