"""What a mail server meant by its refusal (RFC 3463): whether another try may succeed."""

import re
from dataclasses import dataclass

from helpdesk.core.text import one_line

_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s\-:#]|$)")
_NOBODY = re.compile(
    r"user unknown|unknown user|unknown recipient|unknown address|unknown local|no such"
    r"|does(?: not|n't) exist|not exist|not found|couldn't be found|invalid (?:recipient|address"
    r"|mailbox)|recipient (?:address )?rejected|unrouteable|not listed|no mailbox"
    r"|mailbox unavailable"
    r"|disabled|deactivated|inactive|not a valid|unknown or illegal|no longer|host (?:unknown|not"
    r"|or domain name)|domain (?:not|name)|nicht gefunden|unbekannt|inconnu|no existe|inesistente"
    r"|not recognized|bad destination|account.{0,30}(?:closed|suspended)|nonexistent|no mx\b"
    r"|n'existe pas|introuvable|no se (?:ha )?encontr|non (?:esiste|trovato)|n[aã]o (?:existe"
    r"|(?:foi )?encontrad)|niet gevonden|bestaat niet|hitt?ade?s inte|finns inte|findes ikke"
    r"|finnes ikke|ei löydy|nie (?:istnieje|znaleziono)|brak takiego|neexistuje|nem létezik"
    r"|bulunamad|не существует|не найден|нет такого|не знайдено|見つかりません|存在しません"
    r"|不存在|找不到|찾을 수 없|존재하지",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"quota|mailbox (?:is )?full|over ?limit|insufficient|too (?:large|big|many)|size limit"
    r"|exceed|greylist|graylist|try again|temporar|timed? ?out|deferred|rate|spam|blocked|blacklist"
    r"|(?:message|time) expired|server busy"
    r"|block list|blocklist|listed (?:in|at|on)|policy|content|virus|reputation|not (?:be )?relay"
    r"|relay(?:ing)? (?:access )?denied|authenticat|spf|dkim|dmarc|loop|refused|\bvoll|pleine|llena"
    r"|cheia|\bpiena|\bpełna|\bplná|переполнен|переповнен|dolu\b|満杯|容量|已满|已滿|가득",
    re.IGNORECASE,
)
_NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.", "5.4.1", "5.4.6", "5.4.7", "5.5.", "5.6.", "5.7.")
"""Permanent failures of this one mail or of the way there; the address is good."""
_NOBODY_THERE = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")


@dataclass(frozen=True)
class Failure:
    """One recipient who was not reached."""

    address: str
    """In lower case."""
    status: str
    """Such as "5.1.1" (RFC 3463), "" if none was given."""
    hard: bool
    """It will not work tomorrow either: there is nobody."""
    reason: str
    """What the machine said, on one line, at most 500 characters."""


def diagnose(address: str, status: str, words: str) -> Failure:
    """The failure behind a status code and what was said with it."""
    said = one_line(words, 500)
    code = _code(status, said)
    return Failure(address, code, _is_hard(code, said), said)


def _code(status: str, said: str) -> str:
    """The most telling code: that of the far server where the status is general (x.0.0)."""
    given = _STATUS.search(status)
    found = _STATUS.search(said)
    if given is not None and not (given[1].endswith(".0.0") and found):
        return given[1]
    if found is not None:
        return found[1]
    simple = _CODE.search(said)
    return f"{simple[1][0]}.0.0" if simple else ""


def _is_hard(code: str, said: str) -> bool:
    if code.startswith(("4", "2")):
        return False
    if code.startswith(_NOBODY_THERE):
        return not _LATER.search(said) or bool(_NOBODY.search(said))
    if code.startswith(_NOT_THE_ADDRESS):
        return bool(_NOBODY.search(said)) and not _LATER.search(said)
    return bool(_NOBODY.search(said)) or (code.startswith("5") and not _LATER.search(said))
