"""Files of forms that were not sent."""

from io import BytesIO

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from helpdesk.core import files
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.tickets import uploads
from helpdesk.tickets.jobs import forget_drafts
from helpdesk.tickets.models import Attachment
from tests.conftest import Clock


def upload(name: str, data: bytes = b"hello") -> FileStorage:
    return FileStorage(BytesIO(data), filename=name)


def names(key: str) -> list[str]:
    with transaction(write=False):
        return [one.name for one in uploads.kept(key)]


def on_disk() -> int:
    return sum(path.is_file() for path in files.root().rglob("*"))


def test_a_dropped_form_keeps_its_files(app: Flask) -> None:
    with transaction() as current:
        uploads.keep([upload("a.txt"), upload("b.txt")], "k")
        current.drop()
    assert names("k") == ["a.txt", "b.txt"]
    assert on_disk() == 2


def test_the_same_file_again_is_kept_once(app: Flask) -> None:
    for _ in range(2):
        with transaction():
            uploads.keep([upload("a.txt"), upload("")], "k")
    assert names("k") == ["a.txt"]
    assert on_disk() == 1


def test_a_refused_file_does_not_cost_the_others(app: Flask) -> None:
    with transaction() as current:
        with pytest.raises(Invalid, match="empty"):
            uploads.keep([upload("a.txt"), upload("none.txt", b""), upload("c.txt")], "k")
        current.drop()
    assert names("k") == ["a.txt", "c.txt"]
    assert on_disk() == 2


def test_a_message_carries_ten_files(app: Flask) -> None:
    with transaction(), pytest.raises(Invalid, match="10 files"):
        uploads.keep([upload(f"{n}.txt") for n in range(11)], "k")
    assert len(names("k")) == 10


def test_a_draft_belongs_to_one_form_and_one_person(app: Flask) -> None:
    keys = {uploads.draft_of(form, owner) for form in ("a", "b") for owner in (1, 2)}
    assert len(keys) == 4


def test_drafts_that_nobody_sent_are_forgotten_after_a_week(clock: Clock, app: Flask) -> None:
    with transaction():
        uploads.keep([upload("old.txt")], "old")
    clock.move(days=5)
    with transaction():
        uploads.keep([upload("young.txt")], "young")
    clock.move(days=3)
    forget_drafts()
    assert [one.name for one in session.query(Attachment)] == ["young.txt"]
    assert on_disk() == 1
