"""What customers allow and wish, and the proof of it, wherever the record goes."""

import io
import json
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.customers import merging
from helpdesk.customers.consent import proof_of, state, stricter
from helpdesk.customers.merges import CustomerMerge
from helpdesk.customers.models import Channel, Customer
from helpdesk.desk.segments import read_segment
from helpdesk.privacy.collecting import archive_for
from tests.cast import Cast
from tests.customers.test_editing import field
from tests.customers.test_importing import hand_in
from tests.visitor import Visitor
from tests.work import Work


def said(people: Cast, who: str, marketing: bool | None, proof: str = "In a call") -> None:
    with transaction():
        state(
            getattr(people, who), {"marketing": marketing}, by=people.mika, source="desk",
            proof=proof,
        )  # fmt: skip


def seen(client: Visitor, path: str) -> dict[str, str]:
    """What the form carries to tell what its writer saw."""
    return {"seen": field(client.get(path).text, "seen")}


def proof(people: Cast, who: str = "rosa") -> list[tuple[str, str | None, str | None, str | None]]:
    session.rollback()
    found = proof_of(getattr(people, who))
    return [(one.field, one.after, one.source, one.proof) for one in found]


def test_staff_say_how_they_know_that_advertising_is_allowed(people: Cast, client: Visitor) -> None:
    path = f"/desk/customers/{people.rosa.id}/consent"
    client.sign_in(people.mika)
    form = {"language": "de", "channel": "phone", "marketing": "yes"} | seen(client, path)
    answer = client.post(path, data=form)
    assert (answer.status_code, "how you know" in answer.text) == (422, True)
    assert client.post(path, data=form | {"proof": "Signed at the fair"}).status_code == 303
    page = client.get(path).text
    for words in ("Signed at the fair", "written down by us", "Mika Kallio", "allowed"):
        assert words in page
    assert ("marketing", "True", "desk", "Signed at the fair") in proof(people)
    assert people.rosa.channel is Channel.PHONE


def test_customers_state_it_themselves(people: Cast, client: Visitor) -> None:
    client.sign_in(people.rosas_account)
    form = {"language": "en", "channel": "", "marketing": "yes", "time_zone": "Europe/Oslo"}
    form |= seen(client, "/my/data")
    assert client.post("/my/wishes", data=form).status_code == 303
    assert client.post("/my/wishes", data=form | {"time_zone": "Nowhere"}).status_code == 422
    assert ("marketing", "True", "portal", None) in proof(people)
    session.rollback()
    assert people.rosa.time_zone == "Europe/Oslo"


@pytest.mark.parametrize("who", ["mika", "rosas_account"])
def test_what_was_said_meanwhile_is_not_overwritten(
    people: Cast, client: Visitor, who: str
) -> None:
    client.sign_in(getattr(people, who))
    path = f"/desk/customers/{people.rosa.id}/consent" if who == "mika" else "/my/data"
    form = {"language": "de", "channel": "", "marketing": ""} | seen(client, path)
    said(people, "rosa", False)
    target = path if who == "mika" else "/my/wishes"
    answer = client.post(target, data=form)
    assert answer.status_code == 409
    assert "Advertising is now <bdi>not allowed</bdi>." in answer.text
    assert 'value="no" selected' in answer.text or 'selected value="no"' in answer.text
    session.rollback()
    assert (people.rosa.marketing, people.rosa.language) == (False, "en")
    again = form | {"marketing": "no", "seen": field(answer.text, "seen")}
    assert client.post(target, data=again).status_code == 303
    session.rollback()
    assert (people.rosa.marketing, people.rosa.language) == (False, "de")


def test_what_is_no_wish_cannot_be_stated(people: Cast) -> None:
    with pytest.raises(Invalid), transaction():
        state(people.rosa, {"tier": "gold"}, by=people.mika, source="desk")


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [(True, None, True), (None, True, True), (True, False, False), (False, None, False)],
)
def test_the_answer_that_allows_less_counts(
    one: bool | None, other: bool | None, both: bool | None
) -> None:
    assert stricter(one, other) is both


def test_a_merge_loses_neither_the_no_nor_its_proof(people: Cast) -> None:
    said(people, "rosa", True)
    said(people, "sam", False, "By letter")
    with transaction():
        merged = merging.merge(people.rosa, people.sam, by=people.mika).id
    found = proof(people)
    assert people.rosa.marketing is False
    assert ("marketing", "False", "merge", None) in found
    assert ("marketing", "False", "desk", "By letter") in found
    with transaction():
        merging.undo(session.get_one(CustomerMerge, merged), by=people.mika)
    session.rollback()
    assert (people.rosa.marketing, people.sam.marketing) == (True, False)


TABLE = (
    "email,name,newsletter,contact by\nrosa@harbor.example,,yes,e-mail\n"
    "carl@harbor.example,,no,\nnew@x.example,New,yes,phone\nodd@x.example,Odd,perhaps,\n"
)


def test_a_table_turns_no_no_into_a_yes(people: Cast, client: Visitor, work: Work) -> None:
    said(people, "rosa", False)
    client.sign_in(people.nora)
    hand_in(client, "customers", TABLE)
    work()
    session.rollback()
    assert (people.rosa.marketing, people.rosa.channel) == (False, Channel.EMAIL)
    assert people.carl.marketing is False
    new = session.scalars(select(Customer).where(Customer.name == "New")).one()
    assert (new.marketing, new.channel) == (True, Channel.PHONE)
    assert [(one.field, one.source) for one in proof_of(new)] == [
        ("marketing", "import"), ("channel", "import"),
    ]  # fmt: skip


def test_segments_and_the_export_know_it(people: Cast) -> None:
    said(people, "rosa", True)
    said(people, "sam", False)

    def found(text: str) -> list[str]:
        where = read_segment(text).where(people.mika)
        return sorted(session.scalars(select(Customer.name).where(*where)))

    assert found("marketing:yes") == ["Rosa Lindt"]
    assert found("marketing:none channel:none") == ["Carl Lindt"]
    with transaction():
        made = archive_for(people.rosa, by=people.nora)
    with made, ZipFile(io.BytesIO(made.read())) as archive:
        data = json.loads(archive.read("data.json"))
    assert data["person"]["advertising"] is True
    assert [(one["from"], one["proof"]) for one in data["choices"]] == [("desk", "In a call")]
