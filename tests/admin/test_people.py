"""Who works here, in which role, and whether they may sign in."""

import pytest
from sqlalchemy import select

from helpdesk.accounts.models import Role
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from tests.cast import Cast
from tests.visitor import Visitor


def happened(name: str) -> list[JournalEntry]:
    session.rollback()
    return list(session.scalars(select(JournalEntry).where(JournalEntry.event == name)))


def test_everybody_who_works_here_is_listed_and_no_customer(ada: Visitor) -> None:
    page = ada.get("/admin/people").text
    assert "Mika Kallio" in page
    assert "Rosa Lindt" not in page


@pytest.mark.parametrize("path", ["people", "teams", "organizations", "work"])
@pytest.mark.parametrize("name", ["mika", "nora", "rosas_account"])
def test_only_administrators_get_in(people: Cast, client: Visitor, path: str, name: str) -> None:
    assert client.sign_in(getattr(people, name)).get(f"/admin/{path}").status_code == 403


def test_whoever_is_disabled_is_signed_out_and_stays_out(
    people: Cast, ada: Visitor, mikas_client: Visitor
) -> None:
    answer = ada.post(f"/admin/people/{people.mika.id}/suspension", follow_redirects=True)
    assert "can no longer sign in. 1 open ticket is still assigned to them." in answer.text
    assert mikas_client.get("/desk", follow_redirects=False).status_code == 303
    (entry,) = happened("AccountDisabled")
    assert entry.actor_id == people.ada.id


def test_whoever_is_enabled_again_can_sign_in(people: Cast, ada: Visitor) -> None:
    ada.post(f"/admin/people/{people.mika.id}/suspension")
    ada.post(f"/admin/people/{people.mika.id}/restoration")
    session.rollback()
    assert people.mika.is_active
    assert len(happened("AccountEnabled")) == 1


def test_disabling_twice_is_harmless(people: Cast, ada: Visitor) -> None:
    for _ in range(2):
        assert ada.post(f"/admin/people/{people.mika.id}/suspension").status_code == 303
    assert len(happened("AccountDisabled")) == 1


@pytest.mark.parametrize(("what", "form"), [("suspension", {}), ("role", {"role": "agent"})])
def test_nobody_locks_themselves_out(
    people: Cast, ada: Visitor, what: str, form: dict[str, str]
) -> None:
    assert ada.post(f"/admin/people/{people.ada.id}/{what}", data=form).status_code == 403
    session.rollback()
    assert people.ada.is_active
    assert people.ada.role is Role.ADMIN


def test_a_role_is_given(people: Cast, ada: Visitor, mikas_client: Visitor) -> None:
    ada.post(f"/admin/people/{people.mika.id}/role", data={"role": "manager"})
    session.rollback()
    assert people.mika.role is Role.MANAGER
    assert mikas_client.get("/desk").status_code == 303, "he signs in anew"


@pytest.mark.parametrize("role", ["customer", "emperor", ""])
def test_only_roles_of_the_staff_can_be_given(people: Cast, ada: Visitor, role: str) -> None:
    answer = ada.post(f"/admin/people/{people.mika.id}/role", data={"role": role})
    assert answer.status_code == 422
    session.rollback()
    assert people.mika.role is Role.AGENT


def test_a_customer_is_nobody_here(people: Cast, ada: Visitor) -> None:
    path = f"/admin/people/{people.rosas_account.id}/suspension"
    assert ada.post(path).status_code == 404
    session.rollback()
    assert people.rosas_account.is_active
