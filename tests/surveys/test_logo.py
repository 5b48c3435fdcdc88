"""The company's picture: what is one is shown, what only says so is not kept."""

from io import BytesIO

import pytest

from helpdesk.core import files
from helpdesk.core.db import session
from helpdesk.surveys import brand, policies
from helpdesk.surveys.views.ruling import LARGEST_LOGO
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import asked, link
from tests.visitor import Visitor

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
OTHER = b"\xff\xd8\xff" + bytes(40)
SCRIPT = b"<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
FORM = {
    "person_most": "1",
    "organization_most": "1",
    "holdout_percent": "0",
    "reminder_days": "0",
    "send_from": "08:00",
    "send_until": "18:00",
    "warm_up_growth": "50",
}


@pytest.fixture
def nora(client: Visitor, people: Cast) -> Visitor:
    return client.sign_in(people.nora)


def hand_in(nora: Visitor, data: bytes, name: str = "logo.png", **more: str) -> tuple[int, str]:
    form = {**FORM, **more, "logo": (BytesIO(data), name)}
    answer = nora.post("/desk/surveys/policy", data=form, content_type="multipart/form-data")
    return answer.status_code, answer.text


def kept() -> list[str]:
    session.rollback()
    return [path.name for path in files.root().rglob("*") if path.is_file()]


def test_a_picture_is_shown_to_customers_and_nothing_in_it_runs(
    nora: Visitor, people: Cast, clock: Clock
) -> None:
    invitation_id = asked(people, clock)
    nora.sign_in(people.nora)
    assert hand_in(nora, b"GIF89a" + SCRIPT, "logo.html")[0] == 303
    assert 'src="/brand/logo?of=' in nora.get(link(invitation_id)).text
    shown = nora.get("/brand/logo")
    assert (shown.data, shown.mimetype) == (b"GIF89a" + SCRIPT, "image/gif")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo.svg", SVG),
        ("logo.png", SVG),
        ("logo.png", b"<!doctype html>" + SCRIPT),
        ("logo.png", PNG + bytes(LARGEST_LOGO)),
        ("logo.png", b"%PDF-1.7"),
        ("logo.png", b"MZ" + bytes(40)),
        ("logo.png", b""),
        ("logo.png", b" " + PNG),
    ],
)
def test_what_is_no_picture_or_too_large_is_refused_and_not_kept(
    name: str, data: bytes, nora: Visitor
) -> None:
    status, page = hand_in(nora, data, name)
    assert status == 422
    assert 'id="logo-error"' in page
    assert policies.policy().logo is None
    assert kept() == []
    assert nora.get("/brand/logo").status_code == 404


def test_another_picture_has_another_address(nora: Visitor) -> None:
    addresses = set()
    for data in (PNG, OTHER):
        hand_in(nora, data)
        addresses.add(policies.policy().logo)
    assert len(addresses) == 2
    assert nora.get("/brand/logo").mimetype == "image/jpeg"


def test_a_colour_that_nobody_can_read_refuses_the_picture_beside_it(nora: Visitor) -> None:
    status, page = hand_in(nora, PNG, colour="#ffcc00")
    assert status == 422
    assert f"people need {brand.LEAST} to read it" in page
    assert policies.policy().colour is None
    assert kept() == []
    assert brand.OURS in nora.get("/brand/colours.css").text


def test_a_picture_can_be_taken_away(nora: Visitor) -> None:
    hand_in(nora, PNG)
    hand_in(nora, b"", "", drop_logo="y")
    assert policies.policy().logo is None
