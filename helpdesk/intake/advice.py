"""What the domain that we send from should say about us, so that others take our mail: SPF (RFC
7208), DKIM (RFC 6376), DMARC (RFC 7489)."""

import json
from collections.abc import Callable
from typing import cast

from helpdesk.core.jobs import attempt, job
from helpdesk.core.settings import settings
from helpdesk.mail.signing import signer

SECONDS = 5.0
KEPT = 24 * 3600
"""Seconds that what was found is shown."""
Finding = tuple[str, bool | None, str]
"""What was looked at; whether it is well, None where that cannot be told; and what to do."""
LookUp = Callable[[str, str], list[str] | None]


class Silent(Exception):
    """The name servers do not answer."""


def records(name: str, kind: str) -> list[str]:
    """The records of a name in DNS; none where there is no such name. Raises Silent."""
    import dns.exception  # takes long, and few processes ask
    import dns.resolver

    try:
        found = dns.resolver.resolve(name, kind, lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except dns.exception.DNSException as error:
        raise Silent(str(error)[:200]) from error
    return [
        "".join(part.decode("utf-8", "replace") for part in r.strings)
        if kind == "TXT"
        else r.to_text()
        for r in found
    ]


def findings(domain: str, look_up: Callable[[str, str], list[str]] = records) -> list[Finding]:
    """What is well and what is missing for mail from `domain`."""
    checks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("MX", lambda: _mx(domain, look_up(domain, "MX"))),
        ("SPF", lambda: _spf(domain, look_up(domain, "TXT"))),
        ("DMARC", lambda: _dmarc(domain, look_up(f"_dmarc.{domain}", "TXT"))),
        ("DKIM", lambda: _dkim(domain, look_up)),
    )
    return [_tried(name, check) for name, check in checks]


def _tried(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Silent as error:
        return name, None, f"The name servers do not answer: {error}"


def _mx(domain: str, found: list[str]) -> Finding:
    if found:
        return "MX", True, f"Mail to {domain} goes to {found[0].split()[-1].rstrip('.')}."
    return "MX", False, f"{domain} names no server that takes its mail, so no answer can arrive."


def _spf(domain: str, found: list[str]) -> Finding:
    policies = [text for text in found if text.lower().split(" ")[0] == "v=spf1"]
    if not policies:
        return "SPF", False, f"Add a TXT record to {domain}: v=spf1 mx -all (and name our server)."
    if len(policies) > 1:
        return "SPF", False, "There are several SPF records; join them, or none of them counts."
    words = policies[0].lower().split()
    if "+all" in words or "all" in words:
        return "SPF", False, "It ends with +all, which lets anybody send in your name."
    if "-all" in words or "~all" in words or any(word.startswith("redirect=") for word in words):
        return "SPF", True, policies[0][:200]
    return (
        "SPF",
        None,
        f"It does not say what of all other servers: let it end with -all ({policies[0][:100]}).",
    )


def _dmarc(domain: str, found: list[str]) -> Finding:
    policies = [text for text in found if text.lower().startswith("v=dmarc1")]
    if not policies:
        words = f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
        return "DMARC", False, f"Add a TXT record to _dmarc.{domain}: {words}"
    tags = dict(
        part.strip().lower().split("=", 1) for part in policies[0].split(";") if "=" in part
    )
    if tags.get("p") == "none":
        return "DMARC", None, "It only watches (p=none). Once the reports are clean: p=quarantine."
    return "DMARC", True, policies[0][:200]


def _dkim(domain: str, look_up: Callable[[str, str], list[str]]) -> Finding:
    signs = signer()
    if signs is None:
        words = "Let your mail server sign what it sends, or give us a key (DKIM_KEY_FILE)."
        return "DKIM", None, f"{words} Whether it does cannot be seen from here ({domain})."
    name, wanted = signs.name_for(domain), signs.record
    found = ["".join(text.split()) for text in look_up(name, "TXT")]
    keys = [text.partition("p=")[2].partition(";")[0] for text in found if "p=" in text]
    if wanted.partition("p=")[2] in keys:
        return "DKIM", True, f"We sign, and {name} holds our key."
    if keys:
        words = f"{name} holds another key than the one that we sign with, so that every"
        return "DKIM", False, f"{words} signature fails. Let it say: {wanted}"
    return "DKIM", False, f"We sign, and nobody can check it. Add a TXT record to {name}: {wanted}"


@job(queue="default")
def look_up_advice() -> None:
    """Find out, and keep what was found for a day."""
    told = json.dumps(findings(settings().mail_domain))
    attempt(lambda redis: redis.set(_KEY, told, ex=KEPT))


def asked() -> None:
    """Forget what was found, and look again."""
    attempt(lambda redis: redis.delete(_KEY))
    look_up_advice.enqueue()


def found() -> list[list[object]] | None:
    """What was found last, None where nobody looked."""
    told = cast("bytes | None", attempt(lambda redis: redis.get(_KEY)))
    return list(json.loads(told)) if told else None


_KEY = "helpdesk:mail-advice"
