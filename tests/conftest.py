"""What every test can ask for. A test that asks for no `app` touches no database."""

import contextlib
import gc
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import HealthCheck, settings

from config import Config
from helpdesk import create_app
from helpdesk.accounts import passwords
from helpdesk.core.db import session
from tests.cast import Cast, cast
from tests.servers.databases import Database, PostgreSQL, SQLite, build_schema, let_go
from tests.servers.loopback import only_loopback
from tests.servers.postgres import postgresql
from tests.servers.smtp import Sink
from tests.servers.valkey import Valkey
from tests.visitor import Visitor
from tests.work import Work

pytest_plugins = ["tests.browser"]
# What a property says does not depend on how busy the machine is.
settings.register_profile(
    "busy machines", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machines")
# Thousands of tests make much that lives long; looking through it took a tenth of their time.
gc.set_threshold(100_000, 20, 100)
DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--db", choices=DATABASES, help="run on this database alone")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with an `app` runs on every database, unless it is marked `databases("sqlite")`."""
    if "database" not in metafunc.fixturenames:
        return
    marker = metafunc.definition.get_closest_marker("databases")
    wanted = marker.args if marker else DATABASES
    only = metafunc.config.getoption("--db")
    metafunc.parametrize("database", [n for n in wanted if only in {None, n}], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: whoever began one last would keep everybody waiting."""
    items.sort(key=lambda item: not item.path.name.startswith("test_story"))


@pytest.fixture(autouse=True, scope="session")
def _this_machine_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        only_loopback(patch)
        yield


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> Iterator[None]:
    """The same way of hashing at its least cost; processes of their own take what it costs."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        patch.setattr(passwords, "_nobodys", quick.hash("nobody has this password"))
        yield


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Where this test process keeps its files: in memory where that is possible."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(
        prefix="helpdesk-", dir=memory if memory.is_dir() else None
    ) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def _valkey() -> Iterator[Valkey]:
    with Valkey() as server:
        yield server


@pytest.fixture(scope="session")
def _sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture(scope="session")
def _config(folder: Path, _valkey: Valkey, _sink: Sink) -> Config:
    return Config(
        database_url="",
        redis_url=_valkey.url,
        smtp_url=_sink.url,
        mail_from="Acorn Payroll <support@acorn-payroll.example>",
        public_url="http://localhost",
        secret_key="a key for the tests that nobody else has",
        instance_path=folder / "instance",
        company_name="Acorn Payroll",
        internal_domains=("acorn-payroll.example",),
    )


Built = tuple[Flask, Database]


@contextlib.contextmanager
def _built(config: Config, database: Database) -> Iterator[Built]:
    app = create_app(replace(config, database_url=database.url))
    app.testing = True
    app.test_client_class = Visitor
    build_schema(app)
    yield app, database
    let_go(app)
    database.close()


@pytest.fixture(scope="session")
def _sqlite(folder: Path, _config: Config) -> Iterator[Built]:
    with _built(_config, SQLite(folder / "helpdesk.db")) as built:
        yield built


@pytest.fixture(scope="session")
def _postgresql(_config: Config) -> Iterator[Built]:
    with postgresql() as url, _built(_config, PostgreSQL(url)) as built:
        yield built


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Built:
    """The application on the database of this test, without a row."""
    built: Built = request.getfixturevalue(f"_{request.param}")
    built[1].wipe()
    return built


@pytest.fixture
def app(database: Built, _config: Config, _valkey: Valkey, _sink: Sink) -> Iterator[Flask]:
    """The application with empty database, Redis, outbox and instance folder; in its context."""
    _valkey.be_empty()
    _sink.behave()
    shutil.rmtree(_config.instance_path, ignore_errors=True)
    _config.instance_path.mkdir()
    app = database[0]
    # A test before this one may have killed Redis, which is then left alone for a moment.
    app.extensions["helpdesk.redis"]._away_until = 0.0
    with app.app_context():
        yield app
        session.remove()


@pytest.fixture
def make_app(app: Flask) -> Iterator[Callable[..., Flask]]:
    """Another application on the same database with some settings changed: make_app(demo=True)."""
    made: list[Flask] = []

    def make(**changes: object) -> Flask:
        other = create_app(replace(app.extensions["helpdesk.config"], **changes))
        other.testing = True
        other.test_client_class = Visitor
        made.append(other)
        return other

    yield make
    for other in made:
        let_go(other)


@pytest.fixture
def people(app: Flask) -> Cast:
    """Everybody of tests/cast.py, in the database."""
    return cast()


@pytest.fixture
def client(app: Flask) -> Visitor:
    """A visitor nobody knows yet; `client.sign_in(account)` makes her somebody."""
    return _visitor(app)


@pytest.fixture
def visit(app: Flask) -> Callable[[], Visitor]:
    """Another visitor with cookies of her own, each time it is called."""
    return lambda: _visitor(app)


def _visitor(app: Flask) -> Visitor:
    visitor = app.test_client()
    assert isinstance(visitor, Visitor)
    return visitor


@pytest.fixture
def work(app: Flask, _valkey: Valkey) -> Work:
    """`work()` runs everything queued; `work.tick()` the timetable as well."""
    return Work(app, _valkey.redis)


@pytest.fixture
def outbox(_sink: Sink) -> Sink:
    """The mail server: what was sent stands in `outbox.messages`."""
    return _sink


@pytest.fixture
def redis_server(app: Flask, _valkey: Valkey) -> Valkey:
    """The Valkey of this test; `kill()` it to see what happens without."""
    return _valkey


class Clock:
    """The time of day, standing still until it is moved by hand."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self.traveller = traveller

    def move(self, **by: float) -> None:
        """Move on: clock.move(hours=2)."""
        self.traveller.shift(timedelta(**by))

    def set(self, to: datetime) -> None:
        """Move to an aware moment."""
        self.traveller.move_to(to)


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A Monday morning: 2 March 2026, 9:00 UTC."""
    with time_machine.travel(datetime(2026, 3, 2, 9, tzinfo=UTC), tick=False) as traveller:
        yield Clock(traveller)
