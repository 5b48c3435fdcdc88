"""What a first visit has to fetch, and how many questions a page asks the database."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Engine, event

from bench.client import Client
from helpdesk.core.db import db

_ADDRESS = re.compile(r'(?:href|src)="(/static/[^"#]+)')
_IMPORT = re.compile(r'(?:from|import)\s*\(?"\./([\w-]+\.js)"')


@dataclass(frozen=True)
class Weight:
    """Compressed bytes on an empty cache, by kind."""

    html: int
    css: int
    js: int
    icons: int

    @property
    def total(self) -> int:
        return self.html + self.css + self.js


def weigh(client: Client, path: str) -> Weight:
    """Fetch a page and everything it names, as a browser does that has nothing yet."""
    page = client.get(path)
    wanted = set(_ADDRESS.findall(gzip.decompress(page.body).decode()))
    sizes: dict[str, int] = {}
    while wanted - sizes.keys():
        address = (wanted - sizes.keys()).pop()
        answer = client.get(address)
        sizes[address] = len(answer.body)
        if address.endswith(".js") and "/vendor/" not in address:
            packed = answer.body[:2] == b"\x1f\x8b"
            script = (gzip.decompress(answer.body) if packed else answer.body).decode()
            folder = address.rpartition("/")[0]
            wanted |= {f"{folder}/{name}" for name in _IMPORT.findall(script)}

    def of(*endings: str) -> int:
        return sum(size for address, size in sizes.items() if address.endswith(endings))

    return Weight(len(page.body), of(".css"), of(".js"), of(".svg"))


def questions(app: Flask, cookie: str, path: str) -> int:
    """How many statements one visit sends to the database, the start of the transaction left out.

    The first visit of a process asks more (the shape of a dialect), so the second one counts.
    """
    name, _, value = cookie.partition("=")
    host = app.extensions["helpdesk.config"].public_host
    client = app.test_client()
    client.set_cookie(name, value, domain=host.partition(":")[0])
    client.get(path, base_url=f"http://{host}")
    with app.app_context():
        engine = db.engine
    with _counted(engine) as statements:
        client.get(path, base_url=f"http://{host}")
    return len(statements)


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
