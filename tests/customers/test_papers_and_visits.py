"""Files on a record, and the days on which somebody came to the portal."""

import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
import time_machine
from sqlalchemy import select

from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers import jobs, merging
from helpdesk.customers.papers import CustomerFile, files_of
from helpdesk.customers.visits import CustomerVisit
from helpdesk.privacy.collecting import archive_for
from tests.cast import Cast
from tests.visitor import Visitor


def put(client: Visitor, people: Cast, content: bytes, name: str = "contract.txt") -> int:
    return client.post(
        f"/desk/customers/{people.rosa.id}/files",
        data={"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    ).status_code


def test_a_file_is_put_on_the_record_read_and_removed(people: Cast, client: Visitor) -> None:
    client.sign_in(people.mika)
    assert put(client, people, b"We agree.") == 303
    assert put(client, people, b"We agree.") == 303, "the same one is kept once"
    (paper,) = files_of(people.rosa.id)
    path = f"/desk/customers/{people.rosa.id}/files"
    answer = client.get(f"{path}/{paper.id}")
    assert answer.data == b"We agree."
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    other = f"/desk/customers/{people.sam.id}/files/{paper.id}"
    assert client.get(other).status_code == 404
    client.post(f"{other}/removal")
    stored = files.root() / paper.path
    assert stored.is_file()
    client.post(f"{path}/{paper.id}/removal")
    assert not stored.exists()
    assert session.scalars(select(CustomerFile)).all() == []


@pytest.mark.parametrize(("content", "name"), [(b"", "a.txt"), (b"MZ", "a.exe"), (b"a", "")])
def test_what_is_no_file_to_keep_is_refused(
    people: Cast, client: Visitor, content: bytes, name: str
) -> None:
    client.sign_in(people.mika)
    assert put(client, people, content, name) == 422


def visit(people: Cast, client: Visitor) -> None:
    client.sign_in(people.rosas_account)
    for _ in range(2):
        assert client.get("/requests").status_code == 200
    jobs.record_visits()


def days() -> list[tuple[int, str]]:
    session.rollback()
    rows = session.execute(select(CustomerVisit.customer_id, CustomerVisit.day))
    return sorted((row[0], row[1].date().isoformat()) for row in rows)


def test_a_day_on_the_portal_is_noted_once_and_told(people: Cast, client: Visitor) -> None:
    visit(people, client)
    visit(people, client)
    today = now().date().isoformat()
    assert days() == [(people.ids["rosa"], today)]
    with time_machine.travel(now() + timedelta(days=1)):
        visit(people, client)
    assert len(days()) == 2
    client.sign_in(people.mika)
    page = client.get(f"/desk/customers/{people.ids['rosa']}?kind=visits").text
    assert page.count("Came to the portal") == 2


def test_strangers_and_staff_are_not_noted(people: Cast, client: Visitor) -> None:
    client.get("/")
    client.sign_in(people.mika)
    client.get("/")
    jobs.record_visits()
    assert days() == []


def test_both_go_along_in_a_merge_and_in_the_export(people: Cast, client: Visitor) -> None:
    visit(people, client)
    client.sign_in(people.mika)
    put(client, people, b"We agree.")
    with transaction():
        merging.merge(people.sam, people.rosa, by=people.mika)
    assert [row[0] for row in days()] == [people.ids["sam"]]
    with transaction():
        made = archive_for(people.sam, by=people.nora)
    with made, ZipFile(io.BytesIO(made.read())) as archive:
        assert archive.read("files/1-contract.txt") == b"We agree."
        assert now().date().isoformat() in archive.read("data.json").decode()
