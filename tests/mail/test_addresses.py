"""Who a mail is from and to, whatever stands in the header."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.mail.addresses import address_in, mailboxes


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("rosa@harbor.example", [("", "rosa@harbor.example")]),
        ("Rosa Lind <rosa@Harbor.Example>", [("Rosa Lind", "rosa@harbor.example")]),
        ('"Lind, Rosa" <rosa@x.example>', [("Lind, Rosa", "rosa@x.example")]),
        ("Lind, Rosa <rosa@x.example>", [("Lind, Rosa", "rosa@x.example")]),
        ("rosa@x.example (Rosa Lind)", [("Rosa Lind", "rosa@x.example")]),
        ("Rosa (of Harbor (Ltd)) <rosa@x.example>", [("Rosa", "rosa@x.example")]),
        (
            "Rosa <rosa@x.example>, ben@y.example",
            [("Rosa", "rosa@x.example"), ("", "ben@y.example")],
        ),
        ("rosa@x.example; ben@y.example", [("", "rosa@x.example"), ("", "ben@y.example")]),
        ("rosa@x.example ben@y.example", [("", "rosa@x.example"), ("", "ben@y.example")]),
        (
            "Friends: rosa@x.example, ben@y.example;",
            [("", "rosa@x.example"), ("", "ben@y.example")],
        ),
        ("undisclosed-recipients:;", []),
        ("=?utf-8?Q?R=C3=B6sa=2C_Lind?= <rosa@x.example>", [("Rösa, Lind", "rosa@x.example")]),
        ('"=?utf-8?Q?R=C3=B6sa?=" <rosa@x.example>', [("Rösa", "rosa@x.example")]),
        ("<<rosa@x.example>>", [("", "rosa@x.example")]),
        ("Rosa <rosa@x.example", [("Rosa", "rosa@x.example")]),
        ("Rosa <mailto:rosa@x.example>", [("Rosa", "rosa@x.example")]),
        ("<@a.example,@b.example:rosa@x.example>", [("", "rosa@x.example")]),
        ("Rosa <rosa @ x . example>", [("Rosa", "rosa@x.example")]),
        ('"ben@y.example" <rosa@x.example>', [("ben@y.example", "rosa@x.example")]),
        ("(Rosa <rosa@x.example>", [("Rosa", "rosa@x.example")]),
        ('"Rosa <rosa@x.example>', [("Rosa", "rosa@x.example")]),
        ("Rosa", []),
        ("rosa@", []),
        ("@x.example", []),
        ("a@b@c.example", []),
        ("rösa@häfen.example", [("", "rösa@häfen.example")]),
        ("", []),
    ],
)
def test_the_addresses_of_a_header(header: str, found: list[tuple[str, str]]) -> None:
    assert [(mailbox.name, mailbox.address) for mailbox in mailboxes(header)] == found


def test_no_more_than_asked_for_are_given() -> None:
    assert len(mailboxes(", ".join(f"u{n}@x.example" for n in range(5000)), limit=100)) == 100


def test_an_address_in_a_text_is_found() -> None:
    assert address_in("rfc822; rosa@x.example") == "rosa@x.example"
    assert address_in("nobody") == ""


@settings(max_examples=100)
@given(st.text(alphabet='ab@.,;:<>()"\\ =?\n\té', max_size=60))
def test_whatever_stands_there_gives_addresses_or_nothing(header: str) -> None:
    for mailbox in mailboxes(header):
        local, at, domain = mailbox.address.rpartition("@")
        assert all((local, at, domain))
        assert not set(domain) & set(" \n\t<>,;:()")
        assert "\n" not in mailbox.name
