"""Drafts that the server keeps: in any browser, for nobody else, and never over newer ones."""

from datetime import timedelta

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.desk.drafting import WrittenDraft
from tests.cast import Cast
from tests.desk.test_writing import fields, form_of, send
from tests.visitor import Visitor
from tests.work import Work


def page_of(visitor: Visitor, people: Cast) -> str:
    return visitor.get(f"/desk/tickets/{people.ids['ticket']}").text


def saved(people: Cast, name: str = "mika") -> WrittenDraft | None:
    session.expire_all()
    return session.get(WrittenDraft, (people.ids["ticket"], people.ids[name]))


def test_a_draft_is_taken_up_anywhere_and_by_nobody_else(
    mika: Visitor, nora: Visitor, people: Cast
) -> None:
    version, entries = people.ticket.version, session.query(JournalEntry).count()
    answer = send(mika, people, "draft", body="Half a sen", kind="note", draft="0")
    assert answer.json == {"revision": 1}
    other = Visitor(mika.application).sign_in(people.mika)
    page = page_of(other, people)
    assert "Half a sen</textarea>" in page
    assert 'value="note" checked' in page
    assert fields(page)["draft"] == "1"
    assert "Half a sen" not in page_of(nora, people)
    assert people.ticket.version == version
    assert session.query(JournalEntry).count() == entries


def test_an_older_window_never_writes_over_a_newer_one(mika: Visitor, people: Cast) -> None:
    send(mika, people, "draft", body="From here", draft="0")
    answer = send(mika, people, "draft", body="From there", draft="0")
    assert answer.status_code == 409
    assert answer.json["body"] == "From here"
    assert answer.json["revision"] == 1
    assert saved(people).body == "From here"  # type: ignore[union-attr]  # it is there
    chosen = send(mika, people, "draft", body="Both", draft="1")
    assert chosen.json == {"revision": 2}


def test_sending_deletes_the_draft_and_an_old_window_does_not_bring_it_back(
    mika: Visitor, people: Cast
) -> None:
    send(mika, people, "draft", body="All done", draft="0")
    form = form_of(mika, people)
    assert send(mika, people, body="All done", kind="reply", **form).status_code == 303
    assert saved(people) is None
    late = send(mika, people, "draft", body="All done", **form)
    assert late.json == {"revision": 0, "sent": True}
    older = send(mika, people, "draft", body="All do", draft="1")
    assert older.status_code == 409
    assert older.json["body"] == ""
    assert saved(people) is None


def test_what_another_window_wrote_since_stays_when_this_one_sends(
    mika: Visitor, people: Cast
) -> None:
    send(mika, people, "draft", body="One", draft="0")
    form = form_of(mika, people)
    send(mika, people, "draft", body="Something else entirely", draft="1")
    send(mika, people, body="One", kind="reply", **form)
    assert saved(people).body == "Something else entirely"  # type: ignore[union-attr]  # it is there


def test_an_empty_text_is_no_draft_and_a_long_one_is_refused(mika: Visitor, people: Cast) -> None:
    send(mika, people, "draft", body="Text", draft="0")
    assert send(mika, people, "draft", body="  ", draft="1").json == {"revision": 0}
    assert saved(people) is None
    answer = send(mika, people, "draft", body="x" * 100_001, draft="0")
    assert answer.status_code == 422
    assert "100,000" in answer.json["error"]
    assert send(mika, people, "draft", body="a\x00b", draft="0").status_code == 200


def test_a_draft_can_be_dropped(mika: Visitor, people: Cast) -> None:
    send(mika, people, "draft", body="Text", draft="0")
    assert send(mika, people, "draft/deletion").status_code == 303
    assert saved(people) is None


def test_a_refused_reply_keeps_the_draft(mika: Visitor, people: Cast) -> None:
    send(mika, people, "draft", body="Text", draft="0")
    form = form_of(mika, people) | {"seen": "0"}
    answer = send(mika, people, body="Text", kind="reply", **form)
    assert answer.status_code == 409
    assert fields(answer.text)["draft"] == "1"
    assert saved(people) is not None


def test_stale_drafts_are_swept(mika: Visitor, people: Cast, work: Work) -> None:
    send(mika, people, "draft", body="Text", draft="0")
    with transaction():
        session.query(WrittenDraft).update({"saved_at": now() - timedelta(days=31)})
    work.tick()
    assert saved(people) is None
