"""A mail is stored as it came, once, before anybody is told that it was taken."""

import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import EX_DATAERR, EX_TEMPFAIL

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from helpdesk.core.db import session, transaction
from helpdesk.intake.keeping import NeverTaken, TooLarge, digest, keep
from helpdesk.intake.models import Door, InboundEmail, MailPiece
from helpdesk.intake.queries import raw_of
from helpdesk.intake.tokens import make_token, revoke_token
from tests.cast import Cast
from tests.intake.letters import bring, letter
from tests.visitor import Visitor

MIME = "message/rfc822"


def rows() -> list[InboundEmail]:
    session.rollback()
    return session.query(InboundEmail).order_by(InboundEmail.id).all()


def test_the_hash_does_not_depend_on_line_ends() -> None:
    wanted = hashlib.sha256(b"A: b\n\nwords").hexdigest()
    ways = (b"A: b\n\nwords", b"A: b\r\n\r\nwords\r\n", b"A: b\r\rwords\r", b"A: b\n\nwords\n\n\n")
    assert {digest(way) for way in ways} == {wanted}


@given(some.lists(some.binary(max_size=20).filter(lambda b: b"\r" not in b and b"\n" not in b)))
def test_every_way_to_end_lines_has_the_same_hash(lines: list[bytes]) -> None:
    assert digest(b"\r\n".join(lines)) == digest(b"\n".join(lines)) == digest(b"\r".join(lines))


@pytest.mark.parametrize("size", [1, 300_000, 6_000_000])
def test_every_byte_comes_back(app: Flask, size: int) -> None:
    raw = b"Subject: x\r\n\r\n" + (b"\x00\xff\r\x0a%d" % size) * (size // 5 + 1)
    kept = bring(raw)
    assert raw_of(session.get_one(InboundEmail, kept.id)) == raw


def test_the_same_bytes_are_one_row_however_often_they_come(app: Flask) -> None:
    first, second = bring(letter()), bring(letter().replace(b"\r\n", b"\n"), Door.HTTP)
    assert (first.is_new, second.is_new, first.id) == (True, False, second.id)
    assert [row.arrivals for row in rows()] == [2]


def test_the_same_bytes_at_the_same_moment_are_one_row(app: Flask) -> None:
    def deliver(_: int) -> int:
        with app.app_context():
            try:
                return bring(letter()).id
            finally:
                session.remove()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(deliver, range(12)))) == 1
    assert [row.arrivals for row in rows()] == [12]


@pytest.mark.parametrize("nothing", [b"", b" \r\n\r\n"])
def test_nothing_is_never_taken(app: Flask, nothing: bytes) -> None:
    with pytest.raises(NeverTaken), transaction():
        keep(nothing, Door.PIPE)


def test_what_is_too_large_is_never_taken(make_app: Callable[..., Flask]) -> None:
    with make_app(max_mail_mb=1).app_context(), pytest.raises(TooLarge), transaction():
        keep(b"x" * 1024 * 1024 + b"y", Door.PIPE)


def test_a_dropped_transaction_leaves_nothing(app: Flask) -> None:
    with transaction() as current:
        keep(letter(), Door.PIPE)
        current.drop()
    assert rows() == []
    assert session.query(MailPiece).count() == 0


def token() -> str:
    with transaction():
        return make_token("the shop")[1]


def test_a_program_hands_in_a_mail(app: Flask, client: Visitor) -> None:
    headers = {"Authorization": f"Bearer {token()}", "Content-Type": MIME}
    answers = [
        client.post("/inbound/mime", data=letter(), headers=headers, csrf=False) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert {answer.json["sha256"] for answer in answers if answer.json} == {digest(letter())}
    assert [row.door for row in rows()] == [Door.HTTP]


def test_a_program_without_a_token_hands_in_nothing(app: Flask, client: Visitor) -> None:
    for words in ("", "Bearer ", "Bearer invented", f"Basic {token()}"):
        headers = {"Authorization": words, "Content-Type": MIME}
        answer = client.post("/inbound/mime", data=letter(), headers=headers, csrf=False)
        assert answer.status_code == 401
    assert rows() == []


def test_a_revoked_token_hands_in_nothing(app: Flask, client: Visitor, people: Cast) -> None:
    with transaction():
        made, words = make_token("the shop")
        revoke_token(made.id, by=people.ada)
    headers = {"Authorization": f"Bearer {words}", "Content-Type": MIME}
    assert client.post("/inbound/mime", data=letter(), headers=headers).status_code == 401


def test_only_a_mail_is_taken_from_a_program(app: Flask, client: Visitor) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    for body, kind, status in ((letter(), "text/html", 415), (b"", MIME, 422)):
        answer = client.post(
            "/inbound/mime", data=body, headers={**headers, "Content-Type": kind}, csrf=False
        )
        assert answer.status_code == status


def test_a_token_is_stored_as_its_hash(app: Flask) -> None:
    words = token()
    found = session.execute(MailPiece.metadata.tables["mail_token"].select()).one()
    assert words not in repr(found)


def test_the_log_tells_what_waits(app: Flask) -> None:
    kept = bring(letter())
    said = app.test_cli_runner().invoke(args=["mail", "log", "--json"])
    [line] = map(json.loads, said.output.splitlines())
    assert (line["sha256"], line["outcome"], line["ticket"]) == (kept.sha256, None, None)


def test_the_pipe_says_try_again_without_a_database(make_app: Callable[..., Flask]) -> None:
    nowhere = make_app(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    with nowhere.app_context():
        ended = nowhere.test_cli_runner().invoke(args=["mail", "deliver"], input=letter())
    assert ended.exit_code == EX_TEMPFAIL


def test_the_pipe_ends_with_nothing_once_a_mail_is_stored(app: Flask) -> None:
    runner = app.test_cli_runner()
    sent = runner.invoke(
        args=["mail", "deliver", "--sender", "a@b.example", "c@d.example"], input=letter()
    )
    nothing = runner.invoke(args=["mail", "deliver"], input=b"")
    assert (sent.exit_code, nothing.exit_code) == (0, EX_DATAERR)
    assert [(row.sent_from, row.sent_to) for row in rows()] == [("a@b.example", ["c@d.example"])]
