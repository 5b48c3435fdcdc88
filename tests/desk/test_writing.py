"""Replies and notes through the page: nothing is sent twice, and nothing that was written is
lost."""

import re
from io import BytesIO

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Attachment, Message, MessageKind, Status
from tests.cast import Cast
from tests.visitor import Visitor

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def fields(text: str) -> dict[str, str]:
    """The hidden fields of the composer, as a browser would send them."""
    form = text[text.index('class="composer"') :]
    pairs = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value for name, value in pairs if name != "csrf_token"}


def form_of(visitor: Visitor, people: Cast) -> dict[str, str]:
    return fields(visitor.get(f"/desk/tickets/{people.ids['ticket']}").text)


def send(visitor: Visitor, people: Cast, to: str = "replies", **data: object):  # type: ignore[no-untyped-def]  # the answer of a client
    return visitor.post(
        f"/desk/tickets/{people.ids['ticket']}/{to}",
        data=data,
        content_type="multipart/form-data",
    )


def bodies(kind: MessageKind) -> list[str]:
    session.expire_all()
    return [m.body for m in session.query(Message).filter_by(kind=kind).order_by(Message.id)]


def test_a_reply_leads_back_to_itself(mika: Visitor, people: Cast) -> None:
    answer = send(mika, people, body="Fixed.", kind="reply", **form_of(mika, people))
    assert answer.status_code == 303
    assert "#message-" in answer.location
    assert bodies(MessageKind.AGENT) == ["Fixed."]


@pytest.mark.parametrize(
    ("then", "status"),
    [("keep", Status.OPEN), ("wait", Status.PENDING), ("resolve", Status.RESOLVED)],
)
def test_a_reply_sets_the_status_that_its_button_says(
    mika: Visitor, people: Cast, then: str, status: Status
) -> None:
    send(mika, people, body="Fixed.", kind="reply", then=then, **form_of(mika, people))
    session.expire_all()
    assert people.ticket.status is status


def test_a_reply_can_reopen(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    send(mika, people, body="Not yet.", kind="reply", then="reopen", **form_of(mika, people))
    session.expire_all()
    assert people.ticket.status is Status.OPEN


def test_pressing_twice_replies_once(mika: Visitor, people: Cast) -> None:
    form = form_of(mika, people)
    for _ in range(2):
        answer = send(mika, people, body="Once.", kind="reply", then="resolve", **form)
        assert answer.status_code == 303
    assert bodies(MessageKind.AGENT) == ["Once."]
    assert session.query(OutboundEmail).filter_by(kind="reply").count() == 1


def test_a_note_stays_a_note_whatever_button_sends_it(mika: Visitor, people: Cast) -> None:
    form = form_of(mika, people)
    send(mika, people, body="Psst.", kind="note", then="resolve", **form)
    send(mika, people, to="notes", body="Hm.", kind="reply", **form_of(mika, people))
    assert bodies(MessageKind.NOTE) == ["Psst.", "Hm."]
    assert bodies(MessageKind.AGENT) == []
    assert people.ticket.status is Status.OPEN


def test_a_stale_reply_is_stopped_and_sent_with_one_more_press(mika: Visitor, people: Cast) -> None:
    form = form_of(mika, people)
    with transaction():
        conversation.write(people.ticket, "Wait, it works now!", people.rosa)
    stopped = send(mika, people, body="My long answer.", kind="reply", **form)
    assert stopped.status_code == 409
    assert "My long answer.</textarea>" in stopped.text
    new = stopped.text[stopped.text.index("is marked") : stopped.text.index("data-thread")]
    assert "Rosa Lindt wrote" in new
    assert "charged" not in new
    assert bodies(MessageKind.AGENT) == []
    sent = send(mika, people, body="My long answer.", kind="reply", **fields(stopped.text))
    assert sent.status_code == 303
    assert bodies(MessageKind.AGENT) == ["My long answer."]


def test_a_change_by_a_colleague_stops_a_reply_too(mika: Visitor, people: Cast) -> None:
    form = form_of(mika, people)
    with transaction():
        actions.resolve(people.ticket, by=people.ben)
    stopped = send(mika, people, body="Answer", kind="reply", **form)
    assert stopped.status_code == 409
    assert "Ben Lund resolved it" in stopped.text


def test_a_stale_reply_keeps_its_files(mika: Visitor, people: Cast) -> None:
    form = form_of(mika, people)
    with transaction():
        conversation.write(people.ticket, "Wait!", people.rosa)
    files = (BytesIO(PNG), "shot.png")
    stopped = send(mika, people, body="See.", kind="reply", files=files, **form)
    assert stopped.status_code == 409
    kept = re.findall(r'name="keep" value="([^"]+)" checked', stopped.text)
    assert len(kept) == 1
    assert "shot.png" in stopped.text
    sent = send(mika, people, body="See.", kind="reply", keep=kept, **fields(stopped.text))
    assert sent.status_code == 303
    attachment = session.query(Attachment).one()
    assert (attachment.name, attachment.draft_key) == ("shot.png", None)
    assert attachment.message_id is not None


def test_a_kept_file_can_be_left_out(mika: Visitor, people: Cast) -> None:
    form = form_of(mika, people)
    refused = send(mika, people, body=" ", kind="reply", files=(BytesIO(PNG), "a.png"), **form)
    assert refused.status_code == 422
    send(mika, people, body="Without.", kind="reply", **fields(refused.text))
    assert session.query(Attachment).filter(Attachment.message_id.is_not(None)).count() == 0


def test_a_refused_file_loses_neither_text_nor_the_others(mika: Visitor, people: Cast) -> None:
    files = [(BytesIO(PNG), "good.png"), (BytesIO(b"MZ evil"), "bad.exe")]
    form = form_of(mika, people)
    refused = send(mika, people, body="Look.", kind="reply", files=files, **form)
    assert refused.status_code == 422
    assert "bad.exe" in refused.text
    assert "Look.</textarea>" in refused.text
    assert 'name="keep"' in refused.text
    assert "good.png" in refused.text


def test_a_colleague_reaches_nothing_of_my_draft(mika: Visitor, ben: Visitor, people: Cast) -> None:
    form = form_of(mika, people)
    refused = send(mika, people, body=" ", kind="reply", files=(BytesIO(PNG), "a.png"), **form)
    kept = re.findall(r'name="keep" value="([^"]+)"', refused.text)
    send(ben, people, body="Mine.", kind="note", keep=kept, **form)
    assert session.query(Attachment).filter(Attachment.message_id.is_not(None)).count() == 0
    assert ben.get(f"/desk/attachments/{kept[0]}").status_code == 404


@pytest.mark.parametrize("body", ["", "   ", "x" * 100_001])
def test_a_message_that_cannot_be_is_refused(mika: Visitor, people: Cast, body: str) -> None:
    answer = send(mika, people, body=body, kind="reply", **form_of(mika, people))
    assert answer.status_code == 422
    assert bodies(MessageKind.AGENT) == []


def test_a_form_without_its_hidden_fields_is_stale(mika: Visitor, people: Cast) -> None:
    assert send(mika, people, body="Hi", kind="reply").status_code == 409


def test_files_of_a_message_download_and_never_open(mika: Visitor, people: Cast) -> None:
    files = [(BytesIO(PNG), "ä “x”.png"), (BytesIO(b"<html><script>"), "page.html")]
    send(mika, people, body="Files.", kind="reply", files=files, **form_of(mika, people))
    text = mika.get(f"/desk/tickets/{people.ids['ticket']}").text
    addresses = re.findall(r'<a href="(/desk/attachments/[^"]+)"', text)
    kinds = {}
    for address in addresses:
        answer = mika.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        kinds[answer.mimetype] = answer.data
    assert kinds == {"image/png": PNG, "application/octet-stream": b"<html><script>"}
    assert len(re.findall(r'<img src="/desk/attachments/', text)) == 1


def test_another_text_from_the_page_before_is_not_taken_for_a_double_press(
    mika: Visitor, people: Cast
) -> None:
    hidden = form_of(mika, people)
    send(mika, people, body="First.", kind="reply", **hidden)
    again = send(mika, people, body="Second.", kind="reply", **hidden)
    assert again.status_code == 409
    assert "Second." in again.text
    assert send(mika, people, body="Second.", kind="reply", **fields(again.text)).status_code == 303
    assert bodies(MessageKind.AGENT) == ["First.", "Second."]


def test_another_note_from_the_page_before_is_kept_too(mika: Visitor, people: Cast) -> None:
    hidden = form_of(mika, people)
    for body in ("First.", "Second.", "Second."):
        send(mika, people, to="notes", body=body, **hidden)
    assert bodies(MessageKind.NOTE) == ["First.", "Second."]
