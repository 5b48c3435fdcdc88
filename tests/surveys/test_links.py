"""A link is good for one invitation and says nothing to anybody else."""

from collections.abc import Callable

import pytest

from helpdesk.core.db import transaction
from helpdesk.core.security import sign
from helpdesk.surveys import actions
from helpdesk.tickets import actions as tickets
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import asked, link, resolved, rows
from tests.visitor import Visitor

PAGES = ("", "/response", "/preferences", "/unsubscribing")


def cut_off(path: str) -> str:
    return path[:-3]


def altered(path: str) -> str:
    head, _, tail = path.rpartition("/")
    return f"{head}/{chr(ord(tail[0]) ^ 1)}{tail[1:]}"


def plain_number(_path: str) -> str:
    return "/surveys/1"


def other_purpose(_path: str) -> str:
    return f"/surveys/{sign('ticket', 1)}"


def nobodys(_path: str) -> str:
    return f"/surveys/{sign('survey', 999_999)}"


def no_number(_path: str) -> str:
    return f"/surveys/{sign('survey', ['1'])}"


def endless(_path: str) -> str:
    return f"/surveys/{'a' * 5000}"


@pytest.mark.parametrize("page", ["", "/response", "/preferences"])
@pytest.mark.parametrize(
    "forge",
    [cut_off, altered, plain_number, other_purpose, nobodys, no_number, endless],
    ids=lambda forge: forge.__name__,
)
def test_a_forged_link_gets_a_kind_page_and_changes_nothing(
    forge: Callable[[str], str], page: str, people: Cast, clock: Clock, client: Visitor
) -> None:
    path = forge(link(asked(people, clock)))
    before = rows()
    seen = client.get(path + page)
    assert seen.status_code == 404
    assert "This link does not work" in seen.text
    data = {"score": "1", "wish": "none", "List-Unsubscribe": "One-Click"}
    for door in ("/response", "/preferences", "/unsubscribing"):
        assert client.post(path + door, data=data, csrf=False).status_code == 404
    assert rows() == before


def test_a_withdrawn_question_says_that_we_are_on_it(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    path = link(asked(people, clock))
    with transaction():
        tickets.reopen(people.ticket, by=None)
        actions.withdraw_about(people.ticket.id)
    assert "We are on it again" in client.get(path).text
    assert client.post(f"{path}/response", data={"score": "1"}, csrf=False).status_code == 410
    assert rows()["survey_response"] == 0


def test_a_question_that_was_never_sent_takes_no_answer(people: Cast, client: Visitor) -> None:
    path = link(resolved(people), "/response")
    assert client.post(path, data={"score": "5"}, csrf=False).status_code == 410
    assert rows()["survey_response"] == 0


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_learns_of_the_page(
    page: str, people: Cast, clock: Clock, client: Visitor
) -> None:
    headers = client.get(link(asked(people, clock), page)).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex, nofollow"
    assert headers["Cache-Control"] == "no-store"


def test_whoever_is_signed_in_makes_no_difference(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    client.sign_in(people.sams_account)
    path = link(asked(people, clock), "/response")
    assert client.post(path, data={"score": "4"}, csrf=False).status_code == 303
    assert people.rosa.last_score == 4
    assert people.sam.last_score is None


def test_another_sites_form_needs_the_link_all_the_same(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    path = link(asked(people, clock), "/response")
    said = client.post(path, data={"score": "4"}, headers=headers, csrf=False)
    assert said.status_code == 303  # a mail program may show the page inside its own
