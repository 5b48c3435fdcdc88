"""Mails as they come from outside, for the tests of reading them."""

import base64

HEAD = (
    "From: Rosa Lind <rosa@harbor.example>\n"
    "To: help@acorn.example\n"
    "Subject: A question\n"
    "Message-ID: <1@harbor.example>\n"
)


def plain(text: str, headers: str = "", charset: str = "utf-8") -> bytes:
    """A mail of one text."""
    head = f"{HEAD}{headers}Content-Type: text/plain; charset={charset}\n\n"
    return head.encode() + text.encode(charset)


def html(page: str) -> bytes:
    """A mail of one page."""
    return f"{HEAD}Content-Type: text/html; charset=utf-8\n\n{page}".encode()


def multipart(*parts: str, kind: str = "mixed", headers: str = "") -> bytes:
    """A mail of several parts, each with its own headers."""
    body = "".join(f"--cut\n{part}\n" for part in parts)
    head = f'{HEAD}{headers}Content-Type: multipart/{kind}; boundary="cut"\n\n'
    return f"{head}{body}--cut--\n".encode()


def text_part(text: str, kind: str = "plain") -> str:
    """A part to be read."""
    return f"Content-Type: text/{kind}; charset=utf-8\n\n{text}"


def file_part(content: bytes, name: str = "", headers: str = "") -> str:
    """A part that is a file."""
    named = f'; filename="{name}"' if name else ""
    return (
        f"Content-Type: application/octet-stream\nContent-Disposition: attachment{named}\n"
        f"{headers}Content-Transfer-Encoding: base64\n\n{base64.encodebytes(content).decode()}"
    )


def report(status: str, original: str = "", kind: str = "delivery-status", text: str = "") -> bytes:
    """A report to a machine (RFC 6522) from a mail server."""
    parts = [
        text_part(text or "Your mail could not be delivered."),
        f"Content-Type: message/{kind}\n\n{status}",
    ]
    if original:
        parts.append(f"Content-Type: message/rfc822\n\n{original}")
    head = "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.example>\n"
    raw = multipart(*parts, kind=f"report; report-type={kind}")
    return head.encode() + raw.replace(b"From: Rosa Lind <rosa@harbor.example>\n", b"")
