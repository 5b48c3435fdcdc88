"""Settings come from the environment, and nonsense stops the start with one sentence."""

import stat
from pathlib import Path

import pytest

from config import Config
from helpdesk.core.environment import ConfigError

PRODUCTION = {
    "SECRET_KEY": "k" * 32,
    "SMTP_URL": "smtp://mail.example:587?starttls",
    "PUBLIC_URL": "https://help.example.com",
}


def config(**variables: str) -> Config:
    return Config.from_env({**PRODUCTION, **variables})


def demo(folder: Path, **variables: str) -> Config:
    return Config.from_env({"HELPDESK_DEMO": "1", "INSTANCE_PATH": str(folder), **variables})


def test_production_needs_a_key_a_mail_server_and_little_else() -> None:
    made = config()
    assert made.secure
    assert made.public_host == "help.example.com"
    assert made.mail_from == "support@help.example.com"
    assert made.database_url.startswith("sqlite:////")
    assert made.redis_url is None


@pytest.mark.parametrize(
    ("variable", "nonsense"),
    [
        ("SECRET_KEY", "short"),
        ("SMTP_URL", ""),
        ("SMTP_URL", "mail.example:587"),
        ("SMTP_URL", "smtp://mail.example?tls=yes"),
        ("SMTP_URL", "smtp://mail.example:port"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "unix://"),
        ("PUBLIC_URL", "help.example.com"),
        ("PUBLIC_URL", "https://help.example.com/desk"),
        ("PUBLIC_URL", "https://[::1"),
        ("DATABASE_URL", "mysql://somewhere/else"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "eighty"),
        ("WEB_WORKERS", "-1"),
        ("WEB_WORKERS", "٣"),
        ("HELPDESK_DEMO", "perhaps"),
        ("LOG_LEVEL", "loud"),
        ("TIME_ZONE", "Moon/Tranquility"),
        ("TIME_ZONE", "../../etc/passwd"),
        ("MAIL_FROM", "nobody"),
        ("CLOSE_AFTER_HOURS", "673"),
        ("CHURN_CLEAR_BELOW", "90"),
    ],
)
def test_nonsense_is_refused_in_one_sentence_that_names_it(variable: str, nonsense: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        config(**{variable: nonsense})
    sentence = str(refusal.value)
    assert variable in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_refusal_never_repeats_a_password() -> None:
    with pytest.raises(ConfigError) as refusal:
        config(SMTP_URL="smpt://me:hunter2@mail.example")
    assert "hunter2" not in str(refusal.value)


def test_printing_the_configuration_shows_no_secret() -> None:
    made = config(DATABASE_URL="postgresql://u:hunter2@db/helpdesk", REDIS_URL="redis://:hunter2@r")
    assert "hunter2" not in repr(made)
    assert PRODUCTION["SECRET_KEY"] not in repr(made)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_means_psycopg(scheme: str) -> None:
    made = config(DATABASE_URL=f"{scheme}://u:p@db/helpdesk?sslmode=require")
    assert made.database_url == "postgresql+psycopg://u:p@db/helpdesk?sslmode=require"


def test_a_relative_path_means_the_same_file_for_every_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    here = config(DATABASE_URL="sqlite:///instance/other.db").database_url
    monkeypatch.chdir(tmp_path)
    assert config(DATABASE_URL="sqlite:///instance/other.db").database_url == here


def test_a_secret_can_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("f" * 40 + "\n")
    variables = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY"}
    made = Config.from_env({**variables, "SECRET_KEY_FILE": str(path)})
    assert made.secret_key == "f" * 40


def test_a_secret_given_twice_or_in_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="either SECRET_KEY or SECRET_KEY_FILE"):
        config(SECRET_KEY_FILE=str(tmp_path / "key"))
    with pytest.raises(ConfigError, match="REDIS_URL_FILE"):
        config(REDIS_URL_FILE=str(tmp_path / "none"))


def test_an_empty_variable_counts_as_not_set() -> None:
    assert config(PORT="", TIME_ZONE=" ", INTERNAL_DOMAINS="").port == 8000


def test_staff_domains_are_those_of_the_sender_unless_others_are_named() -> None:
    assert config(MAIL_FROM="Us <us@Acme.example>").internal_domains == ("acme.example",)
    named = config(INTERNAL_DOMAINS="Acme.example, acme.test").internal_domains
    assert named == ("acme.example", "acme.test")


def test_a_demo_needs_nothing_and_keeps_its_key(tmp_path: Path) -> None:
    first, second = demo(tmp_path, PORT="8123"), demo(tmp_path)
    assert first.public_url == "http://127.0.0.1:8123"
    assert first.survey_delay_seconds == 30
    assert first.company_name == "Acorn Payroll"
    assert len(first.secret_key) >= 32
    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.10", "[::1]"])
def test_a_demo_serves_every_name_of_this_machine(tmp_path: Path, host: str) -> None:
    assert demo(tmp_path, BIND=host, PUBLIC_URL=f"http://{host}:8000").demo


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BIND", "0.0.0.0"),
        ("BIND", "::"),
        ("BIND", "192.168.1.5"),
        ("BIND", "localhost.example.com"),
        ("PUBLIC_URL", "https://help.example.com"),
        ("PUBLIC_URL", "http://127.0.0.1.example.com"),
        ("TRUSTED_PROXIES", "1"),
    ],
)
def test_a_demo_refuses_to_be_reached_from_elsewhere(
    tmp_path: Path, variable: str, value: str
) -> None:
    with pytest.raises(ConfigError, match=variable):
        demo(tmp_path, **{variable: value})
