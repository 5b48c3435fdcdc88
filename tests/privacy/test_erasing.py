"""A person is erased: nothing of theirs stands anywhere, and every figure is what it was."""

import io
import json
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import Model, session, transaction
from helpdesk.core.errors import Conflict, Forbidden, Invalid
from helpdesk.core.fields import Wish
from helpdesk.core.journal import JournalEntry
from helpdesk.customers import actions as customers
from helpdesk.customers import imports, merging
from helpdesk.customers.consent import state
from helpdesk.customers.contactpoints import PointKind
from helpdesk.customers.fields import About, add_field, fill_in
from helpdesk.customers.models import Customer, Import
from helpdesk.customers.papers import add_file
from helpdesk.customers.reaching import add_point
from helpdesk.intake.keeping import keep
from helpdesk.intake.models import Door
from helpdesk.privacy import deciding, jobs
from helpdesk.privacy.models import Erasure, Stage
from helpdesk.surveys import answers
from helpdesk.surveys.models import Invitation, State
from helpdesk.tickets import conversation, uploads
from helpdesk.tickets.mailing import add_watcher
from helpdesk.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.surveys.stage import resolved
from tests.visitor import Visitor
from tests.work import Work

MARKS = ("Rosa Lindt", "rosa@harbor", "Zebrafish", "+47 22 33 44 55", "Quagga")
"""Zebrafish is what only she wrote, Quagga what others wrote about her."""
REPORTS = ("", "/satisfaction", "/volume", "/response", "/agents", "/churn", "/retention")


def upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(stream=io.BytesIO(content), filename=name)


def a_life(people: Cast, client: Visitor, work: Work) -> None:
    """Something of hers in every corner."""
    with transaction():
        people.rosa.phone = "+47 22 33 44 55"
        add_point(people.rosa, PointKind.TELEGRAM, "@Zebrafish", by=people.mika)
        state(people.rosa, {"marketing": True}, by=people.mika, source="desk", proof="Zebrafish")
        add_file(people.rosa, upload("Zebrafish.txt", b"Zebrafish signed"), by=people.mika)
        pet = add_field(About.CUSTOMER, Wish("pet", "Pet", "text"), by=people.ada)
        fill_in(people.rosa, {pet.id: "Zebrafish"}, by=people.mika)
        kept = uploads.keep([upload("Zebrafish.txt", b"Zebrafish inside")], "a draft of hers")
        ticket = conversation.file(
            people.rosa, "Zebrafish is late", "My Zebrafish. Rosa Lindt", by=people.rosas_account,
            attachments=kept,
        )  # fmt: skip
        conversation.reply(ticket, "Dear Rosa, your Quagga.", by=people.mika, seen=ticket.version)
        conversation.add_note(ticket, "Quagga again.", by=people.mika)
        add_watcher(ticket, "carl@harbor.example")
        his = conversation.file(people.carl, "Ours", "Ask rosa@harbor.example", by=people.mika)
        conversation.write(his, "Zebrafish from me too.", people.rosa, by=people.rosas_account)
        customers.add_note(people.rosa, "Quagga: calls at noon.", by=people.mika)
        customers.edit(people.rosa, {"tier": "gold"}, by=people.mika)
        customers.edit(people.sam, {"tier": "rosa@harbor.example"}, by=people.mika)
        raw = b"From: Rosa <rosa@harbor.example>\r\nTo: support@acorn-payroll.example\r\n"
        keep(raw + b"Subject: Zebrafish\r\n\r\nZebrafish by mail. Rosa Lindt\r\n", Door.PIPE)
    asked = resolved(people)
    with transaction():
        invitation = session.get_one(Invitation, asked)
        invitation.state, invitation.sent_at = State.SENT, now()
        invitation.email, invitation.expires_at = "rosa@harbor.example", now().replace(year=2040)
    with transaction():
        answers.answer(asked, 1, "Zebrafish was bad.")
    client.sign_in(people.nora)
    customers_table = (
        b"email,name,phone,pet\nrosa@harbor.example,Rosa Lindt,+47 22 33 44 55,Quagga\n"
        b'x@y.example,"X\nY",,Cat\nRosa@Harbor.example,,,"A\nQuagga"\n'
    )
    orders_table = b"email,order,date,total,item\nrosa@harbor.example,Q,2026-01-02,5,Quagga feed\n"
    for kind, content in (("customers", customers_table), ("orders", orders_table)):
        client.post(
            "/desk/customers/imports",
            data={"kind": kind, "file": (io.BytesIO(content), "a.csv")},
            content_type="multipart/form-data",
        )
        work()


def stands_anywhere() -> list[str]:
    """Every place in tables and files with one of her marks."""
    session.rollback()
    found = []
    for table in Model.metadata.sorted_tables:
        for row in session.execute(select(table)):
            text = json.dumps(list(row), default=_readable, ensure_ascii=False)
            found += [f"{table.name}: {mark}: {text[:300]}" for mark in MARKS if mark in text]
    for path in Path(files.root()).rglob("*"):
        if path.is_file():
            content = path.read_bytes().decode(errors="replace")
            found += [f"{path}: {mark}" for mark in MARKS if mark in content]
    return found


def _readable(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def erase(people: Cast, name: str = "rosa") -> None:
    with transaction():
        erasure = deciding.ask(getattr(people, name), "By letter of May", by=people.nora)
        deciding.confirm(erasure, "", by=people.ada)
    jobs.erase_confirmed()
    session.rollback()


def figures(people: Cast, client: Visitor) -> list[str]:
    client.sign_in(people.ada)
    pages = [client.get(f"/reports{name}.csv" if name else "/reports.csv") for name in REPORTS]
    return [page.text for page in pages if page.status_code == 200]


def test_nothing_of_hers_stands_anywhere(people: Cast, client: Visitor, work: Work) -> None:
    a_life(people, client, work)
    assert {mark for mark in MARKS for line in stands_anywhere() if mark in line} == set(MARKS)
    erase(people)
    assert stands_anywhere() == []


def test_the_figures_are_what_they_were(people: Cast, client: Visitor, work: Work) -> None:
    a_life(people, client, work)
    before = figures(people, client)
    assert len(before) >= 4
    erase(people)
    after = figures(people, client)
    for page, as_it_was in zip(after, before, strict=True):
        gone = as_it_was.replace("Zebrafish was bad.", "[erased]")
        gone = gone.replace("Rosa Lindt", people.rosa.name)
        assert page.splitlines() == gone.splitlines()


def test_she_is_found_no_more_and_signs_in_no_more(
    people: Cast, client: Visitor, work: Work
) -> None:
    a_life(people, client, work)
    client.sign_in(people.mika)
    assert "Erased request" not in client.get("/desk/search?q=Zebrafish").text
    erase(people)
    found = client.get("/desk/search?q=Zebrafish").text
    assert "/desk/tickets/" not in found
    assert not people.rosas_account.is_active
    page = client.get(f"/desk/customers/{people.ids['rosa']}")
    assert page.status_code == 200
    assert f"Erased customer {people.ids['rosa']}" in page.text


def test_lines_of_others_in_tables_stay_and_can_be_taken_back(
    people: Cast, client: Visitor, work: Work
) -> None:
    a_life(people, client, work)
    erase(people)
    first = session.scalars(select(Import).order_by(Import.id)).first()
    assert first is not None
    assert [line.number for line in imports.lines(first)] == [4]
    client.sign_in(people.nora)
    client.post(f"/desk/customers/imports/{first.id}/undoing")
    work()
    session.rollback()
    assert session.scalars(select(Customer).where(Customer.name == "X Y")).all() == []
    assert people.rosa.name.startswith("Erased")


def test_what_was_merged_goes_too(people: Cast, client: Visitor, work: Work) -> None:
    with transaction():
        conversation.file(people.sam, "Sams Zebrafish", "Zebrafish.", by=people.sams_account)
        merging.merge(people.rosa, people.sam, by=people.mika, reason="Zebrafish")
    erase(people)
    assert not [line for line in stands_anywhere() if "Zebrafish" in line or "sam@" in line]
    assert people.sam.name.startswith("Erased")


def test_others_keep_what_is_theirs(people: Cast, client: Visitor, work: Work) -> None:
    with transaction():
        conversation.file(people.sam, "Sams own", "Words of Sam.", by=people.sams_account)
    erase(people)
    assert people.sam.name == "Sam Stone"
    bodies = set(session.scalars(select(Message.body)))
    assert "Words of Sam." in bodies
    assert "Sams own" in set(session.scalars(select(Ticket.subject)))


def test_a_namesake_stays_who_he_is(people: Cast) -> None:
    with transaction():
        people.sam.name = "Rosa Lindt"
    erase(people)
    assert people.sam.name == "Rosa Lindt"


def test_two_people_or_typed_words(people: Cast) -> None:
    with transaction(), pytest.raises(Forbidden):
        deciding.ask(people.rosa, "Why", by=people.mika)
    with transaction():
        erasure = deciding.ask(people.rosa, "Why", by=people.ada).id
    with transaction(), pytest.raises(Invalid, match="Type"):
        deciding.confirm(session.get_one(Erasure, erasure), "yes", by=people.ada)
    with transaction(), pytest.raises(Forbidden):
        deciding.confirm(session.get_one(Erasure, erasure), "", by=people.nora)
    with transaction():
        typed = f"Erase {people.ids['rosa']}"
        deciding.confirm(session.get_one(Erasure, erasure), typed, by=people.ada)
        assert session.get_one(Erasure, erasure).stage is Stage.CONFIRMED


def test_a_hold_stands_against_it(people: Cast) -> None:
    with transaction():
        hold = deciding.place_hold(people.rosa, "A lawsuit", by=people.nora).id
        erasure = deciding.ask(people.rosa, "Why", by=people.nora).id
    with transaction(), pytest.raises(Conflict, match="A lawsuit"):
        deciding.confirm(session.get_one(Erasure, erasure), "", by=people.ada)
    with transaction():
        deciding.lift_hold(deciding.hold_by_id(hold), by=people.ada)
        deciding.confirm(session.get_one(Erasure, erasure), "", by=people.ada)


def test_it_leaves_a_record_without_the_data(people: Cast, client: Visitor, work: Work) -> None:
    a_life(people, client, work)
    erase(people)
    erasure = session.scalars(select(Erasure)).one()
    assert erasure.stage is Stage.DONE
    assert erasure.traces is None
    assert erasure.counts["tickets"] == 3
    assert erasure.counts["files"] == 1
    entry = session.scalars(
        select(JournalEntry).where(JournalEntry.event == "CustomerErased")
    ).one()
    assert entry.data["counts"]["tickets"] == 3
    jobs.erase_confirmed()  # twice is harmless
    assert "erased" in client.sign_in(people.ada).get("/admin/erasures").text


def test_by_hand(people: Cast, client: Visitor, work: Work) -> None:
    rosa = people.ids["rosa"]
    client.sign_in(people.nora)
    client.post(f"/desk/customers/{rosa}/erasures", data={"reason": "A letter"})
    erasure = session.scalars(select(Erasure)).one().id
    assert client.post(f"/desk/erasures/{erasure}/confirmation").status_code == 403
    client.sign_in(people.ada)
    assert "A letter" in client.get(f"/desk/customers/{rosa}/privacy").text
    assert client.post(f"/desk/erasures/{erasure}/confirmation").status_code == 303
    work()
    assert people.rosa.name == f"Erased customer {rosa}"
