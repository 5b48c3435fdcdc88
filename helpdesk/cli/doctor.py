"""`flask doctor`: one line for each thing that must work, and what is wrong with it."""

import os
import smtplib
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import click
from flask.cli import with_appcontext
from redis import Redis

from config import Config
from helpdesk.cli.running import valkey
from helpdesk.core import schema
from helpdesk.core.db import db
from helpdesk.core.settings import settings


class Ailment(Exception):
    """What is wrong, in a few words."""


@click.command()
@with_appcontext
def doctor() -> None:
    """Check configuration, database, migrations, Redis and mail; fail when one of them is ill."""
    config = settings()
    ill = [name for name, check in CHECKS.items() if not _report(name, check, config)]
    if ill:
        raise click.exceptions.Exit(1)


def _report(name: str, check: Callable[[Config], str], config: Config) -> bool:
    try:
        found, well = check(config), True
    except Ailment as ailment:
        found, well = str(ailment), False
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the doctor looks for
        found, well = f"{type(error).__name__}: {error}".splitlines()[0], False
    click.echo(f"{'ok ' if well else 'BAD'}  {name:<11} {found}")
    return well


def _configuration(config: Config) -> str:
    kind = "a demo" if config.demo else "production"
    return f"{kind} at {config.public_url}, {config.web_workers} × {config.web_threads} threads"


def _folder(config: Config) -> str:
    if not os.access(config.instance_path, os.W_OK | os.X_OK):
        raise Ailment(f"{config.instance_path} cannot be written to")
    return str(config.instance_path)


def _database(_config: Config) -> str:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        version = ".".join(str(part) for part in db.engine.dialect.server_version_info or ())
    return f"{db.engine.dialect.name} {version}"


def _migrations(_config: Config) -> str:
    present, newest = schema.present(), schema.newest()
    if present != newest or not newest:
        raise Ailment(f"at {', '.join(present) or 'nothing'}; run: flask db upgrade")
    return f"at {', '.join(present)}, the newest"


def _redis(config: Config) -> str:
    redis: Redis = Redis.from_url(
        valkey.address(config), socket_connect_timeout=2, socket_timeout=2
    )
    with redis:
        if config.redis_url is None and not valkey.answers(valkey.socket_path(config)):
            return "embedded, not running; flask up starts it"
        redis.ping()
    return "embedded" if config.redis_url is None else "reachable"


def _mail(config: Config) -> str:
    if config.smtp_url is None:
        return "none; a demo keeps it in its outbox"
    url = urlsplit(config.smtp_url)
    kind = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with kind(url.hostname or "", url.port or 0, timeout=5) as server:
        if url.query == "starttls":
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.noop()
    return f"{url.hostname} takes mail from us"


CHECKS: dict[str, Callable[[Config], str]] = {
    "settings": _configuration,
    "folder": _folder,
    "database": _database,
    "migrations": _migrations,
    "redis": _redis,
    "mail": _mail,
}
