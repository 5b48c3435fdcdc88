"""Uploaded files: kept under random names outside anything that is served, known by their
first bytes and never by what the sender calls them."""

import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from helpdesk.core.crash import crash_point
from helpdesk.core.db import after_drop
from helpdesk.core.errors import Invalid
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line

_CHUNK = 256 * 1024

# (offset, first bytes, media type). Only what is listed may be shown as an image in a page.
_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_REFUSED = (
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"\xfe\xed\xfa\xcf", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"#!", "a script"),
)
RASTER_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@dataclass(frozen=True)
class StoredFile:
    """A file that is safely on disk. `path` is relative to the folder of files, `size` in bytes."""

    name: str
    path: str
    media_type: str
    size: int
    sha256: str


def root() -> Path:
    """The folder of files."""
    return Path(settings().instance_path) / "files"


def store(stream: IO[bytes], name: str, *, outlives_refusal: bool = False) -> StoredFile:
    """Write an upload to disk and make sure that it is there; gone again if the transaction drops,
    unless it `outlives_refusal` of the form that it came with.

    Raises Invalid when it is empty, too large, or something that should not be run.
    """
    name = _safe_name(name)
    relative = f"{secrets.token_hex(1)}/{secrets.token_hex(16)}"
    target = root() / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    if not outlives_refusal:
        after_drop(lambda: target.unlink(missing_ok=True))
    try:
        with target.open("xb") as file:
            for chunk in iter(lambda: stream.read(_CHUNK), b""):
                head = head or chunk[:512]
                size += len(chunk)
                _check(name, head, size)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        crash_point("file_written")
        if not size:
            raise Invalid(f"“{name}” is empty. Nothing was attached.")
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return StoredFile(name, relative, media_type(head), size, digest.hexdigest())


def remove(path: str) -> None:
    """Delete a stored file. Twice is harmless."""
    (root() / path).unlink(missing_ok=True)


def _check(name: str, head: bytes, size: int) -> None:
    limit = settings().max_upload_mb
    if size > limit * 1024 * 1024:
        raise Invalid(f"“{name}” is larger than {limit} MB. Please attach a smaller file.")
    for start, what in _REFUSED:
        if head.startswith(start):
            raise Invalid(f"“{name}” is {what}, which cannot be attached. A zip file can.")


def _safe_name(name: str) -> str:
    """The last part of a file name, on one line, without marks that turn text around."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(c for c in last if c not in '"<>|:*?\u202a\u202b\u202c\u202d\u202e\u200e\u200f')
    return one_line(plain, 120).strip(". ") or "file"


def media_type(head: bytes) -> str:
    """The media type that the first bytes of a file prove; text and anything unknown is a stream of
    bytes, so that no browser reads it as a page."""
    for offset, mark, kind in _SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return kind
    return "application/octet-stream"


def read(path: str) -> Iterator[bytes]:
    """The bytes of a stored file, in pieces; they may be asked for after the request."""
    return _pieces(root() / path)


def _pieces(target: Path) -> Iterator[bytes]:
    with target.open("rb") as file:
        yield from iter(lambda: file.read(_CHUNK), b"")
