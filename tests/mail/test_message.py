"""What travels: complete, the same at every try, and open to nobody's tricks."""

import email
import email.policy
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Config
from helpdesk.mail.message import Unsendable, as_bytes, build, recipient, return_path
from helpdesk.mail.models import OutboundEmail


@pytest.fixture(autouse=True, scope="module")
def _settings() -> object:
    app = Flask("helpdesk")
    app.extensions["helpdesk.config"] = Config(
        demo=True,
        secret_key="k" * 40,
        company_name="Acorn, Payroll",
        mail_from="support@acorn.example",
    )
    with app.app_context():
        yield


def row(**changes: object) -> OutboundEmail:
    values: dict[str, object] = {
        "to_address": "rosa@harbor.example",
        "to_name": "Rosa",
        "subject": "Your request",
        "text": "Hello Rosa.\n",
        "html": "<p>Hello Rosa.</p>",
        "headers": {},
        "message_id": "<1@acorn.example>",
        "created_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    }
    return OutboundEmail(**{**values, **changes})


def travelled(mail: OutboundEmail) -> EmailMessage:
    return email.message_from_bytes(as_bytes(build(mail)), policy=email.policy.default)


def test_it_has_a_text_and_the_same_as_html() -> None:
    message = travelled(row())
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_it_comes_from_the_company_by_name() -> None:
    sender = travelled(row())["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Acorn, Payroll", "support@acorn.example")


def test_a_second_try_sends_the_same_bytes() -> None:
    assert as_bytes(build(row())) == as_bytes(build(row()))


def test_threading_headers_come_whole() -> None:
    ids = [f"<ticket-{n}.0123456789abcdef@acorn.example>" for n in range(9)]
    message = travelled(row(headers={"In-Reply-To": ids[0], "References": " ".join(ids)}))
    assert message["In-Reply-To"] == ids[0]
    assert message["References"].split() == ids


def test_a_long_address_to_unsubscribe_is_not_broken() -> None:
    url = f"<https://help.acorn.example/unsubscribe/{'t' * 300}>"
    wire = as_bytes(build(row(headers={"List-Unsubscribe": url})))
    assert f"List-Unsubscribe: {url}\r\n".encode() in wire


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), max_size=200
    )
)
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    subject = " ".join(subject.split())
    raw = email.message_from_bytes(as_bytes(build(row(subject=subject))))
    unfolded = str(raw["Subject"]).replace("\r\n", "").replace("\n", "")
    assert str(make_header(decode_header(unfolded))) == subject


@settings(max_examples=50)
@given(st.text(max_size=300))
def test_no_name_adds_a_recipient_or_a_header(name: str) -> None:
    try:
        message = travelled(row(to_name=name))
    except Unsendable:
        return
    assert [address.addr_spec for address in message["To"].addresses] == ["rosa@harbor.example"]
    assert set(message.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
    }


@pytest.mark.parametrize("name", ["Kim, Lee", "a <x@y.example>;", '"', "\\", "Bcc: x@y.example"])
def test_a_name_with_marks_is_quoted(name: str) -> None:
    (address,) = travelled(row(to_name=name))["To"].addresses
    assert (address.display_name, address.addr_spec) == (name, "rosa@harbor.example")


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Hello\r\nBcc: x@y.example"},
        {"to_name": "Rosa\nBcc: x@y.example"},
        {"to_address": "rosa@harbor.example\r\nBcc: x@y.example"},
        {"to_address": "rosa@harbor.example, x@y.example"},
        {"to_address": "rosa harbor@harbor.example"},
        {"to_address": "rosa"},
        {"to_address": "@harbor.example"},
        {"message_id": "<1@acorn.example>\r\nBcc: x@y.example"},
        {"headers": {"References": "<1@a>\r\nBcc: x@y.example"}},
        {"headers": {"X-Kind": "a\nBcc: x@y.example"}},
        {"headers": {"X-Kind: a\r\nBcc": "x@y.example"}},
    ],
)
def test_what_would_add_a_header_is_not_sent(changes: dict[str, object]) -> None:
    with pytest.raises(Unsendable):
        build(row(**changes))


def test_a_domain_beyond_ascii_is_written_as_dns_knows_it() -> None:
    assert (
        recipient(row(to_address="rosa@bücher.example")).addr_spec == "rosa@xn--bcher-kva.example"
    )


@pytest.mark.parametrize(
    ("headers", "path"),
    [
        ({}, "support+return-7."),
        ({"Auto-Submitted": "auto-generated"}, ""),
        (
            {"Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://a.example>"},
            "support+return-7.",
        ),
    ],
)
def test_nobody_can_answer_a_machine_but_a_list_hears_of_bounces(
    headers: dict[str, str], path: str
) -> None:
    assert return_path(row(id=7, headers=headers))[: len(path) or None] == path


@settings(max_examples=50)
@given(st.text(max_size=200), st.text(max_size=200), st.booleans())
def test_it_is_joined_as_the_library_would_write_it(text: str, html: str, short: bool) -> None:
    headers = {"List-Unsubscribe": f"<https://a/{'t' * 99}>"}
    message = build(row(text=text, html="" if short else html, headers=headers))
    assert as_bytes(message) == message.as_bytes()
