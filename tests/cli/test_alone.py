"""Commands that work on a file of numbers run in a clone that nobody has configured."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def flask(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
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


def test_everything_else_says_what_is_missing() -> None:
    done = flask("doctor")
    assert done.returncode == 1
    assert done.stderr.startswith("Not started: ")


def test_a_mail_server_is_told_to_try_again_later() -> None:
    done = flask("mail", "deliver")
    assert done.returncode == os.EX_TEMPFAIL
    assert done.stderr.startswith("Not started: ")
