"""What people may change about themselves."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from helpdesk.accounts.passwords import hash_password, is_right
from helpdesk.core.db import transaction
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events, letters, link_in
from tests.visitor import Visitor
from tests.work import Work

OLD, NEW = "a kettle of tea", "two kettles of tea"


@pytest.fixture
def rosa(client: Visitor, people: Cast) -> Visitor:
    with transaction():
        people.rosas_account.password_hash = hash_password(OLD)
    return client.sign_in(people.rosas_account)


def change(client: Visitor, current: str = OLD, password: str = NEW) -> TestResponse:
    return client.post("/account/password", data={"current": current, "password": password})


def test_changing_the_password_keeps_this_session_and_ends_the_others(
    rosa: Visitor, visit: Callable[[], Visitor], people: Cast
) -> None:
    elsewhere = visit().sign_in(people.rosas_account)
    assert change(rosa).status_code == 303
    assert rosa.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert is_right(people.rosas_account.password_hash, NEW)
    assert events("PasswordChosen")[0].actor_id == people.rosas_account.id


@pytest.mark.parametrize(("current", "password"), [("wrong", NEW), ("", NEW), (OLD, "short")])
def test_a_change_that_is_refused_changes_nothing(
    rosa: Visitor, people: Cast, current: str, password: str
) -> None:
    assert change(rosa, current, password).status_code == 422
    assert is_right(people.rosas_account.password_hash, OLD)
    assert rosa.get("/account").status_code == 200


def test_the_current_password_cannot_be_guessed_for_ever(clock: Clock, rosa: Visitor) -> None:
    answers = [change(rosa, "wrong").status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2


def test_somebody_without_a_password_is_mailed_a_link(client: Visitor, people: Cast) -> None:
    client.sign_in(people.rosas_account)
    client.post("/account/password/link")
    client.post(link_in(letters("rosa@harbor.example")[-1]), data={"password": NEW})
    assert is_right(people.rosas_account.password_hash, NEW)


def test_a_forgotten_password_is_replaced_by_link_and_sessions_end(
    client: Visitor, visit: Callable[[], Visitor], people: Cast
) -> None:
    thief = visit().sign_in(people.rosas_account)
    client.post("/forgotten-password", data={"email": "rosa@harbor.example"})
    path = link_in(letters("rosa@harbor.example")[-1])
    assert client.post(path, data={"password": NEW}).location == "/"
    assert is_right(people.rosas_account.password_hash, NEW)
    assert thief.get("/account").status_code == 303
    assert client.post(path, data={"password": OLD}).status_code == 410


def test_name_and_time_zone_are_kept_and_reach_the_record(
    rosa: Visitor, people: Cast, work: Work
) -> None:
    rosa.post("/account", data={"name": "Rosa Marin", "time_zone": "Europe/Lisbon"})
    work()
    assert (people.rosas_account.name, people.rosa.name) == ("Rosa Marin", "Rosa Marin")
    assert people.rosa.time_zone == "Europe/Lisbon"
    assert events("ProfileChanged")[0].data["fields"] == ["name", "time_zone"]


def test_saving_twice_is_harmless(rosa: Visitor) -> None:
    for _ in range(2):
        rosa.post("/account", data={"name": "Rosa Marin", "time_zone": ""})
    assert len(events("ProfileChanged")) == 1


@pytest.mark.parametrize("form", [{"name": ""}, {"name": "x" * 121}, {"time_zone": "Mars/Base"}])
def test_a_profile_that_does_not_fit_is_refused(
    rosa: Visitor, people: Cast, form: dict[str, str]
) -> None:
    full = {"name": "Rosa", "time_zone": "", **form}
    assert rosa.post("/account", data=full).status_code == 422
    assert people.rosas_account.name == "Rosa Lindt"


def test_role_and_address_cannot_be_set_with_the_form(rosa: Visitor, people: Cast) -> None:
    more = {"role": "admin", "email": "x@y.example", "verified_at": "", "id": "1"}
    rosa.post("/account", data={"name": "Rosa", "time_zone": "", **more})
    assert people.rosas_account.role == "customer"
    assert people.rosas_account.email == "rosa@harbor.example"


def test_the_staff_has_the_page_as_well(client: Visitor, people: Cast) -> None:
    assert client.sign_in(people.mika).get("/account").status_code == 200
