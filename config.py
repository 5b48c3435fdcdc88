"""The whole configuration: one frozen object, read once from the environment.

Nonsense stops the start with one sentence (`ConfigError`). Whatever is secret can also come from
a file: `SECRET_KEY_FILE=/run/secrets/key` stands for `SECRET_KEY`, and the same goes for
`DATABASE_URL`, `REDIS_URL`, `SMTP_URL` and `DKIM_KEY`. An empty variable counts as one that is not
set.
"""

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from helpdesk.core.environment import ConfigError, Environment, reason

ROOT = Path(__file__).resolve().parent
DAY = 24 * 3600
_DELIMITERS = {"+": "+", "-": "-", "=": "=", "none": ""}


def within(default: int, least: int, most: int) -> int:
    """A field of `Config`: a whole number from `least` to `most`, in the variable of its name."""
    number: int = field(default=default, metadata={"least": least, "most": most})
    return number


@dataclass(frozen=True)
class Config:
    """Settings of one installation; every field names its variable."""

    # DATABASE_URL: sqlite:///… or postgresql://…; by default a file in the instance folder.
    database_url: str = field(default=f"sqlite:///{ROOT}/instance/helpdesk.db", repr=False)
    # REDIS_URL: redis://, rediss:// or unix://; unset, `flask up` runs a Valkey of its own.
    redis_url: str | None = field(default=None, repr=False)
    # SMTP_URL: smtp://user:password@host:port, smtps://…, or smtp://…?starttls; a demo needs none.
    smtp_url: str | None = field(default=None, repr=False)
    # MAIL_FROM: the sender of all mail, "Name <address>"; by default support@ the public host.
    mail_from: str = "support@localhost"
    # PUBLIC_URL: the address people type; links in mail start with it and no other Host is served.
    public_url: str = "http://127.0.0.1:8000"
    # SECRET_KEY: signs sessions and links, 32 characters or more; a demo makes and keeps its own.
    secret_key: str = field(default="", repr=False)
    # HELPDESK_DEMO: 1 offers sign-in with one press and sends no mail; only on this very machine.
    demo: bool = False
    # BIND: the address the web server listens on.
    bind: str = "127.0.0.1"
    # PORT: the port the web server listens on.
    port: int = within(8000, 1, 65535)
    # WEB_WORKERS: web processes.
    web_workers: int = within(2, 1, 64)
    # WEB_THREADS: threads in each web process.
    web_threads: int = within(4, 1, 64)
    # INSTANCE_PATH: the folder of everything this installation stores: database, uploads, key.
    instance_path: Path = ROOT / "instance"
    # COMPANY_NAME: as customers know it; on every page and in every mail.
    company_name: str = "Support"
    # SUPPORT_HOURS: a sentence for customers, such as "Monday to Friday, 9:00 to 17:00".
    support_hours: str | None = None
    # SURVEY_DELAY_SECONDS: from resolved to the mailed question; a day, in a demo half a minute.
    survey_delay_seconds: int = DAY
    # NPS_INTERVAL_DAYS: how long a customer is left alone between two NPS questions.
    nps_interval_days: int = within(180, 1, 3650)
    # SURVEY_BUDGET_DAYS: at most one survey of any kind per customer in so many days.
    survey_budget_days: int = within(14, 0, 365)
    # SURVEY_EXPIRY_DAYS: after so many days an invitation can no longer be answered.
    survey_expiry_days: int = within(28, 1, 365)
    # CLOSE_AFTER_HOURS: a resolved ticket closes after so many quiet hours, 1 to 672 (28 days).
    close_after_hours: int = within(96, 1, 28 * 24)
    # UNDO_SEND_SECONDS: how long an agent can take a reply back before it is mailed.
    undo_send_seconds: int = within(10, 0, 300)
    # MAX_UPLOAD_MB: the largest file that is taken, in MB.
    max_upload_mb: int = within(20, 1, 1000)
    # MAX_UPLOADS: the most files one message carries.
    max_uploads: int = within(10, 1, 100)
    # MAX_MAIL_MB: the largest mail that is taken in, in MB.
    max_mail_mb: int = within(60, 1, 500)
    # REPLY_DELIMITER: what parts our address from the tag of a reply address (support+tag@…): one
    # of + - =, or none where the mail server delivers no such addresses.
    reply_delimiter: str = "+"
    # AUTHSERV_IDS: by commas, the names under which our own mail servers write what they found out
    # about a sender (Authentication-Results); without any, no sender counts as authenticated.
    authserv_ids: tuple[str, ...] = ()
    # MAIL_AGENTS: 1 mails assignees what their customers write; they can answer that mail.
    mail_agents: bool = False
    # MAIL_PER_SENDER: mails an hour from one address; what is beyond waits in quarantine.
    mail_per_sender: int = within(1000, 1, 1_000_000)
    # MAIL_PER_HOUR: new tickets an hour by mail, from everybody; what is beyond waits likewise.
    mail_per_hour: int = within(10_000, 1, 10_000_000)
    # DKIM_KEY: an RSA private key in PEM, better as DKIM_KEY_FILE; what we send is signed with it.
    dkim_key: str = field(default="", repr=False)
    # DKIM_SELECTOR: the name below _domainkey under which its public half stands in DNS.
    dkim_selector: str = "helpdesk"
    # MAIL_DOMAIN_AT_ONCE: mails under way to one recipient domain at the same moment.
    mail_domain_at_once: int = within(5, 1, 100)
    # MAIL_DOMAIN_RATE: mails a minute to one recipient domain; 0 for as many as there are.
    mail_domain_rate: int = within(0, 0, 100_000)
    # LOG_LEVEL: debug, info, warning or error.
    log_level: str = "info"
    # TRUSTED_PROXIES: how many proxies in front of us set X-Forwarded-*; 0 ignores those headers.
    trusted_proxies: int = within(0, 0, 10)
    # CHURN_RAISE_AT: a flag rises when the risk points of a customer reach this, 1 to 100.
    churn_raise_at: int = within(50, 1, 100)
    # CHURN_CLEAR_BELOW: it clears only below this, so that it does not flicker.
    churn_clear_below: int = within(40, 0, 100)
    # CHURN_HOLDOUT_PERCENT: of flags that a rule would act on, so many are left alone by lot.
    churn_holdout_percent: int = within(0, 0, 50)
    # CHURN_CAPACITY: how many flagged customers can be looked after in a week, for the worklist.
    churn_capacity: int = within(20, 1, 10_000)
    # INTERNAL_DOMAINS: own mail domains, by commas, never surveyed; by default that of MAIL_FROM.
    internal_domains: tuple[str, ...] = ()
    # TIME_ZONE: an IANA name; the days of reports, and times for people who chose no zone.
    time_zone: str = "UTC"
    # CURRENCY: three letters (ISO 4217); what contracts are worth is counted in it.
    currency: str = "EUR"

    def __post_init__(self) -> None:
        _check_urls(self)
        if self.demo:
            _check_demo(self)
        elif not self.smtp_url:
            raise ConfigError(
                "SMTP_URL must be set, such as smtp://user:password@mail.example:587."
            )
        if len(self.secret_key) < 32:
            raise ConfigError("SECRET_KEY must be set, to 32 random characters or more.")
        if "@" not in parseaddr(self.mail_from)[1]:
            raise ConfigError(f"MAIL_FROM must hold an e-mail address, not {self.mail_from!r}.")
        if self.dkim_key:
            _check_dkim(self)
        if self.churn_clear_below > self.churn_raise_at:
            raise ConfigError("CHURN_CLEAR_BELOW must not be above CHURN_RAISE_AT.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read every setting from `environ`; raise ConfigError on the first that makes no sense."""
        env = Environment(environ)
        numbers = {
            each.name: env.number(each.name.upper(), getattr(cls, each.name), **each.metadata)
            for each in fields(cls)
            if each.metadata
        }
        demo = env.flag("HELPDESK_DEMO")
        instance = _absolute(env.text("INSTANCE_PATH", str(ROOT / "instance")))
        public_url = env.text("PUBLIC_URL", f"http://127.0.0.1:{numbers['port']}").rstrip("/")
        _must_be("PUBLIC_URL", public_url, ("http", "https"))
        domain = "acorn-payroll.example" if demo else _mail_host(public_url)
        mail_from = env.text("MAIL_FROM", f"support@{domain}")
        return cls(
            database_url=_database(env.secret("DATABASE_URL"), instance),
            redis_url=env.secret("REDIS_URL") or None,
            smtp_url=env.secret("SMTP_URL") or None,
            mail_from=mail_from,
            public_url=public_url,
            secret_key=env.secret("SECRET_KEY") or (_kept_key(instance) if demo else ""),
            demo=demo,
            bind=env.text("BIND", cls.bind),
            instance_path=instance,
            company_name=env.text("COMPANY_NAME", "Acorn Payroll" if demo else cls.company_name),
            support_hours=env.text("SUPPORT_HOURS", "") or None,
            survey_delay_seconds=env.number(
                "SURVEY_DELAY_SECONDS", 30 if demo else DAY, 0, 30 * DAY
            ),
            reply_delimiter=_DELIMITERS[
                env.choice("REPLY_DELIMITER", cls.reply_delimiter, tuple(_DELIMITERS))
            ],
            authserv_ids=env.names("AUTHSERV_IDS"),
            mail_agents=env.flag("MAIL_AGENTS"),
            dkim_key=env.secret("DKIM_KEY").replace("\r\n", "\n"),
            dkim_selector=env.text("DKIM_SELECTOR", cls.dkim_selector),
            log_level=env.choice("LOG_LEVEL", cls.log_level, ("debug", "info", "warning", "error")),
            internal_domains=env.names("INTERNAL_DOMAINS") or (_domain_of(mail_from),),
            time_zone=env.zone("TIME_ZONE", cls.time_zone),
            currency=env.letters("CURRENCY", cls.currency, 3),
            **numbers,
        )

    @property
    def secure(self) -> bool:
        """Whether people reach us by https, so that cookies are Secure and HSTS is sent."""
        return self.public_url.startswith("https://")

    @property
    def mail_domain(self) -> str:
        """The domain of the sender's address, which Message-IDs end in."""
        return _domain_of(self.mail_from)

    @property
    def mailbox(self) -> tuple[str, str]:
        """The sender's name, or "", and address."""
        return _mailbox(self.mail_from)

    @property
    def public_host(self) -> str:
        """Host and port of the public address, as a browser's Host header has them."""
        return urlsplit(self.public_url).netloc.lower()


def _check_urls(config: Config) -> None:
    """Refuse addresses we cannot use, without repeating them: they hold passwords."""
    _must_be("PUBLIC_URL", config.public_url, ("http", "https"))
    if config.public_url.count("/") > 2 or "?" in config.public_url:
        raise ConfigError(
            "PUBLIC_URL must end after the host: serving below a path is not possible."
        )
    if config.smtp_url:
        _must_be("SMTP_URL", config.smtp_url, ("smtp", "smtps"))
        if urlsplit(config.smtp_url).query not in {"", "starttls"}:
            raise ConfigError("SMTP_URL can be followed by ?starttls and by nothing else.")
    if config.redis_url and not config.redis_url.startswith("unix:///"):
        _must_be("REDIS_URL", config.redis_url, ("redis", "rediss"))


def _check_dkim(config: Config) -> None:
    """Refuse a key that nothing can be signed with, before a mail waits for it."""
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key  # slow, and few have a key

    try:
        bits = int(parse_pem_private_key(config.dkim_key.encode())["modulus"]).bit_length()
    except (UnparsableKeyError, ValueError, IndexError, TypeError, AssertionError) as error:
        raise ConfigError(
            "DKIM_KEY must be an RSA private key in PEM (openssl genrsa 2048)."
        ) from error
    if bits < 1024:
        raise ConfigError(f"DKIM_KEY has {bits} bits; nobody believes keys below 1024.")
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", config.dkim_selector):
        raise ConfigError(f"DKIM_SELECTOR must be a name for DNS, not {config.dkim_selector!r}.")


def _must_be(name: str, url: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a broken [::1
        good = False
    if not good:
        raise ConfigError(f"{name} must be a full address that starts with {schemes[0]}://.")


def _check_demo(config: Config) -> None:
    """A demo lets everybody in, so nobody but the person at this machine may reach it."""
    for name, host in (("BIND", config.bind), ("PUBLIC_URL", urlsplit(config.public_url).hostname)):
        if not is_loopback(host or ""):
            raise ConfigError(f"{name} must be localhost or 127.0.0.1 while HELPDESK_DEMO=1.")
    if config.trusted_proxies:
        raise ConfigError("TRUSTED_PROXIES must be 0 while HELPDESK_DEMO=1.")


def is_loopback(host: str) -> bool:
    """Whether `host` can only mean this machine: localhost, 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _database(url: str, instance: Path) -> str:
    """An address SQLAlchemy takes: psycopg for PostgreSQL, an absolute path for SQLite."""
    if not url:
        return f"sqlite:///{instance / 'helpdesk.db'}"
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and rest not in {"/", "/:memory:"}:
        return f"sqlite:///{_absolute(rest[1:])}"
    raise ConfigError("DATABASE_URL must be postgresql://user@host/name or sqlite:///file.")


def _absolute(path: str) -> Path:
    """Relative paths start at the project, so that every command means the same file."""
    return (ROOT / Path(path).expanduser()).resolve()


def _kept_key(instance: Path) -> str:
    """The demo's own secret key, made once; several processes may ask at the same moment."""
    path = instance / "secret_key"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = instance / f"secret_key.{os.getpid()}"
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
            with suppress(FileExistsError):  # whole or not at all, and the first one wins
                path.hardlink_to(fresh)
            fresh.unlink()
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(f"The key file {path} cannot be kept: {reason(error)}.") from error


def _mail_host(public_url: str) -> str:
    host = urlsplit(public_url).hostname or ""
    return "localhost" if is_loopback(host) else host


def _domain_of(mailbox: str) -> str:
    return _mailbox(mailbox)[1].rpartition("@")[2].lower()


@lru_cache(maxsize=16)
def _mailbox(written: str) -> tuple[str, str]:
    return parseaddr(written)
