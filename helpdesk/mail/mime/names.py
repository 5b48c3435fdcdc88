"""What a file in a mail is called: one line, no path, never nothing."""

import mimetypes
import re

from helpdesk.core.text import one_line
from helpdesk.mail.mime.parts import Part

LONGEST_NAME = 150

_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_USUAL = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/calendar": ".ics",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
    "message/feedback-report": ".txt",
    "message/disposition-notification": ".txt",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "image/jpeg": ".jpg",
}


def file_name(part: Part, number: int, given: str = "") -> str:
    """The name that a part gives itself, or `given`, made fit; or one made of its `number`."""
    asked = (
        given
        or part.disposition.parameters.get("filename", "")
        or part.content_type.parameters.get("name", "")
    )
    last = asked.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    plain = one_line(_TURNING.sub("", last)).strip(". ")
    if not plain:
        return f"part-{number}{_ending(part.media_type)}"
    if len(plain) <= LONGEST_NAME:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:LONGEST_NAME]


def _ending(media_type: str) -> str:
    return _USUAL.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"
