"""Macros and canned replies: kept, shared, looked at on a ticket, done with what is sent."""

import re

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.desk.macros import actions as macros
from helpdesk.desk.macros.actions import Wish
from helpdesk.desk.macros.models import Macro
from helpdesk.desk.macros.queries import fitting, macros_of
from helpdesk.tickets import actions
from helpdesk.tickets.models import Message, MessageKind, Priority, Status
from tests.cast import Cast
from tests.desk.conftest import marked_wrong
from tests.desk.test_writing import bodies, fields, send
from tests.visitor import Visitor

REFUND = {
    "do-reply": "Hello {{customer.first_name}}, it is paid back.",
    "do-priority": "high",
    "do-add_tags": "refund",
    "do-status": "resolve",
}


def kept(people: Cast, name: str = "Refund", by: str = "mika", **more: object) -> int:
    wish: dict[str, object] = {"shortcut": "", "changes": REFUND, **more}
    with transaction():
        return macros.save_macro(Wish(name, **wish), by=getattr(people, by)).id  # type: ignore[arg-type]  # what a test says of a wish


def ticket_with(visitor: Visitor, people: Cast, macro_id: int) -> str:
    page = visitor.get(f"/desk/tickets/{people.ids['ticket']}?macro={macro_id}")
    assert page.status_code == 200
    return page.text


def test_a_macro_is_made_changed_and_deleted(mika: Visitor, people: Cast) -> None:
    form = {"name": "Refund", "shortcut": "/refund", **REFUND}
    assert mika.post("/desk/macros", data=form).status_code == 303
    macro = session.query(Macro).one()
    assert (macro.name, macro.shortcut, macro.version) == ("Refund", "refund", 1)
    assert "/refund" in mika.get("/desk/macros").text
    page = mika.get(f"/desk/macros/{macro.id}").text
    assert "{{customer.first_name}}" in page
    mika.post(f"/desk/macros/{macro.id}", data={**form, "name": "Money back"})
    session.expire_all()
    assert (macro.name, macro.version) == ("Money back", 1), "it does the same"
    mika.post(f"/desk/macros/{macro.id}", data={**form, "do-priority": "low"})
    session.expire_all()
    assert macro.version == 2
    mika.post(f"/desk/macros/{macro.id}/deletion")
    assert session.query(Macro).count() == 0


@pytest.mark.parametrize(
    ("wrong", "says", "marked"),
    [
        ({"do-reply": "Hi {{customer.nmae}}"}, "Did you mean {{customer.name}}?", ["do-reply"]),
        ({"do-priority": "hihg"}, "Did you mean “high”?", ["do-priority"]),
        ({"name": " "}, "1 to 60 characters", ["name"]),
        ({"name": "x" * 61}, "1 to 60 characters", ["name"]),
        ({"shortcut": "/re fund"}, "A shortcut is a word", ["shortcut"]),
        ({"everybody": "yes"}, "A manager can share", []),
        (dict.fromkeys(REFUND, ""), "at least one change", []),
    ],
)
def test_a_wrong_macro_is_shown_again_with_what_is_wrong(
    mika: Visitor, people: Cast, wrong: dict[str, str], says: str, marked: list[str]
) -> None:
    answer = mika.post("/desk/macros", data={"name": "Refund", **REFUND, **wrong})
    assert answer.status_code in (403, 422)
    assert says in answer.text
    assert marked_wrong(answer.text) == marked
    assert wrong.get("do-reply", "") in answer.text
    assert session.query(Macro).count() == 0


def test_what_is_not_shared_does_not_exist_for_others(people: Cast, ben: Visitor) -> None:
    own = kept(people)
    shared = kept(people, "Team", by="nora", teams=[people.billing])
    every = kept(people, "Every", by="nora", for_everybody=True)
    assert {m.id for m in macros_of(people.mika)} == {own, shared, every}
    assert {m.id for m in macros_of(people.ben)} == {every}
    assert {m.id for m in macros_of(people.nora)} == {shared, every}
    assert ben.get(f"/desk/macros/{shared}").status_code == 404
    assert ben.get(f"/desk/tickets/{people.ids['ticket']}/macros/{own}").status_code == 404
    assert f"macro={own}" not in ben.get(f"/desk/tickets/{people.ids['ticket']}/macros").text


def test_managers_change_what_is_shared_and_others_copy_it(
    people: Cast, mika: Visitor, nora: Visitor
) -> None:
    shared = kept(people, teams=[people.billing])
    assert nora.post(f"/desk/macros/{shared}", data={"name": "New", **REFUND}).status_code == 303
    every = kept(people, "Every", by="nora", for_everybody=True)
    assert mika.post(f"/desk/macros/{every}/deletion").status_code == 403
    assert "becomes one of your own" in mika.get(f"/desk/macros/{every}").text


def test_a_shortcut_is_found_first_then_names_then_words(people: Cast) -> None:
    kept(people, "Refund by card", shortcut="/card")
    kept(people, "Card lost", changes={"do-reply": "Please call us."})
    kept(people, "Thanks", changes={"do-reply": "Thank you for your card."})
    found = [m.name for m in fitting(macros_of(people.mika), "/card")]
    assert found == ["Refund by card", "Card lost", "Thanks"]
    assert not fitting(macros_of(people.mika), "nothing like it")


def test_the_ticket_shows_what_would_happen_and_nothing_does(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.set_priority(people.ticket, Priority.HIGH, by=None)
    before = people.ticket.version
    page = ticket_with(mika, people, kept(people))
    assert "Hello Rosa, it is paid back.</textarea>" in page
    assert "priority high</bdi> (so already)" in page
    assert "add the tag refund" in page
    assert people.ticket.version == before


def test_the_sent_reply_does_the_rest_and_the_journal_names_the_macro(
    mika: Visitor, people: Cast
) -> None:
    page = ticket_with(mika, people, kept(people))
    send(mika, people, body="Hello Rosa, done.", kind="reply", then="macro", **fields(page))
    ticket = people.ticket
    assert bodies(MessageKind.AGENT) == ["Hello Rosa, done."]
    assert (ticket.status, ticket.priority) == (Status.RESOLVED, Priority.HIGH)
    entry = session.query(JournalEntry).filter_by(event="MacroUsed").one()
    assert entry.data["name"] == "Refund"
    assert entry.data["did"] == ["priority high", "add the tag refund", "resolve"]
    assert "used the macro “Refund”" in mika.get(f"/desk/tickets/{ticket.id}").text


def test_pressing_twice_does_it_once(mika: Visitor, people: Cast) -> None:
    page = ticket_with(mika, people, kept(people))
    for _ in range(2):
        assert send(mika, people, body="Done.", kind="reply", **fields(page)).status_code == 303
    assert session.query(JournalEntry).filter_by(event="MacroUsed").count() == 1


def test_a_stale_version_keeps_the_text_and_the_macro(mika: Visitor, people: Cast) -> None:
    macro = kept(people)
    page = ticket_with(mika, people, macro)
    with transaction():
        actions.set_priority(people.ticket, Priority.URGENT, by=people.ben)
    answer = send(mika, people, body="My long text", kind="reply", **fields(page))
    assert answer.status_code == 409
    assert "My long text</textarea>" in answer.text
    assert session.query(JournalEntry).filter_by(event="MacroUsed").count() == 0
    again = send(mika, people, body="My long text", kind="reply", **fields(answer.text))
    assert again.status_code == 303
    assert people.ticket.status is Status.RESOLVED


def test_a_macro_that_was_changed_meanwhile_is_looked_at_again(mika: Visitor, people: Cast) -> None:
    macro = kept(people)
    page = ticket_with(mika, people, macro)
    mika.post(f"/desk/macros/{macro}", data={"name": "Refund", **REFUND, "do-priority": "low"})
    answer = send(mika, people, body="Text", kind="reply", **fields(page))
    assert answer.status_code == 409
    assert "was changed meanwhile" in answer.text
    assert "priority low" in answer.text
    assert bodies(MessageKind.AGENT) == []


def test_a_change_that_cannot_be_done_sends_nothing(mika: Visitor, people: Cast) -> None:
    with transaction():
        people.technical.restricted = True
    does = {"do-reply": "Hi", "do-team": str(people.ids["technical"]),
            "do-assignee": str(people.ids["mika"])}  # fmt: skip
    page = ticket_with(mika, people, kept(people, changes=does))
    assert "tone-bad" in page
    answer = send(mika, people, body="Hi there", kind="reply", **fields(page))
    assert answer.status_code == 422
    assert "Hi there</textarea>" in answer.text
    assert bodies(MessageKind.AGENT) == []


def test_one_that_writes_nothing_is_applied_without_sending(mika: Visitor, people: Cast) -> None:
    macro = kept(people, changes={"do-priority": "urgent", "do-note": "For {{customer.name}}"})
    page = ticket_with(mika, people, macro)
    to = f"macros/{macro}/application"
    assert send(mika, people, to, body="not sent", kind="reply", **fields(page)).status_code == 303
    assert people.ticket.priority is Priority.URGENT
    assert bodies(MessageKind.NOTE) == ["For Rosa Lindt"]
    answer = send(mika, people, to, body="still here", kind="reply", **fields(page))
    assert answer.status_code == 409
    assert "still here</textarea>" in answer.text


def test_an_unfilled_variable_is_not_sent(mika: Visitor, people: Cast) -> None:
    with transaction():
        people.rosa.name = "rosa@harbor.example"
    page = ticket_with(mika, people, kept(people))
    assert "does not tell the customer’s first name" in page
    text = "Hello {{customer.first_name}}, it is paid back."
    answer = send(mika, people, body=text, kind="reply", **fields(page))
    assert answer.status_code == 422
    assert "still stands in the text" in answer.text


def test_a_macro_may_move_a_ticket_out_of_sight(mika: Visitor, people: Cast) -> None:
    with transaction():
        people.technical.restricted = True
    macro = kept(people, changes={"do-team": str(people.ids["technical"])})
    page = ticket_with(mika, people, macro)
    answer = send(mika, people, f"macros/{macro}/application", **fields(page))
    assert answer.location == "/desk"


def test_without_script_what_was_written_waits_while_one_chooses(
    mika: Visitor, people: Cast
) -> None:
    number, macro = people.ids["ticket"], kept(people)
    answer = send(mika, people, "macros", body="I began.", kind="reply")
    assert answer.location == f"/desk/tickets/{number}/macros"
    assert f"macro={macro}" in mika.get(answer.location).text
    assert "I began.\n\nHello Rosa" in ticket_with(mika, people, macro)


def test_the_palette_offers_macros_on_a_ticket(mika: Visitor, people: Cast) -> None:
    kept(people)
    url = f"/desk/palette?q=ref&ticket={people.ids['ticket']}"
    answer = mika.get(url, headers={"HX-Request": "true"}).text
    assert re.search(r'data-take><span class="cut" dir="auto">Refund', answer)
    assert "data-take" not in mika.get("/desk/palette?q=ref", headers={"HX-Request": "true"}).text


def test_the_ticket_page_asks_nothing_more_for_macros(mika: Visitor, people: Cast) -> None:
    kept(people)
    assert session.query(Message).count() == 1
    assert "Refund" not in mika.get(f"/desk/tickets/{people.ids['ticket']}").text
