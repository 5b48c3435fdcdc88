"""What we send is signed, so that whoever gets it can tell that it is ours."""

import re

import dkim
import pytest

from config import Config
from helpdesk.core.environment import ConfigError
from helpdesk.mail.message import as_bytes, build
from helpdesk.mail.signing import Signer, public_half
from helpdesk.mail.smtp import MailServer
from tests.mail.test_mail_server import Script
from tests.mail.writing import row, write
from tests.test_config import config

KEY = """\
-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAJzzKba7dPoeFo9F
8q0rE/7EZtN6JftCTUa3yzbjLZvSCX55SeAFKUmdETeejeiaxZ5Ue4YN/WoI/IwI
HM+5zZiFusWE+AvunOoQoBCcIHv5orygEalpZOge9jXVVpDxVhkaz8G3HeXtO6lp
6yggW+6IuKgJI/iqys0UDRh4XjiRAgMBAAECgYA0srzd20FivfmLL8xU8rLrBx0T
gt7/53o09X9pNYxZ1oNTkPwKGRGM4w0l5Ln3UQhrqigzkbz1/oB1sD+kS9nJBua5
fhxytSzPV5trZl6g4elFWKAMPTtRkQ8kBEFIGerACUbKZueFEYF2faOvQq/0jEhw
MoJQX49UH8wAgOKjdQJBAM9O70M0VVadix0ydq8eE247nRyQ2yjnXcex/HVDr/7O
jTZaFV3UFr1tfgcysxgXsMCe+1bEJy9A4JIqpOcuKu8CQQDB0EQpnRRskBaehDGh
yRMQuTUnUxkuc56CZWcRZDS1Nbof4AVTt3gVtGmXBhEeGb2ZOmr9ecNKeKDRIcsl
p9R/AkAJopuQPhBxVCUxGDVX8kfo6bBlsX3eKtK7A1S+hoTZjPQXQJyZnc/owfwH
jZ2xUviOG1WHNNq1YYiOgpjjfcvVAkEAkDmsT489wJ/kxSc4S912m45HOLFE3uVZ
Ak31SeLYujR2AfxR2n+AFB7CKIlyOYUMKzdmoKN4qTVk7tuH8ciXfwJBAK0y5cio
vRUc1sSpbPGlBaHQKdojpNsbbJWCjVyYBnoI/iPqG18fuqW9dvS/0VQeDmJOo5Na
EhTLYAFawa/catc=
-----END PRIVATE KEY-----
"""
"""Of 1024 bits, made for these tests and used nowhere else."""
SIGNER = Signer("desk", KEY)


def is_good(wire: bytes, record: str) -> bool:
    """What somebody finds out who looks the key up."""
    return bool(dkim.verify(wire, dnsfunc=lambda *_, **__: record.encode()))


@pytest.mark.usefixtures("app")
def test_what_leaves_is_signed_by_the_domain_of_its_sender() -> None:
    script = Script({})
    message = build(row(write(subject="Grüße — ein langer Betreff, der umgebrochen werden muss")))
    with_key = MailServer(f"smtp://127.0.0.1:{script.port}", "help.example", SIGNER)
    with_key.send(message, "support@acorn-payroll.example", "rosa@harbor.example")
    with_key.close()
    wire = re.sub(rb"(?m)^\.\.", b".", script.mails[0])  # as a server takes it (RFC 5321, 4.5.2)
    assert b"d=acorn-payroll.example" in wire
    assert is_good(wire, SIGNER.record)
    assert not is_good(wire.replace(b"Hello.", b"Hallo."), SIGNER.record)
    assert wire.endswith(as_bytes(message))


def test_another_key_in_dns_is_no_proof() -> None:
    wire = SIGNER.signed(b"From: a@acorn.example\r\nSubject: Hi\r\n\r\nHi\r\n", "acorn.example")
    other = SIGNER.record.replace("IDAQAB", "IDAQAD")
    assert is_good(wire, SIGNER.record)
    assert not is_good(wire, other)


def test_only_an_rsa_key_is_a_key() -> None:
    with pytest.raises(ValueError, match="RSA"):
        public_half("-----BEGIN PRIVATE KEY-----\nabcd\n-----END PRIVATE KEY-----")


@pytest.mark.parametrize("key", ["nonsense", KEY[:300], "-----BEGIN PRIVATE KEY-----\nAAAA\n---"])
def test_a_broken_key_stops_the_start(key: str) -> None:
    with pytest.raises(ConfigError, match="DKIM_KEY"):
        config(DKIM_KEY=key)


def test_a_key_may_have_been_written_on_windows() -> None:
    made: Config = config(DKIM_KEY=KEY.replace("\n", "\r\n"), DKIM_SELECTOR="s2026")
    assert Signer(made.dkim_selector, made.dkim_key).record == SIGNER.record


def test_a_selector_is_a_name_for_dns() -> None:
    with pytest.raises(ConfigError, match="DKIM_SELECTOR"):
        config(DKIM_KEY=KEY, DKIM_SELECTOR="a b")
