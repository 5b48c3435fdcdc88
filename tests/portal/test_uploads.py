"""Files that come with a request or a reply."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.core import files
from helpdesk.core.db import session
from helpdesk.tickets.models import Attachment, Ticket
from tests.cast import Cast
from tests.portal.forms import PNG, file_request, upload
from tests.visitor import Visitor

sqlite_only = pytest.mark.databases("sqlite")  # where the database plays no part


def attachments() -> list[Attachment]:
    return list(session.scalars(select(Attachment).order_by(Attachment.created_at)))


def test_files_come_with_the_first_message(client: Visitor) -> None:
    file_request(client, files=[upload("a.png"), upload("b.txt", b"words")])
    message = session.scalars(select(Ticket)).one().messages[0]
    assert [(a.name, a.media_type) for a in message.attachments] == [
        ("a.png", "image/png"),
        ("b.txt", "application/octet-stream"),
    ]
    assert b"".join(files.read(message.attachments[0].path)) == PNG


def test_files_of_a_refused_form_are_kept_and_shown(client: Visitor) -> None:
    refused = file_request(client, subject="", files=[upload("a.png")])
    assert refused.status_code == 422
    assert "a.png" in refused.text
    assert session.scalars(select(Ticket)).all() == []
    (kept,) = attachments()
    file_request(client)
    session.expire_all()
    assert kept.message_id is not None
    assert kept.draft_key is None


def test_a_kept_file_can_be_left_out(client: Visitor) -> None:
    file_request(client, subject="", files=[upload("a.png"), upload("b.txt", b"words")])
    unwanted = next(a.id for a in attachments() if a.name == "a.png")
    file_request(client, leave_out=unwanted)
    message = session.scalars(select(Ticket)).one().messages[0]
    assert [a.name for a in message.attachments] == ["b.txt"]


def test_nobody_reaches_the_files_of_anothers_form(
    client: Visitor, visit: Callable[[], Visitor]
) -> None:
    file_request(client, subject="", files=[upload("secret.png")])
    stranger = visit()
    assert "secret.png" not in file_request(stranger, subject="").text
    file_request(stranger)
    assert attachments()[0].message_id is None


@sqlite_only
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("run.exe", b"MZ\x90\x00", "Windows program"),
        ("run.sh", b"#!/bin/sh\n", "a script"),
        ("innocent.png", b"\x7fELF....", "a program"),
        ("empty.txt", b"", "is empty"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_text_is_kept(
    client: Visitor, name: str, content: bytes, words: str
) -> None:
    answer = file_request(client, files=[upload(name, content), upload("good.png")])
    assert answer.status_code == 422
    assert words in answer.text
    assert "It says 49 where we agreed on 39." in answer.text
    assert [a.name for a in attachments()] == ["good.png"]


def test_too_large_a_file_is_refused(make_app: Callable[..., Flask]) -> None:
    client = make_app(max_upload_mb=1).test_client()
    assert isinstance(client, Visitor)
    client.get("/requests/new")
    head = b'--cut\r\nContent-Disposition: form-data; name="files"; filename="big.bin"\r\n\r\n'
    answer = client.post(
        "/requests",
        data=head + b"x" * (1024 * 1024 + 1) + b"\r\n--cut--\r\n",
        content_type="multipart/form-data; boundary=cut",
    )
    assert answer.status_code == 422
    assert "larger than 1 MB" in answer.text


def test_too_many_files_are_refused(make_app: Callable[..., Flask]) -> None:
    client = make_app(max_uploads=2).test_client()
    assert isinstance(client, Visitor)
    many = [upload(f"{n}.txt", b"%d" % n) for n in range(3)]
    assert file_request(client, files=many).status_code == 422


@sqlite_only
@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("a<b>|c:d?.txt", "abcd.txt"),
        ("\u202egnp.exe", "gnp.exe"),
        ("...", "file"),
    ],
)
def test_file_names_are_made_harmless(client: Visitor, sent: str, shown: str) -> None:
    file_request(client, files=[upload(sent)])
    (attachment,) = attachments()
    assert attachment.name == shown
    assert sent not in attachment.path


def test_a_file_is_saved_and_never_opened_as_a_page(client: Visitor, people: Cast) -> None:
    client.sign_in(people.rosas_account)
    page = b"<html><script>alert(1)</script>"
    where = file_request(client, files=[upload("page.html", page)]).location
    answer = client.get(f"{where}/files/{attachments()[0].id}", buffered=True)
    assert answer.data == page
    assert answer.headers["Content-Disposition"] == "attachment; filename=page.html"
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_strangers_file_is_not_there(
    client: Visitor, visit: Callable[[], Visitor], people: Cast
) -> None:
    client.sign_in(people.rosas_account)
    where = file_request(client, files=[upload()]).location
    path = f"{where}/files/{attachments()[0].id}"
    stranger = visit().sign_in(people.sams_account)
    assert stranger.get(path).status_code == 404
    assert visit().get(path).status_code == 303
    own = stranger.get(file_request(stranger).location)
    number = own.request.path.rsplit("/", 1)[1]
    assert stranger.get(f"/requests/{number}/files/{attachments()[0].id}").status_code == 404


def test_nobody_fills_the_disk_with_refused_forms(
    client: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("helpdesk.portal.throttle.UPLOADS_PER_IP", "2 per hour")
    answers = [
        file_request(client, subject="", form_key=f"form {n}", files=[upload("a.png")])
        for n in range(3)
    ]
    assert "Many files came from you" in answers[-1].text
    assert "It says 49 where we agreed on 39." in answers[-1].text
    assert len(attachments()) == 2
    assert file_request(client, form_key="form 4").status_code == 303
