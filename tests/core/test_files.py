"""Uploads are known by their first bytes, kept under names nobody can guess, and gone when the
form was refused."""

import hashlib
import io

import pytest
from flask import Flask

from helpdesk.core import files
from helpdesk.core.db import transaction
from helpdesk.core.errors import Invalid

pytestmark = pytest.mark.databases("sqlite")
PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


def store(content: bytes, name: str = "bill.png") -> files.StoredFile:
    with transaction():
        return files.store(io.BytesIO(content), name)


def kept() -> list[str]:
    return [str(path) for path in files.root().rglob("*") if path.is_file()]


def test_a_file_comes_back_byte_by_byte(app: Flask) -> None:
    content = PNG * 100_000
    stored = store(content)
    assert b"".join(files.read(stored.path)) == content
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_name_on_disk_has_nothing_of_the_senders(app: Flask) -> None:
    stored = store(PNG, "../../etc/passwd.php")
    assert stored.name == "passwd.php"
    assert "passwd" not in stored.path
    assert "." not in stored.path


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PNG, "a.html", "image/png"),
        (b"<svg onload=alert(1)>", "a.svg", "application/octet-stream"),
        (b"<html><script>", "a.png", "application/octet-stream"),
        (b"%PDF-1.7", "a.txt", "application/pdf"),
        (b"RIFF0000WEBPVP8 ", "a.webp", "image/webp"),
    ],
)
def test_only_the_first_bytes_say_what_it_is(
    app: Flask, content: bytes, name: str, media_type: str
) -> None:
    assert store(content, name).media_type == media_type


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\n"])
def test_nothing_empty_and_no_program_is_taken(app: Flask, content: bytes) -> None:
    with pytest.raises(Invalid, match=r"bill\.png"):
        store(content)
    assert kept() == []


def test_what_is_too_large_is_refused_and_leaves_nothing(app: Flask) -> None:
    with pytest.raises(Invalid, match="larger than 20 MB"):
        store(b"x" * (20 * 1024 * 1024 + 1))
    assert kept() == []


def test_a_refused_form_leaves_no_file(app: Flask) -> None:
    with transaction() as current:
        files.store(io.BytesIO(PNG), "bill.png")
        current.drop()
    assert kept() == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("C:\\Users\\rosa\\bill.pdf", "bill.pdf"),
        ("bi\r\nll\x00.pdf", "bi ll.pdf"),
        ("gpj.\u202elmth", "gpj.lmth"),
        ('"><img src=x>.png', "img src=x.png"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_is_shown_without_its_tricks(app: Flask, sent: str, shown: str) -> None:
    assert store(PNG, sent).name == shown


def test_a_name_is_never_longer_than_a_line(app: Flask) -> None:
    assert len(store(PNG, "x" * 5000).name) <= 120
