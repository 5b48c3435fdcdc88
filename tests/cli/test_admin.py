"""The first administrator."""

from click.testing import Result
from flask import Flask

from helpdesk.accounts.models import Role
from helpdesk.accounts.passwords import is_right
from helpdesk.accounts.queries import account_at
from helpdesk.cli.admin import admin_group

ANSWERS = "Ada@Acorn-Payroll.example\nAda Ortiz\na kettle of tea\na kettle of tea\n"


def run(app: Flask, answers: str = ANSWERS) -> Result:
    return app.test_cli_runner().invoke(admin_group, ["create"], input=answers)


def test_the_first_administrator_is_made_at_the_terminal(app: Flask) -> None:
    assert run(app).exit_code == 0
    ada = account_at("ada@acorn-payroll.example")
    assert ada is not None
    assert ada.role is Role.ADMIN
    assert ada.verified_at is not None
    assert is_right(ada.password_hash, "a kettle of tea")


def test_the_same_address_twice_is_refused_in_a_sentence(app: Flask) -> None:
    run(app)
    again = run(app)
    assert again.exit_code == 1
    assert "has an account already" in again.output


def test_a_bad_password_makes_nobody(app: Flask) -> None:
    answer = run(app, "ada@x.example\nAda\nshort\nshort\n")
    assert answer.exit_code == 1
    assert account_at("ada@x.example") is None
