"""Showing a mail in a page of ours, where nothing in it may act."""

import hashlib
import re
from base64 import b64encode
from html import unescape

from markupsafe import Markup, escape

from helpdesk.core.settings import settings
from helpdesk.mail.models import OutboundEmail

NOTHING = "'none'"
_ATTRIBUTE = re.compile(r'<[^<>]* style="([^"]*)"')
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def with_line_breaks(text: str) -> Markup:
    """Text as HTML that keeps its lines even where no style sheet is read."""
    return Markup("<br>\n").join(text.splitlines())


def with_own_links(text: str) -> Markup:
    """Text in which addresses of ours, and no others, can be pressed; each leads to the host that
    the page was opened on."""
    ours = settings().public_url
    path = r"[/?#](?:[^\s<>\"']*[\w/=&-])?"  # a full stop at its end belongs to the sentence
    pattern = re.compile(rf"({re.escape(ours)}(?:{path}|(?![\w.:@-])))")
    parts = pattern.split(text)
    return Markup("").join(
        _link(part, part.removeprefix(ours)) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def _link(words: str, path: str) -> Markup:
    safe = "/" + path.lstrip("/\\") if not path.startswith(("?", "#")) else f"/{path}"
    return Markup('<a href="{}">{}</a>').format(safe, words)


def page_of(email: OutboundEmail) -> tuple[str, str]:
    """The HTML of a mail as a page to be framed, and the policy that it must be served with:
    nothing is loaded, nothing runs, and its styles count because we know their hashes."""
    html = email.html.replace("<head>", '<head><base target="_top">', 1)
    sheets = [_hash(sheet) for sheet in _STYLE.findall(html)]
    if attributes := {unescape(style) for style in _ATTRIBUTE.findall(html)}:
        sheets += ["'unsafe-hashes'", *sorted(map(_hash, attributes))]
    policy = (
        "default-src 'none'",
        f"style-src {' '.join(sheets or [NOTHING])}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-top-navigation-by-user-activation",
    )
    return html, "; ".join(policy)


def _hash(sheet: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(sheet.encode()).digest()).decode()}'"
