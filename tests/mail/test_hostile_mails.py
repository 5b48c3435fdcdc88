"""No mail takes long, none takes much memory, and none raises."""

import random
import tracemalloc
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.mail.classes import classify
from helpdesk.mail.hypertext import safe
from helpdesk.mail.parsing import read
from helpdesk.mail.reply import split
from tests.growth import assert_in_step
from tests.mail.incoming import HEAD, file_part, html, multipart, plain, report, text_part

MEGABYTE = 1_000_000
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


def in_header(name: str, piece: str, size: int) -> bytes:
    return f"{name}: {repeated(piece, size)}\n\nHi".encode()


IN_TEXT = ["(", ">", "a@", "-- \n", "From: x\n", "x\n", "wrote:\n", "begin 644 x\n", "> q\nx\n"]
IN_HEADER = ["(", ">", "a@", "a@a@,", '"\\', "a:", "=?utf-8?q?a?= ", ';a="']
IN_HTML = ["<div>", '<a "', "<", "&", "<table><tr><td>x", "<!--", "<b><p>x"]


@pytest.mark.parametrize("piece", IN_TEXT)
def test_a_megabyte_of_anything_in_the_text(piece: str) -> None:
    assert_in_step(lambda size: plain(repeated(piece, size)), everything, MEGABYTE)


@pytest.mark.parametrize("piece", IN_HEADER)
def test_a_megabyte_of_anything_in_a_header(piece: str) -> None:
    for name in ("From", "Subject", "Content-Type"):
        assert_in_step(partial(in_header, name, piece), everything, MEGABYTE)


@pytest.mark.parametrize("piece", IN_HTML)
def test_a_megabyte_of_anything_in_html(piece: str) -> None:
    assert_in_step(lambda size: html(repeated(piece, size)), everything, MEGABYTE)


def nested(count: int) -> bytes:
    """Multiparts, each in the one before."""
    levels = (
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(count)
    )
    return BEGIN + b"".join(levels) + b"Content-Type: text/plain\n\nHi\n"


def addresses(count: int) -> bytes:
    return (
        b"To: " + b", ".join(b'"N %d" <u%d@x.example>' % (n, n) for n in range(count)) + b"\n\nHi"
    )


def references(count: int) -> bytes:
    return BEGIN + b"References: " + b" ".join(b"<%d@x>" % n for n in range(count)) + b"\n\nHi"


def bounces(count: int) -> bytes:
    refused = plain("<a@b.example>:\n550 no\n" * count, "Return-Path: <>\n")
    return refused.replace(b"rosa@", b"postmaster@")


STRUCTURES: dict[str, tuple[Callable[[int], bytes], int]] = {
    "nested": (nested, 10_000),
    "nested messages": (
        lambda count: BEGIN + b"Content-Type: message/rfc822\n\n" * count + b"Hi",
        10_000,
    ),
    "many messages": (
        lambda count: multipart(*["Content-Type: message/rfc822\n\nSubject: x\n\nHi"] * count),
        10_000,
    ),
    "many parts": (lambda count: multipart(*[text_part("x")] * count), 20_000),
    "addresses": (addresses, 100_000),
    "references": (references, 10_000),
    "headers": (lambda count: b"".join(b"X-%d: y\n" % n for n in range(count)) + b"\nHi", 100_000),
    "base64": (
        lambda count: BEGIN + b"Content-Transfer-Encoding: base64\n\n" + b"YQ==" * count,
        250_000,
    ),
    "boundary": (
        lambda size: BEGIN + b"Content-Type: multipart/mixed; boundary=-\n\n" + b"-" * size,
        MEGABYTE,
    ),
    "eight bits": (lambda count: BEGIN + b"\n" + b"\xff\xe0" * count, 500_000),
    "nothing": (lambda size: b"\0" * size, MEGABYTE),
    "status": (
        lambda count: report("Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * count),
        20_000,
    ),
    "bounce": (bounces, 40_000),
    "bomb": (
        lambda size: multipart(text_part("Hi"), file_part(b"\x1f\x8b" + b"\0" * size, "bomb.gz")),
        MEGABYTE,
    ),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_hostile_structure(name: str) -> None:
    make, size = STRUCTURES[name]
    assert_in_step(make, everything, size)


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
