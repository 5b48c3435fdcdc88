"""Somebody can always administer, whatever two people do at the same moment."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.models import Account, Role
from helpdesk.core.db import session, transaction
from tests.cast import Cast
from tests.together import together
from tests.visitor import Visitor


@pytest.fixture
def two(people: Cast) -> None:
    """Nora is an administrator as well as Ada."""
    with transaction():
        people.nora.role = Role.ADMIN


def can_administer() -> set[str]:
    session.rollback()
    found = select(Account.name).where(Account.role == Role.ADMIN, Account.disabled_at.is_(None))
    return set(session.scalars(found))


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(("what", "form"), [("suspension", {}), ("role", {"role": "agent"})])
def test_two_administrators_who_shut_each_other_out_leave_one(
    app: Flask, people: Cast, visit: Callable[[], Visitor], what: str, form: dict[str, str]
) -> None:
    ada, nora = visit().sign_in(people.ada), visit().sign_in(people.nora)
    answers: list[int] = []

    def shut_out(who: Visitor, path: str) -> Callable[[], object]:
        return lambda: answers.append(who.post(path, data=form).status_code)

    paths = [f"/admin/people/{number}/{what}" for number in (people.nora.id, people.ada.id)]
    together(app, shut_out(ada, paths[0]), shut_out(nora, paths[1]))
    assert len(can_administer()) == 1
    # The later one is refused, or signed out before her press was read.
    assert answers.count(303) >= 1


def test_the_last_one_stays(people: Cast, client: Visitor) -> None:
    client.sign_in(people.ada)
    assert client.post(f"/admin/people/{people.ada.id}/suspension").status_code == 403
    assert can_administer() == {"Ada Ortiz"}
