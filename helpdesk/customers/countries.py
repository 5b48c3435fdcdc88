"""Which country a phone number, a time zone and a language point to; for asking whether they
contradict one another, never for deciding anything.

Calling codes: ITU-T E.164. Time zones and names of countries: the tables of the tz database.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

_CODES = {
    "1": "US CA PR DO JM", "7": "RU KZ", "20": "EG", "27": "ZA", "30": "GR", "31": "NL",
    "32": "BE", "33": "FR", "34": "ES", "36": "HU", "39": "IT VA", "40": "RO", "41": "CH",
    "43": "AT", "44": "GB GG JE IM", "45": "DK", "46": "SE", "47": "NO SJ", "48": "PL",
    "49": "DE", "51": "PE", "52": "MX", "53": "CU", "54": "AR", "55": "BR", "56": "CL",
    "57": "CO", "58": "VE", "60": "MY", "61": "AU CX CC", "62": "ID", "63": "PH", "64": "NZ",
    "65": "SG", "66": "TH", "81": "JP", "82": "KR", "84": "VN", "86": "CN", "90": "TR",
    "91": "IN", "92": "PK", "93": "AF", "94": "LK", "95": "MM", "98": "IR", "212": "MA EH",
    "213": "DZ", "216": "TN", "218": "LY", "220": "GM", "221": "SN", "225": "CI", "233": "GH",
    "234": "NG", "237": "CM", "244": "AO", "250": "RW", "251": "ET", "254": "KE", "255": "TZ",
    "256": "UG", "258": "MZ", "260": "ZM", "263": "ZW", "264": "NA", "350": "GI", "351": "PT",
    "352": "LU", "353": "IE", "354": "IS", "355": "AL", "356": "MT", "357": "CY", "358": "FI AX",
    "359": "BG", "370": "LT", "371": "LV", "372": "EE", "373": "MD", "374": "AM", "375": "BY",
    "376": "AD", "377": "MC", "378": "SM", "380": "UA", "381": "RS", "382": "ME", "385": "HR",
    "386": "SI", "387": "BA", "389": "MK", "420": "CZ", "421": "SK", "423": "LI", "502": "GT",
    "503": "SV", "504": "HN", "505": "NI", "506": "CR", "507": "PA", "591": "BO", "593": "EC",
    "595": "PY", "598": "UY", "852": "HK", "853": "MO", "855": "KH", "880": "BD", "886": "TW",
    "960": "MV", "961": "LB", "962": "JO", "963": "SY", "964": "IQ", "965": "KW", "966": "SA",
    "968": "OM", "971": "AE", "972": "IL", "973": "BH", "974": "QA", "977": "NP", "992": "TJ",
    "994": "AZ", "995": "GE", "996": "KG", "998": "UZ",
}  # fmt: skip
_HOMES = {
    "de": "DE AT CH LI LU BE IT", "fr": "FR BE CH LU MC CA MA DZ TN SN CI CM LB",
    "it": "IT CH SM VA",
    "nl": "NL BE SR", "es": "ES MX AR CL CO PE VE EC UY PY BO CR PA GT SV HN NI CU DO PR US AD",
    "pt": "PT BR AO MZ LU", "da": "DK GL FO DE", "sv": "SE FI AX", "nb": "NO SJ", "no": "NO SJ",
    "nn": "NO SJ", "fi": "FI SE", "is": "IS", "pl": "PL", "cs": "CZ SK", "sk": "SK CZ",
    "hu": "HU RO SK RS", "ro": "RO MD", "bg": "BG", "el": "GR CY", "tr": "TR CY DE",
    "ja": "JP", "ko": "KR", "et": "EE", "lv": "LV", "lt": "LT", "sl": "SI", "hr": "HR BA",
}  # fmt: skip
"""Countries where a language is at home; of those that are missing nothing is said."""


def of_phone(number: str) -> Sequence[str]:
    """Countries of a number that is written with its calling code, or none."""
    plain = number.strip()
    if not plain.startswith(("+", "00")):
        return ()
    digits = "".join(c for c in plain if c.isascii() and c.isdigit()).removeprefix("00")
    found = (_CODES.get(digits[:length]) for length in (3, 2, 1))
    return next((codes.split() for codes in found if codes), ())


def of_zone(zone: str | None) -> Sequence[str]:
    """Countries that keep a time zone, or none."""
    return _zones().get(zone or "", ())


def keep_time_of(zone: str, countries: Iterable[str]) -> bool:
    """Whether clocks there show the same as clocks of that zone, in winter and in summer; also
    where nothing is known about one of them."""
    known = [_clocks(each) for each in countries]
    return not known or not all(known) or any(_offsets(zone) in clocks for clocks in known)


def speak(language: str, countries: Iterable[str]) -> bool:
    """Whether a language is at home in one of them; also where nothing is known about it."""
    homes = _HOMES.get(language)
    return homes is None or bool(set(homes.split()) & set(countries))


@cache
def name_of(country: str) -> str:
    """Its name in English, or the two letters."""
    rows = (line.split("\t") for line in _lines("iso3166.tab"))
    return {row[0]: row[1] for row in rows}.get(country, country)


@cache
def _clocks(country: str) -> frozenset[tuple[timedelta | None, timedelta | None]]:
    return frozenset(_offsets(zone) for zone, at in _zones().items() if country in at)


@cache
def _offsets(zone: str) -> tuple[timedelta | None, timedelta | None]:
    place = ZoneInfo(zone)
    winter, summer = (datetime(2026, month, 15, tzinfo=UTC) for month in (1, 7))
    return winter.astimezone(place).utcoffset(), summer.astimezone(place).utcoffset()


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Each zone with every country that keeps it."""
    found: dict[str, tuple[str, ...]] = {}
    for table in ("zone.tab", "zone1970.tab"):
        for line in _lines(table):
            codes, _, zone, *_ = line.split("\t")
            found[zone] = tuple(dict.fromkeys((*found.get(zone, ()), *codes.split(","))))
    return found


def _lines(table: str) -> list[str]:
    text = (resources.files("tzdata") / "zoneinfo" / table).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
