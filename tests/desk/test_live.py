"""What an open page is told while it stays open."""

import pytest
from werkzeug.test import TestResponse

from helpdesk.core.db import transaction
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Priority
from tests.cast import Cast
from tests.conftest import Clock
from tests.desk.conftest import many, statements
from tests.servers.valkey import Valkey
from tests.visitor import Visitor

pytestmark = pytest.mark.usefixtures("people")


def test_nothing_new_has_no_body(mika: Visitor, people: Cast) -> None:
    for path in ("/desk/live", "/desk/live/queue/mine", f"/desk/live/tickets/{people.ticket.id}"):
        first = mika.get(path)
        again = mika.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


def test_a_new_ticket_comes_with_its_line_and_counts(mika: Visitor, people: Cast) -> None:
    before = mika.get("/desk/live/queue/open")
    with transaction():
        conversation.file(people.sam, "Something else", "How much is it?")
    after = mika.get("/desk/live/queue/open", headers={"If-None-Match": before.headers["ETag"]})
    assert after.json is not None
    assert "Something else" in after.json["list"]
    assert (after.json["total"], after.json["counts"]["/desk/queue/open"]) == ("2", "2")


def test_the_live_list_is_narrowed_like_the_list(mika: Visitor, people: Cast) -> None:
    with transaction():
        conversation.file(people.sam, "Something else", "How much is it?")
    answer = mika.get("/desk/live/queue/open?q=customer:sam")
    assert answer.json is not None
    assert "Something else" in answer.json["list"]
    assert "Charged twice" not in answer.json["list"]
    assert mika.get("/desk/live/queue/open?q=stat:open").status_code == 422


def test_every_change_of_an_open_ticket_is_told(mika: Visitor, people: Cast) -> None:
    path = f"/desk/live/tickets/{people.ticket.id}"
    tags = {mika.get(path).headers["ETag"]}
    for change in (
        lambda: conversation.write(people.ticket, "Are you there?", people.rosa),
        lambda: actions.set_priority(people.ticket, Priority.HIGH, by=people.ben),
        lambda: conversation.add_note(people.ticket, "I know her.", by=people.ben),
    ):
        with transaction():
            change()
        tags.add(mika.get(path).headers["ETag"])
    assert len(tags) == 4


def test_who_may_not_see_a_ticket_is_told_nothing(ben: Visitor, people: Cast) -> None:
    path = f"/desk/live/tickets/{people.ticket.id}"
    assert ben.get(path).status_code == 200
    with transaction():
        people.billing.restricted = True
    assert ben.get(path).status_code == 404
    assert ben.get("/desk/live/tickets/99999999999999999999").status_code == 404


def test_agents_see_who_reads_and_who_writes(mika: Visitor, ben: Visitor, people: Cast) -> None:
    path = f"/desk/live/tickets/{people.ticket.id}"
    assert _people(mika.get(path)) == ""
    assert _people(ben.get(f"{path}?writing=1")) == "Mika Kallio is here too"
    assert _people(mika.get(path)) == "Ben Lund is replying"
    ben.get(f"{path}?gone=1")
    assert _people(mika.get(path)) == ""


def test_whoever_says_nothing_more_is_gone(
    clock: Clock, mika: Visitor, ben: Visitor, people: Cast
) -> None:
    path = f"/desk/live/tickets/{people.ticket.id}"
    ben.get(path)
    clock.move(seconds=14)
    assert _people(mika.get(path)) == "Ben Lund is here too"
    clock.move(seconds=2)
    assert _people(mika.get(path)) == ""


def test_without_redis_pages_stay_live_and_nobody_is_seen(
    mika: Visitor, ben: Visitor, people: Cast, redis_server: Valkey
) -> None:
    path = f"/desk/live/tickets/{people.ticket.id}"
    redis_server.kill()
    try:
        ben.get(path)
        assert _people(mika.get(path)) == ""
    finally:
        redis_server.start()


def test_asking_costs_few_statements_however_many_tickets_there_are(
    mika: Visitor, people: Cast
) -> None:
    many(people, 60)
    for path, most in (("/desk/live/queue/open", 5), (f"/desk/live/tickets/{people.ticket.id}", 5)):
        with statements() as asked:
            mika.get(path)
        assert len(asked) <= most


def _people(answer: TestResponse) -> str:
    assert answer.json is not None
    return str(answer.json["people"])


@pytest.mark.parametrize("beside", ["merge", "split", "why", "macros"])
def test_a_page_about_a_ticket_keeps_its_own_top(mika: Visitor, people: Cast, beside: str) -> None:
    page = mika.get(f"/desk/tickets/{people.ticket.id}/{beside}").text
    assert 'data-live="/desk/live"' in page


@pytest.mark.parametrize("path", ["/desk/live", "/desk/live/queue/mine"])
def test_nothing_new_asks_the_database_for_its_stamp_alone(mika: Visitor, path: str) -> None:
    tags = [mika.get(path).headers["ETag"] for _ in range(3)]  # each connection has its own stamp
    known = {"If-None-Match": tags[-1]}
    with statements() as asked:
        assert mika.get(path, headers=known).status_code == 304
    assert [one for one in asked if "FROM" in one.upper()] == []


def test_who_was_signed_out_is_not_answered(mika: Visitor, people: Cast) -> None:
    known = {"If-None-Match": mika.get("/desk/live").headers["ETag"]}
    with transaction():
        people.mika.session_key = "another"
    assert mika.get("/desk/live", headers=known).status_code == 303
