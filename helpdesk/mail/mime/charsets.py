"""From bytes to text, also where the charset that is declared is unknown, missing or a lie."""

import codecs
import re

_ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "x-utf-8": "utf-8",
    "unicode": "utf-8",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "x-euc-jp": "euc_jp",
    "x-euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "windows-949": "cp949",
    "x-gbk": "gb18030",
    "x-gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "x-x-big5": "big5hkscs",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-macroman": "mac_roman",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-centraleurroman": "mac_latin2",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "koi8-ru": "koi8-u",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-ansi": "cp1252",
    "ansi": "cp1252",
}
# Supersets that the senders in truth use (WHATWG Encoding, 4.2).
_IN_TRUTH = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
}
_MANY_BYTES = (
    "gb18030",
    "big5hkscs",
    "cp932",
    "cp949",
    "euc_jp",
    "utf-16",
    "utf-32",
    "utf-7",
    "hz",
)
_NOT_A_CHARSET = re.compile(r"[^A-Za-z0-9._:-]")


def codec(name: str) -> str | None:
    """The name by which Python knows a declared charset, or None if it knows none such."""
    plain = _NOT_A_CHARSET.sub("", name.strip().strip("\"'").removeprefix("3D"))[:40].lower()
    plain = re.sub(r"^(?:cp|ibm|windows|win)[-_]?(125\d|8[5-7]\d|437|949|932)$", r"cp\1", plain)
    try:
        found = codecs.lookup(_ALIASES.get(plain, plain))
    except (LookupError, ValueError, UnicodeError):
        return None
    if not getattr(found, "_is_text_encoding", True) or found.name in _NO_CHARSETS:
        return None
    return _IN_TRUTH.get(found.name, found.name)


_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "charmap"}


def decode(data: bytes, declared: str = "") -> str:
    """The text of `data`. What cannot be read as the declared charset is read as what it most
    likely is; no byte is left out."""
    name = codec(declared) if declared else None
    for attempt in _attempts(data, name):
        try:
            return data.decode(attempt)
        except (UnicodeError, ValueError):
            continue
    return _mixed(data, name)


def _attempts(data: bytes, name: str | None) -> list[str]:
    """Charsets to try strictly, in their order."""
    marked = _by_mark(data)
    if marked:
        return [marked]
    if b"\x1b$" in data or b"\x1b(" in data:
        return [*([name] if name else []), "iso2022_jp_ext", "iso2022_kr", "utf-8"]
    if name in _MANY_BYTES or (name and name.startswith(("utf-16", "utf-32", "iso2022"))):
        return [name, "utf-8"]
    # Text in a charset of single bytes is all but never valid UTF-8; where it is, it is UTF-8
    # that somebody labelled wrongly.
    if name in {None, "utf-8"}:
        return ["utf-8"]
    return ["utf-8", str(name)]


def _by_mark(data: bytes) -> str:
    """The charset that a byte order mark tells."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return ""


def _mixed(data: bytes, name: str | None) -> str:
    """Text that is no charset as a whole: the one that it is but for a few bytes, and what those
    are in Windows' western charset; else what is most likely."""
    for attempt in ("utf-8", *([name] if name else [])):
        whole = data.decode(attempt, "replace")
        broken = whole.count("\ufffd")
        if broken <= _MOST_BROKEN and broken * 4 <= len(_FOREIGN.findall(whole)) - broken:
            return data.decode(attempt, _BY_BYTE)
    return likely(data)


def likely(data: bytes) -> str:
    """Eight-bit text about which nothing is known, by the frequency of its letters; western where
    they stand among plain ones."""
    head = data[:20_000]
    runs = [match.span() for match in _HIGH.finditer(head)]
    among = sum(
        head[start - 1 : start].isalpha() or head[end : end + 1].isalpha() for start, end in runs
    )
    if among * 2 > len(runs) and sum(end - start for start, end in runs) < 3 * len(runs):
        return _single(data, "cp1252")
    best = max(_CANDIDATES, key=lambda name: _likeness(head, name))
    if _likeness(head, best) > 0.6:
        return _single(data, best) if best in _TABLES else data.decode(best, "replace")
    return _single(data, "cp1252")


def _single(data: bytes, name: str) -> str:
    """Each byte as a character of its own; those that the charset leaves open as in Latin-1."""
    return data.decode("latin-1").translate(_TABLES[name])


def _table(name: str) -> dict[int, str]:
    return {byte: bytes([byte]).decode(name, "ignore") or chr(byte) for byte in range(128, 256)}


_TABLES = {name: _table(name) for name in ("cp1252", "cp1251", "koi8-r")}

_CANDIDATES = ("cp1252", "cp932", "gb18030", "big5hkscs", "euc_jp", "cp949", "koi8-r", "cp1251")
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_MOST_BROKEN = 5_000
_HIGH = re.compile(rb"[\x80-\xff]+")
_COMMON = {
    "koi8-r": re.compile(r"[а-яё]"),
    "cp1251": re.compile(r"[а-яё]"),
    "cp932": re.compile(r"[ぁ-ヿ]"),
    "euc_jp": re.compile(r"[ぁ-ヿ]"),
    "cp949": re.compile(r"[가-힣]"),
    "big5hkscs": re.compile(
        r"[的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能請]"
    ),
    "gb18030": re.compile(
        r"[的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能]"
    ),
    "cp1252": re.compile(r"[äöüßéèêàâçñóíáúåæøÄÖÜÉÅØ’“”–€«»]"),
}


def _likeness(data: bytes, name: str) -> float:
    """How well a text fits a charset: the share of its foreign characters that are common there."""
    # What Windows added to the Korean standard is rare in Korean, and common in Japanese misread.
    text = data.decode("euc_kr" if name == "cp949" else name, "replace")
    foreign = len(_FOREIGN.findall(text))
    if not foreign or text.count("\ufffd") > 1 + foreign // 20:
        return 0.0
    share = len(_COMMON[name].findall(text)) / foreign
    return min(1.0, share * 4) if name in {"gb18030", "big5hkscs"} else share


def _each_byte(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    read = "".join(
        character if (character := bytes([byte]).decode("cp1252", "ignore")) else chr(byte)
        for byte in wrong
    )
    return read, error.end


_BY_BYTE = "helpdesk.mail.each_byte"
codecs.register_error(_BY_BYTE, _each_byte)
