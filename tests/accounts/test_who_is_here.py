"""Whoever is signed in is asked for once while nobody writes, and never later than that."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from tests.cast import Cast
from tests.desk.conftest import statements
from tests.visitor import Visitor

HOME = "/desk/queue/open"


@pytest.fixture
def mika(client: Visitor, people: Cast) -> Visitor:
    """Mika, whose page was opened a moment ago."""
    client.sign_in(people.mika)
    assert client.get(HOME).status_code == 200
    return client


def change(people: Cast, **values: object) -> None:
    """As another process would."""
    with transaction():
        session.execute(update(Account).where(Account.id == people.ids["mika"]).values(**values))


def test_the_next_page_does_not_ask_again(mika: Visitor) -> None:
    mika.get(HOME)  # on SQLite each connection asks for itself, and the test has one, too
    with statements() as asked:
        assert mika.get(HOME).status_code == 200
    assert not [each for each in asked if "FROM account" in each]


def test_a_new_name_stands_on_the_next_page(mika: Visitor, people: Cast) -> None:
    change(people, name="Mika Sorsa")
    assert "Mika Sorsa" in mika.get(HOME).text


@pytest.mark.parametrize("values", [{"disabled_at": now()}, {"session_key": "another"}])
def test_an_account_that_was_closed_opens_no_further_page(
    mika: Visitor, people: Cast, values: dict[str, object]
) -> None:
    change(people, **values)
    assert mika.get(HOME).status_code == 303


def test_what_is_kept_is_nobody_elses(
    mika: Visitor, visit: Callable[[], Visitor], people: Cast
) -> None:
    ben = visit().sign_in(people.ben)
    assert people.ben.name in ben.get(HOME).text
    assert people.mika.name in mika.get(HOME).text
