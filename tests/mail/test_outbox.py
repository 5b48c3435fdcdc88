"""The outbox of a demo: every mail can be read there, and nothing in it acts."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.reading import with_own_links
from tests.mail.writing import row, write
from tests.visitor import Visitor


@pytest.fixture
def demo(make_app: Callable[..., Flask]) -> Iterator[Visitor]:
    app = make_app(demo=True, smtp_url=None, public_url="http://localhost")
    with app.app_context():
        client = app.test_client()
        assert isinstance(client, Visitor)
        yield client


def test_outside_of_a_demo_there_is_no_outbox(client: Visitor) -> None:
    email_id = write()
    for path in ("/demo/outbox", f"/demo/outbox/{email_id}", f"/demo/outbox/{email_id}/page"):
        assert client.get(path).status_code == 404


def test_an_empty_outbox_says_what_belongs_there(demo: Visitor) -> None:
    assert "No mail yet" in demo.get("/demo/outbox").text


def test_nobody_needs_to_sign_in_to_read_a_mail(demo: Visitor) -> None:
    email_id = write(subject="Your invoice", words="Here it is.")
    deliver_due()
    assert "Your invoice" in demo.get("/demo/outbox").text
    page = demo.get(f"/demo/outbox/{email_id}").text
    assert "Here it is." in page
    assert "sent" in page


def test_a_mail_that_is_held_back_is_not_there_yet(demo: Visitor) -> None:
    email_id = write(subject="A reply")
    with transaction():
        row(email_id).next_try_at = now() + timedelta(seconds=10)
    assert "A reply" not in demo.get("/demo/outbox").text
    with time_machine.travel(now() + timedelta(seconds=11)):
        assert "A reply" in demo.get("/demo/outbox").text


def test_one_recipient_alone(demo: Visitor) -> None:
    write(to="rosa@harbor.example", subject="For Rosa")
    write(to="sam@quarry.example", subject="For Sam")
    page = demo.get("/demo/outbox?to=Rosa@harbor.example").text
    assert "For Rosa" in page
    assert "For Sam" not in page


def test_links_of_ours_can_be_pressed_and_no_others(demo: Visitor) -> None:
    email_id = write(words="http://localhost/r/abc-_1. http://evil.example/x")
    page = demo.get(f"/demo/outbox/{email_id}").text
    assert '<a href="/r/abc-_1">http://localhost/r/abc-_1</a>.' in page
    assert 'href="http://evil.example' not in page


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("http://localhost", '<a href="/">http://localhost</a>'),
        ("http://localhost/a?b=c&d=e", '<a href="/a?b=c&amp;d=e">'),
        ("(http://localhost/a)", '(<a href="/a">http://localhost/a</a>)'),
        ("http://localhost//evil.example/x", '<a href="/evil.example/x">'),
        ("http://localhost.evil.example/x", None),
        ("http://localhost:99/x", None),
        ("http://localhost@evil.example/x", None),
        ("<script>alert(1)</script>", None),
    ],
)
@pytest.mark.databases("sqlite")
def test_only_our_very_host_counts(app: Flask, text: str, link: str | None) -> None:
    shown = with_own_links(text)
    assert (link in shown) if link else ("<a" not in shown and "<script" not in shown)


def test_the_html_is_served_so_that_it_can_load_and_run_nothing(demo: Visitor) -> None:
    email_id = write(words="<script>alert(1)</script>")
    answer = demo.get(f"/demo/outbox/{email_id}/page")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<script>" not in answer.text


def test_an_unknown_mail_is_not_found(demo: Visitor) -> None:
    assert demo.get("/demo/outbox/4711").status_code == 404
    assert demo.get(f"/demo/outbox/{10**30}").status_code == 404


def test_a_damaged_page_link_says_so(demo: Visitor) -> None:
    assert demo.get("/demo/outbox?at=%00garbage").status_code == 422
