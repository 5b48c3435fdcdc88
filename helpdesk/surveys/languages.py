"""What pages and mails of surveys say, by language. The words stand in `words/`, one file each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpdesk.core.clock import now

FOLDER = Path(__file__).parent / "words"
BASE = "en"


@dataclass(frozen=True)
class Words:
    """One language: its code, its own name, the direction of its writing, and its sentences."""

    code: str
    name: str
    direction: str
    months: tuple[str, ...]
    day_pattern: str
    sections: Mapping[str, Mapping[str, Any]]

    def __call__(self, place: str, **values: object) -> str:
        """The sentence at `place` ("page.send") with values put in. Raises KeyError."""
        text = str(self._at(place))
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    def many(self, place: str) -> tuple[str, ...]:
        """The list of words at `place`. Raises KeyError."""
        return tuple(self._at(place))

    def _at(self, place: str) -> Any:
        section, _, name = place.partition(".")
        return self.sections[section][name]

    def day(self, moment: datetime | date | None, zone: tzinfo | None = None) -> str:
        """12 January, with the year when it is not this one."""
        if moment is None:
            return ""
        if isinstance(moment, datetime):
            moment = moment.astimezone(zone) if zone else moment
        text = self.day_pattern.replace("{day}", str(moment.day))
        text = text.replace("{month}", self.months[moment.month - 1])
        return text if moment.year == now().year else f"{text} {moment.year}"


def languages() -> tuple[str, ...]:
    """The codes of all languages that come with the house, the base language first."""
    codes = sorted(path.stem for path in FOLDER.glob("*.toml"))
    return (BASE, *(code for code in codes if code != BASE))


@lru_cache(maxsize=64)
def words_in(language: str) -> Words:
    """The words of a language such as "de" or "de-AT"; those of the base language for others."""
    for code in fallbacks(language):
        path = FOLDER / f"{code}.toml"
        if code.isalnum() and path.is_file():
            return _read(code, path)
    return _read(BASE, FOLDER / f"{BASE}.toml")


def fallbacks(language: str) -> tuple[str, ...]:
    """The language, without its region, and the base language: de-AT, de, en."""
    code = language.strip().lower().replace("_", "-")
    return tuple(dict.fromkeys((code, code.partition("-")[0], BASE)))


def _read(code: str, path: Path) -> Words:
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    sections = {name: part for name, part in found.items() if isinstance(part, dict)}
    return Words(
        code, found["name"], found["direction"], tuple(found["months"]), found["day"], sections
    )
