"""Typed reading of environment variables, for `config.py`."""

import re
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo


class ConfigError(Exception):
    """A setting that makes no sense; the message is one sentence for the person at the terminal."""


class Environment:
    """Typed reading of variables, with a sentence about the first that is not what it should be."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def secret(self, name: str) -> str:
        path = self.text(f"{name}_FILE", "")
        if not path:
            return self.text(name, "")
        if self.text(name, ""):
            raise ConfigError(f"Set either {name} or {name}_FILE, not both.")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{name}_FILE={path} cannot be read: {reason(error)}.") from error

    def number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
            raise ConfigError(f"{name} must be a whole number, {least} to {most}, not {text!r}.")
        return int(text)

    def flag(self, name: str) -> bool:
        return self.choice(name, "0", ("0", "1", "no", "yes")) in {"1", "yes"}

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        text = self.text(name, default).lower()
        if text in allowed:
            return text
        raise ConfigError(f"{name} must be one of {', '.join(allowed)}, not {text!r}.")

    def names(self, name: str) -> tuple[str, ...]:
        return tuple(self.text(name, "").lower().replace(",", " ").split())

    def letters(self, name: str, default: str, how_many: int) -> str:
        """So many capital letters A to Z."""
        value = self.text(name, default)
        if not re.fullmatch(rf"[A-Z]{{{how_many}}}", value):
            raise ConfigError(f"{name} must be {how_many} capital letters, not {value!r}.")
        return value

    def zone(self, name: str, default: str) -> str:
        text = self.text(name, default)
        try:
            return ZoneInfo(text).key
        except (ValueError, OSError, KeyError) as error:
            raise ConfigError(f"{name} must be like Europe/Berlin, not {text!r}.") from error


def reason(error: Exception) -> str:
    """What the system says is wrong, for the end of a sentence."""
    return (getattr(error, "strerror", None) or str(error)).lower()
