"""What lies on disk and what rows say is compared, and files that no row names go after a day."""

import os
from io import BytesIO

import pytest
from flask import Flask

from helpdesk.core import files, inventory
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.security import new_token
from helpdesk.tickets.models import Attachment

pytestmark = pytest.mark.usefixtures("app")


def kept(content: bytes = b"a bill", *, with_row: bool = True) -> files.StoredFile:
    """A file that is stored, with its row or without."""
    with transaction():
        stored = files.store(BytesIO(content), "bill.txt")
        if with_row:
            row = Attachment(
                id=new_token(),
                draft_key="form",
                name=stored.name,
                path=stored.path,
                media_type=stored.media_type,
                size=stored.size,
                sha256=stored.sha256,
                created_at=now(),
            )
            session.add(row)
    return stored


def found() -> dict[str, str]:
    with transaction(write=False):
        return {one.path: one.what for one in inventory.take_stock(now() - inventory.YOUNG)}


def age(stored: files.StoredFile) -> None:
    """Two days ago it was written."""
    past = now().timestamp() - 2 * 86400
    os.utime(files.root() / stored.path, (past, past))


def test_what_is_as_it_should_be_is_not_told() -> None:
    age(kept())
    assert found() == {}


def test_a_row_without_its_file_and_one_with_another_are_told() -> None:
    gone, changed = kept(), kept(b"another bill")
    files.remove(gone.path)
    (files.root() / changed.path).write_bytes(b"an other bill")
    assert found() == {
        gone.path: "no file for a row of attachment",
        changed.path: "other bytes than a row of attachment says",
    }


def test_a_file_without_a_row_is_told_and_goes_once_it_is_old() -> None:
    young, old, named = kept(with_row=False), kept(with_row=False), kept()
    age(old)
    age(named)
    assert found() == {old.path: "no row"}
    inventory.sweep_files()
    there = [one for one in (young, old, named) if (files.root() / one.path).exists()]
    assert there == [young, named]


def test_the_command_ends_with_an_error_where_something_is_amiss(app: Flask) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["files", "check"]).exit_code == 0
    files.remove(kept().path)
    done = runner.invoke(args=["files", "check"])
    assert done.exit_code == 1
    assert "1 amiss" in done.output
