"""Commands that work on a file of numbers run in a clone that nobody has configured."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def flask(*arguments: str, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **variables},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_scorecard_is_learnt_without_a_configuration(tmp_path: Path) -> None:
    table, card = tmp_path / "table.csv", tmp_path / "card.json"
    lines = [f"{n % 40},{'yes' if n % 3 == 0 else 'no'}" for n in range(300)]
    table.write_text("\n".join(["age,left", *lines]))
    done = flask("churn", "fit", "--csv", str(table), "--label", "left", "--card", str(card))
    assert done.returncode == 0, done.stderr
    assert card.exists()


@pytest.mark.parametrize(
    "address",
    ["sqlite:///{folder}/empty.db", "sqlite:///{folder}/no/such.db", "postgresql://127.0.0.1:9/no"],
)
def test_lines_are_scored_where_no_database_is_set_up(tmp_path: Path, address: str) -> None:
    url = address.format(folder=tmp_path)
    done = flask("sentiment", "score", given="Still not working.\n", DATABASE_URL=url)
    assert json.loads(done.stdout)["label"] == "negative", done.stderr
    assert done.stderr.startswith("No database of an installation can be read here")


def test_everything_else_says_what_is_missing() -> None:
    done = flask("doctor")
    assert done.returncode == 1
    assert done.stderr.startswith("Not started: ")


def test_a_mail_server_is_told_to_try_again_later() -> None:
    done = flask("mail", "deliver")
    assert done.returncode == os.EX_TEMPFAIL
    assert done.stderr.startswith("Not started: ")
