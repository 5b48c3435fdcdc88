"""No mail takes long, none takes much memory, and none raises."""

import random
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.mail.classes import classify
from helpdesk.mail.hypertext import safe
from helpdesk.mail.parsing import read
from helpdesk.mail.reply import split
from tests.mail.incoming import HEAD, file_part, html, multipart, plain, report, text_part

MEGABYTE = 1_000_000
SECONDS = 2.0
"""Of this process, so that a busy machine fails no test."""
BEGIN = HEAD.encode()


def repeated(piece: str, size: int = MEGABYTE) -> str:
    return piece * (size // len(piece.encode()))


def everything(raw: bytes) -> None:
    """All that is done to a mail before it is shown."""
    mail = read(raw)
    reply = split(mail.text)
    assert isinstance(reply.own + reply.shown + reply.folded, str)
    classify(mail)
    if mail.html:
        safe(mail.html)


IN_TEXT = ["(", ">", "a@", "-- \n", "From: x\n", "x\n", "wrote:\n", "begin 644 x\n", "> q\nx\n"]
IN_HEADER = ["(", ">", "a@", "a@a@,", '"\\', "a:", "=?utf-8?q?a?= ", ';a="']
IN_HTML = ["<div>", '<a "', "<", "&", "<table><tr><td>x", "<!--", "<b><p>x"]


@pytest.mark.parametrize("piece", IN_TEXT)
def test_a_megabyte_of_anything_in_the_text(piece: str) -> None:
    started = time.process_time()
    everything(plain(repeated(piece)))
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("piece", IN_HEADER)
def test_a_megabyte_of_anything_in_a_header(piece: str) -> None:
    for name in ("From", "Subject", "Content-Type"):
        raw = f"{name}: {repeated(piece)}\n\nHi".encode()
        started = time.process_time()
        everything(raw)
        assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("piece", IN_HTML)
def test_a_megabyte_of_anything_in_html(piece: str) -> None:
    started = time.process_time()
    everything(html(repeated(piece)))
    assert time.process_time() - started < SECONDS


def nested(count: int) -> bytes:
    """Multiparts, each in the one before."""
    levels = (
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(count)
    )
    return BEGIN + b"".join(levels) + b"Content-Type: text/plain\n\nHi\n"


@pytest.mark.parametrize(
    "raw",
    [
        nested(10_000),
        BEGIN + b"Content-Type: message/rfc822\n\n" * 10_000 + b"Hi",
        multipart(*["Content-Type: message/rfc822\n\nSubject: x\n\nHi"] * 10_000),
        multipart(*[text_part("x")] * 20_000),
        b"To: "
        + b", ".join(b'"N %d" <u%d@x.example>' % (n, n) for n in range(100_000))
        + b"\n\nHi",
        BEGIN + b"References: " + b" ".join(b"<%d@x>" % n for n in range(10_000)) + b"\n\nHi",
        b"".join(b"X-%d: y\n" % n for n in range(100_000)) + b"\nHi",
        BEGIN + b"Content-Transfer-Encoding: base64\n\n" + b"YQ==" * 250_000,
        BEGIN + b"Content-Type: multipart/mixed; boundary=-\n\n" + b"-" * MEGABYTE,
        BEGIN + b"\n" + b"\xff\xe0" * 500_000,
        b"\0" * MEGABYTE,
        report("Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * 20_000),
        plain("<a@b.example>:\n550 no\n" * 40_000, "Return-Path: <>\n").replace(
            b"rosa@", b"postmaster@"
        ),
        multipart(text_part("Hi"), file_part(b"\x1f\x8b" + b"\0" * MEGABYTE, "bomb.gz")),
    ],
    ids=[
        *("nested", "nested messages", "many messages", "many parts", "addresses", "references"),
        *("headers", "base64", "boundary", "eight bits", "nothing", "status", "bounce", "bomb"),
    ],
)
def test_a_hostile_structure(raw: bytes) -> None:
    started = time.process_time()
    everything(raw)
    assert time.process_time() - started < SECONDS


def test_memory_stays_in_proportion() -> None:
    raw = multipart(text_part("Hi"), file_part(random.Random(1).randbytes(4 * MEGABYTE), "a.bin"))
    tracemalloc.start()
    try:
        read(raw)
        assert tracemalloc.get_traced_memory()[1] < 5 * len(raw)
    finally:
        tracemalloc.stop()


SEEDS = [
    plain("Hello\n\n-- \nRosa\n\nOn 1 Mar 2026, Acorn <help@acorn.example> wrote:\n> Hi\n"),
    multipart(
        text_part("Hi"), text_part("<p>Hi <img src='cid:a'></p>", "html"), kind="alternative"
    ),
    multipart(text_part("See"), file_part(b"%PDF" * 30, "a.pdf", "Content-ID: <a>\n")),
    report(
        "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n", "Subject: x\n\nHi"
    ),
    plain("begin 644 cat.txt\n#0V%T\n`\nend\n", "Subject: =?utf-8?B?R3LDtg==?=\n"),
]
ODD = st.sampled_from(
    [
        b"\0",
        b"\r",
        b"\n",
        b"\n\n",
        b"\xff",
        b"=",
        b"--cut",
        b'"',
        b"(",
        b"<",
        b"\x1b$B",
        b";",
        b"=?",
        b">",
    ]
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), ODD), min_size=1, max_size=8),
)
def test_a_mail_that_was_damaged_is_still_read(
    raw: bytes, damages: list[tuple[float, int, bytes]]
) -> None:
    for place, length, odd in damages:
        at = int(place * len(raw))
        raw = raw[:at] + odd + raw[at + length :]
    mail = read(raw)
    assert not any("could not be taken apart" in problem for problem in mail.problems)
    everything(raw)
    if raw.partition(b"\n\n")[2].strip(b"\0 \r\n\t-cut"):
        assert mail.text or mail.html or mail.attachments or mail.headers
