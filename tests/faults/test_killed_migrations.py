"""A migration that is killed can be run again, and leaves no trace of the first try."""

import re
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.faults.lab import Lab, trials

pytestmark = [pytest.mark.faults, pytest.mark.processes]


def built(path: Path) -> set[tuple[str, ...]]:
    """Everything that a database is made of, and which migration it stands at. Constraints stand
    in any order where a table was made anew."""
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        made = database.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema")
        found = {(*row[:3], *sorted(re.split(r"[,\s]+", row[3]))) for row in made}
        return {*found, *database.execute("SELECT version_num FROM alembic_version")}


def test_a_killed_upgrade_goes_through_the_next_time() -> None:
    with Lab() as lab:
        whole = lab.folder / "whole.db"
        number = lab.start("migration", TARGET=str(whole))
        took = lab.wait_until(partial(lab.is_gone, number), 120, "the upgrade ends")
        for trial in range(trials(1, 20)):
            target = lab.folder / f"{trial}.db"
            number = lab.start("migration", TARGET=str(target))
            lab.pause(took)
            lab.kill(number)
            lab.wait_until(partial(lab.is_gone, number), 30, "the upgrade is dead")
            number = lab.start("migration", TARGET=str(target))
            lab.wait_until(partial(lab.is_gone, number), 120, "the second upgrade ends")
            assert built(target) == built(whole)
