"""Merging and splitting at the desk, and what customers and mails find afterwards."""

import pytest
from flask import Flask

from helpdesk.accounts.models import Team
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.surveys.models import Invitation, State
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.filters import parse
from helpdesk.tickets.links import link_for
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.merging import Unconfirmed, merge
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.splitting import undo_split
from helpdesk.tickets.unmerging import undo_merge
from tests.cast import Cast
from tests.visitor import Visitor
from tests.work import Work


@pytest.fixture
def twin(people: Cast) -> int:
    """A second ticket of Rosa about the same."""
    with transaction():
        return conversation.file(people.rosa, "Charged twice again", "It is **zweimal**.").id


@pytest.fixture
def foreign(people: Cast) -> int:
    """A ticket of Sam, whom Rosa does not know."""
    with transaction():
        return conversation.file(people.sam, "Also charged", "Sam is charged too.").id


def ticket(number: int) -> Ticket:
    return session.get_one(Ticket, number, populate_existing=True)


def form(people: Cast, number: int, **more: str) -> dict[str, str]:
    seen = {"seen": str(ticket(number).version), "seen_into": str(people.ticket.version)}
    return {"into": str(people.ticket.id), **seen, **more}


def test_one_thread_after_a_merge(mika: Visitor, people: Cast, twin: int) -> None:
    page = mika.get(f"/desk/tickets/{twin}/merge?into={people.ticket.id}").text
    assert "Everything written on" in page
    assert "different customers" not in page
    answer = mika.post(f"/desk/tickets/{twin}/merge", data=form(people, twin))
    assert answer.location == f"/desk/tickets/{people.ticket.id}"
    page = mika.get(answer.location).text
    assert "zweimal" in page
    assert f'came to <a href="/desk/tickets/{twin}?original=1"' in page
    assert mika.get(f"/desk/tickets/{twin}").location == answer.location
    assert "Undo the merge" in mika.get(f"/desk/tickets/{twin}?original=1").text
    assert f"#{twin}</span>" not in mika.get("/desk/queue/open").text


def test_undone_from_the_page_of_the_original(mika: Visitor, people: Cast, twin: int) -> None:
    mika.post(f"/desk/tickets/{twin}/merge", data=form(people, twin))
    mika.post(f"/desk/tickets/{twin}/merge/reversal")
    assert "zweimal" in mika.get(f"/desk/tickets/{twin}").text
    assert "zweimal" not in mika.get(f"/desk/tickets/{people.ticket.id}").text
    assert mika.post(f"/desk/tickets/{twin}/merge/reversal").status_code == 409


def test_another_customer_needs_a_yes(mika: Visitor, people: Cast, foreign: int) -> None:
    page = mika.get(f"/desk/tickets/{foreign}/merge?into={people.ticket.id}").text
    assert "Rosa Lindt will read everything that Sam Stone" in page
    refused = mika.post(f"/desk/tickets/{foreign}/merge", data=form(people, foreign))
    assert refused.status_code == 409
    assert ticket(foreign).merged_into_id is None
    mika.post(
        f"/desk/tickets/{foreign}/merge",
        data=form(people, foreign, confirmed="1", keep_copies="1"),
    )
    assert ticket(foreign).merged_into_id == people.ticket.id
    assert [watcher.email for watcher in people.ticket.watchers] == ["sam@stone.example"]
    mika.post(f"/desk/tickets/{foreign}/merge/reversal")
    session.expire_all()
    assert people.ticket.watchers == []


def test_a_stale_look_merges_nothing(mika: Visitor, people: Cast, twin: int) -> None:
    data = form(people, twin)
    with transaction():
        conversation.write(ticket(twin), "One more thing", people.rosa)
    answer = mika.post(f"/desk/tickets/{twin}/merge", data=data)
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.text
    assert ticket(twin).merged_into_id is None


@pytest.mark.parametrize("into", ["", "abc", "999999", "\x00", "self"])
def test_a_wrong_number_is_told(mika: Visitor, twin: int, into: str) -> None:
    data = {"into": str(twin) if into == "self" else into}
    assert mika.post(f"/desk/tickets/{twin}/merge", data=data).status_code == 422
    assert ticket(twin).merged_into_id is None


def test_who_does_not_see_both_merges_nothing(
    ben: Visitor, people: Cast, secret: int, twin: int
) -> None:
    data = {"into": str(secret), "seen": str(ticket(twin).version), "confirmed": "1"}
    assert ben.get(f"/desk/tickets/{twin}/merge?into={secret}").status_code == 422
    assert ben.post(f"/desk/tickets/{twin}/merge", data=data).status_code == 422
    assert ben.post(f"/desk/tickets/{secret}/merge", data={"into": str(twin)}).status_code == 404
    assert ticket(twin).merged_into_id is None


def test_what_a_team_keeps_to_itself_is_not_shown_without_a_yes(
    people: Cast, secret: int, twin: int
) -> None:
    with transaction(), pytest.raises(Unconfirmed, match="Disputes keeps its tickets"):
        merge(ticket(secret), ticket(twin), by=people.mika)


def test_a_reply_to_what_was_merged_meanwhile_waits_on_the_survivor(
    mika: Visitor, people: Cast, twin: int
) -> None:
    seen = ticket(twin).version
    with transaction():
        merge(ticket(twin), people.ticket, by=people.mika)
    answer = mika.post(
        f"/desk/tickets/{twin}/replies", data={"body": "My answer", "seen": seen, "form_key": "k"}
    )
    assert answer.status_code == 409
    assert "My answer" in answer.text
    assert f'action="/desk/tickets/{people.ticket.id}/replies"' in answer.text


def test_nothing_is_changed_on_what_was_merged(mika: Visitor, people: Cast, twin: int) -> None:
    with transaction():
        merge(ticket(twin), people.ticket, by=people.mika)
    changes = {"priority": {"priority": "high"}, "tags": {"tags": "a"}, "team": {"team": "1"},
               "assignment": {"assignee": "me"}, "status": {"status": "open"},
               "reopening": {}}  # fmt: skip
    for what, data in changes.items():
        assert mika.post(f"/desk/tickets/{twin}/{what}", data=data).status_code == 409


def test_the_customer_sees_one_request(client: Visitor, people: Cast, twin: int) -> None:
    with transaction():
        merge(ticket(twin), people.ticket, by=people.mika)
    rosa = client.sign_in(people.rosas_account)
    assert rosa.get(f"/requests/{twin}").location == f"/requests/{people.ticket.id}"
    page = rosa.get(f"/requests/{people.ticket.id}").text
    assert "zweimal" in page
    assert "charged twice." in page
    assert f"/requests/{twin}" not in rosa.get("/requests").text
    rosa.post(f"/requests/{twin}/messages", data={"message": "Still", "form_key": "x"})
    last = people.ticket.messages[-1]
    assert (last.body, last.came_to_id) == ("Still", twin)
    with transaction():
        undo_merge(ticket(twin), by=people.mika)
    assert [message.body for message in ticket(twin).messages][-1] == "Still"


def test_a_mailed_link_leads_on(client: Visitor, app: Flask, people: Cast, twin: int) -> None:
    with transaction(), app.test_request_context():
        url = link_for(ticket(twin), people.rosa, "rosa@harbor.example")
        merge(ticket(twin), people.ticket, by=people.mika)
    page = client.get(url.removeprefix("http://localhost")).text
    assert "zweimal" in page
    assert "charged twice." in page


def test_another_customer_reads_only_what_came_to_hers(
    client: Visitor, people: Cast, foreign: int
) -> None:
    with transaction():
        add_watcher(people.ticket, "x@y.example")
        merge(ticket(foreign), people.ticket, by=people.mika, confirmed=True)
        conversation.reply(
            people.ticket, "Only for Rosa", by=people.mika, seen=people.ticket.version
        )
    sam = client.sign_in(people.sams_account)
    page = sam.get(f"/requests/{foreign}").text
    assert "Sam is charged too" in page
    assert "together with another request" in page
    assert "Our card was charged" not in page
    assert "Only for Rosa" not in page
    assert sam.get(f"/requests/{people.ticket.id}").status_code == 404
    assert f"/requests/{foreign}" in sam.get("/requests").text
    sam.post(f"/requests/{foreign}/messages", data={"message": "Hello?", "form_key": "y"})
    assert "Hello?" in sam.get(f"/requests/{foreign}").text
    with transaction():
        undo_merge(ticket(foreign), by=people.mika)
    assert [m.body for m in ticket(foreign).messages] == ["Sam is charged too.", "Hello?"]
    assert ticket(foreign).waiting_since is not None
    assert "Hello?" not in [m.body for m in people.ticket.messages]


def test_words_are_found_where_they_are(people: Cast, twin: int) -> None:
    def found() -> list[int]:
        session.expire_all()
        return list(session.scalars(Ticket.__table__.select().with_only_columns(Ticket.id).where(
            *parse("zweimal").where(people.mika))))  # fmt: skip

    assert found() == [twin]
    with transaction():
        merge(ticket(twin), people.ticket, by=people.mika)
    assert found() == [people.ticket.id]
    with transaction():
        undo_merge(ticket(twin), by=people.mika)
    assert found() == [twin]


def test_who_was_merged_away_is_not_asked(people: Cast, twin: int, work: Work) -> None:
    with transaction():
        conversation.reply(ticket(twin), "Done", by=people.mika, seen=ticket(twin).version)
        actions.resolve(ticket(twin), by=people.mika)
        merge(ticket(twin), people.ticket, by=people.mika)
    work()
    asked = session.query(Invitation).filter_by(ticket_id=twin).one()
    assert (asked.state, asked.reason) == (State.SUPPRESSED, "merged")


def test_a_split_has_its_own_clock_and_can_be_undone(mika: Visitor, people: Cast) -> None:
    with transaction():
        conversation.write(people.ticket, "And my address changed.", people.rosa)
        one = people.ticket.messages[-1].id
    first = people.ticket.messages[0]
    path = f"/desk/tickets/{people.ticket.id}/split"
    assert "And my address changed." in mika.get(path).text
    answer = mika.post(path, data={"message": str(one), "subject": "New address"})
    number = int(answer.location.rpartition("/")[2])
    assert [m.id for m in ticket(number).messages] == [one]
    assert ticket(number).waiting_since == ticket(number).messages[0].created_at
    assert [m.id for m in people.ticket.messages] == [first.id]
    events = {e.event for e in session.query(JournalEntry).filter_by(subject_id=number)}
    assert "TicketBegan" in events
    assert mika.post(path, data={"message": str(one), "subject": "Twice"}).status_code == 409
    back = mika.post(f"/desk/tickets/{number}/split/reversal")
    assert back.location == f"/desk/tickets/{people.ticket.id}"
    session.expire_all()
    assert [m.id for m in people.ticket.messages] == [first.id, one]
    assert [m.came_to_id for m in people.ticket.messages] == [None, None]
    assert mika.get(f"/desk/tickets/{number}").location == f"/desk/tickets/{people.ticket.id}"


def test_what_came_after_a_split_stays_there(people: Cast) -> None:
    from helpdesk.tickets.splitting import split

    with transaction():
        conversation.write(people.ticket, "And my address changed.", people.rosa)
        ids = [people.ticket.messages[-1].id]
        grown = split(people.ticket, ids, subject="Address", by=people.mika).id
        conversation.write(ticket(grown), "To Berlin.", people.rosa)
    with transaction():
        undo_split(ticket(grown), by=people.mika)
    assert [m.body for m in ticket(grown).messages] == ["To Berlin."]
    assert ticket(grown).status is Status.OPEN
    assert ids[0] in [m.id for m in people.ticket.messages]


@pytest.mark.parametrize("choice", ["none", "all", "note", "strange", "empty subject"])
def test_an_impossible_split_is_told(mika: Visitor, people: Cast, choice: str) -> None:
    with transaction():
        note = conversation.add_note(people.ticket, "Hm", by=people.mika).id
    first = people.ticket.messages[0].id
    chosen = {"none": [], "all": [first, note], "note": [note], "strange": [first, 999999],
              "empty subject": [first]}[choice]  # fmt: skip
    data = {"message": [str(n) for n in chosen], "subject": "" if "empty" in choice else "x"}
    answer = mika.post(f"/desk/tickets/{people.ticket.id}/split", data=data)
    assert answer.status_code in (409, 422)
    assert len(people.ticket.messages) == 2


def test_a_split_from_a_merged_message_goes_home_after_all(people: Cast, twin: int) -> None:
    from helpdesk.tickets.splitting import split

    with transaction():
        conversation.write(ticket(twin), "And the address.", people.rosa)
        moved = ticket(twin).messages[-1].id
        merge(ticket(twin), people.ticket, by=people.mika)
        grown = split(people.ticket, [moved], subject="Address", by=people.mika).id
    with transaction():
        undo_merge(ticket(twin), by=people.mika)
        undo_split(ticket(grown), by=people.mika)
    assert moved in [m.id for m in ticket(twin).messages]


def test_a_team_of_its_own_is_kept_by_a_split(people: Cast, secret: int) -> None:
    from helpdesk.tickets.splitting import split

    with transaction():
        conversation.write(ticket(secret), "More.", people.rosa)
        grown = split(ticket(secret), [ticket(secret).messages[0].id], subject="x", by=people.mika)
        team = session.get_one(Team, grown.team_id)
        assert team.restricted
