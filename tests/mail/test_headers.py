"""What is written without the library's help reads back as what it was, and as the library's."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.mail.headers import Headers

OURS = SMTP.clone(header_factory=Headers(), cte_type="7bit")
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp")), max_size=120)


def lines(name: str, value: object, policy: "EmailPolicy[EmailMessage]" = OURS) -> bytes:
    message = EmailMessage(policy=policy)
    message[name] = value
    written: bytes = message.as_bytes()
    return written


@given(WORDS)
def test_a_subject_reads_back_in_short_lines_of_ascii(text: str) -> None:
    written = lines("Subject", " ".join(text.split()))
    read = message_from_bytes(written)["Subject"]
    assert str(make_header(decode_header(read))) == " ".join(text.split())
    assert all(len(line) <= 78 for line in written.splitlines())
    assert written.isascii()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("To", Address("Ada Byron", "ada", "harbor.example")),
        ("To", Address("", "ada.b-1", "harbor.example")),
        ("To", Address("Byron, Ada", "ada", "harbor.example")),
        ("To", Address("Ädä", "ada", "harbor.example")),
        ("To", Address("A name of very many words " * 3, "ada", "harbor.example")),
        ("Reply-To", "help+ticket-4.abc@harbor.example"),
        ("Reply-To", '"Help, desk" <help@harbor.example>'),
        ("Auto-Submitted", "auto-generated"),
        ("X-Note", "many words " * 20),
        ("Content-Type", 'text/plain; charset="utf-8"'),
    ],
)
def test_other_headers_are_what_the_library_writes(name: str, value: object) -> None:
    assert lines(name, value) == lines(name, value, SMTP.clone(cte_type="7bit"))
