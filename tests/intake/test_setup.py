"""An administrator sets mail up on pages that say what is wrong."""

import pytest

from helpdesk.core.db import session
from helpdesk.intake.advice import findings
from helpdesk.intake.models import Mailbox
from tests.cast import Cast
from tests.intake.test_fetching import server
from tests.mail.test_signing import SIGNER
from tests.servers.imap import ImapServer
from tests.servers.smtp import Sink
from tests.visitor import Visitor
from tests.work import Work

__all__ = ["server"]


def entered(server: ImapServer, **values: str) -> dict[str, str]:
    """What is typed into the form of a mailbox."""
    return {
        "address": "Support@acorn-payroll.example",
        "host": "127.0.0.1",
        "port": str(server.port),
        "security": "none",
        "user": server.user,
        "sign_in": "password",
        "secret": server.password,
        "folder": "INBOX",
        "team_id": "0",
        **values,
    }


def add(client: Visitor, people: Cast, form: dict[str, str]) -> int:
    return client.sign_in(people.ada).post("/admin/mail/mailboxes/new", data=form).status_code


def the_mailbox() -> Mailbox:
    session.rollback()
    return session.query(Mailbox).one()


def test_a_mailbox_is_added_and_tested(
    client: Visitor, people: Cast, work: Work, server: ImapServer
) -> None:
    assert add(client, people, entered(server)) == 303
    assert "being tested" in client.get("/admin/mail").text
    work()
    assert [well for _, well, _ in the_mailbox().findings or []] == [True] * 5
    assert "It can be read" in client.get("/admin/mail").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"secret": "another"}, "does not let support in"),
        ({"folder": "Post"}, "There is no folder “Post”"),
        ({"security": "tls"}, "does not speak TLS"),
        ({"port": "1"}, "127.0.0.1:1"),
        ({"move_to": "Nowhere"}, "There is no folder “Nowhere”"),
    ],
)
def test_the_test_says_what_is_wrong(
    client: Visitor,
    people: Cast,
    work: Work,
    server: ImapServer,
    wrong: dict[str, str],
    words: str,
) -> None:
    assert add(client, people, entered(server, **wrong)) == 303
    work()
    assert words in client.get("/admin/mail").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "nobody"},
        {"secret": ""},
        {"host": "mail.example.com"},  # without TLS
        {"port": "0"},
        {"security": "none of these"},
    ],
)
def test_nonsense_is_refused(
    client: Visitor, people: Cast, server: ImapServer, wrong: dict[str, str]
) -> None:
    assert add(client, people, entered(server, **wrong)) == 422
    assert session.query(Mailbox).count() == 0


def test_an_address_has_one_mailbox(client: Visitor, people: Cast, server: ImapServer) -> None:
    assert [add(client, people, entered(server)) for _ in range(2)] == [303, 409]


def test_a_password_is_kept_sealed_and_never_shown(
    client: Visitor, people: Cast, server: ImapServer
) -> None:
    add(client, people, entered(server))
    kept = the_mailbox()
    assert server.password not in kept.secret
    page = client.get(f"/admin/mail/mailboxes/{kept.id}").text
    assert server.password not in page
    assert kept.secret not in page


def test_an_empty_password_keeps_the_one_that_is_stored(
    client: Visitor, people: Cast, work: Work, server: ImapServer
) -> None:
    add(client, people, entered(server))
    before = the_mailbox().secret
    path = f"/admin/mail/mailboxes/{the_mailbox().id}"
    form = entered(server, secret="", folder="Done")
    assert client.post(path, data=form).status_code == 303
    assert (the_mailbox().secret, the_mailbox().folder) == (before, "Done")


def test_a_test_mail_goes_out(client: Visitor, people: Cast, work: Work, outbox: Sink) -> None:
    client.sign_in(people.ada).post("/admin/mail/trial", data={"to": "ada@elsewhere.example"})
    work()
    assert len(outbox.to("ada@elsewhere.example")) == 1


def test_a_token_is_shown_once(client: Visitor, people: Cast) -> None:
    shown = client.sign_in(people.ada).post("/admin/mail/tokens", data={"name": "The shop"}).text
    words = shown.partition('<code class="address">')[2].partition("<")[0]
    assert len(words) > 40
    assert words not in client.get("/admin/mail").text


NAMES = {
    ("good.example", "MX"): ["10 mx.good.example."],
    ("good.example", "TXT"): ["v=spf1 mx -all", "something else"],
    ("_dmarc.good.example", "TXT"): ["v=DMARC1; p=reject"],
    ("bad.example", "TXT"): ["v=spf1 +all"],
    ("twice.example", "TXT"): ["v=spf1 mx -all", "v=spf1 a -all"],
}


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize(
    ("domain", "well"),
    [
        ("good.example", {"MX": True, "SPF": True, "DMARC": True, "DKIM": None}),
        ("bad.example", {"MX": False, "SPF": False, "DMARC": False, "DKIM": None}),
        ("twice.example", {"MX": False, "SPF": False, "DMARC": False, "DKIM": None}),
    ],
)
def test_the_domain_is_judged(domain: str, well: dict[str, bool | None]) -> None:
    found = findings(domain, lambda name, kind: NAMES.get((name, kind), []))
    assert {what: good for what, good, _ in found} == well


def test_the_key_that_we_sign_with_is_looked_for_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    signs = SIGNER
    monkeypatch.setattr("helpdesk.intake.advice.signer", lambda: signs)

    def judged(*records: str) -> tuple[bool | None, str]:
        found = findings("acorn.example", lambda name, _: list(records) * ("desk." in name))
        return next((good, words) for what, good, words in found if what == "DKIM")

    assert judged(signs.record)[0] is True
    good, words = judged("v=DKIM1; k=rsa; p=MIGfMA0G")
    assert good is False
    assert "another key" in words
    good, words = judged()
    assert good is False
    assert f"desk._domainkey.acorn.example: {signs.record}" in words
