"""`make eval-mail MAIL_CASES=<folder>`: how well mails are read, on mails that others collected.

The folder holds `cases.jsonl`, one case a line: `path`, `kind` ("raw", a whole mail, or "text", a
body), `klass` ("bounce", "notbounce", "reply", "any"), `grade`, `corpus` and `expect.reply_text`.

Own words are compared line by line after white space at both ends of a line and empty lines are
taken off and runs of white space are made one space. A library is as good as the share of cases
in which nothing differs (exact), and the mean similarity of the lines (difflib's ratio).
"""

import argparse
import email
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from email.message import Message
from pathlib import Path
from typing import Any

from helpdesk.mail.classes import Kind, classify
from helpdesk.mail.parsing import Mail, read
from helpdesk.mail.reply import split

WRAPPING = (
    b"From: rosa@harbor.example\r\nTo: help@acorn.example\r\nSubject: A question\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\n"
)
OURS = "ours"


@dataclass
class Score:
    """How well one reader of replies did on one folder."""

    cases: int = 0
    exact: int = 0
    similarity: float = 0.0
    """Summed over the cases."""

    def add(self, got: str, expected: str) -> None:
        """Count one case."""
        one, other = normal(got), normal(expected)
        self.cases += 1
        self.exact += one == other
        self.similarity += SequenceMatcher(None, one, other, autojunk=False).ratio()

    @property
    def mean(self) -> float:
        """Mean similarity, 0 to 1."""
        return self.similarity / self.cases if self.cases else 0.0


@dataclass
class Result:
    """Everything that was found."""

    cases: int = 0
    lost: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Cases that raised an error."""
    missed: list[str] = field(default_factory=list)
    """Bounces of grade `assert` that were taken for something else."""
    mistaken: list[str] = field(default_factory=list)
    """Mails that are no bounces and were taken for one."""
    bounces: int = 0
    others: int = 0
    slowest: tuple[float, str] = (0.0, "")
    """Seconds, and the case."""
    replies: dict[str, dict[str, Score]] = field(default_factory=dict)
    """By folder and reader."""

    @property
    def holds(self) -> bool:
        """Whether all that must hold does."""
        broken = self.lost or self.failed or self.missed or self.mistaken
        return not broken and all(as_good(scores) for scores in self.replies.values())


def main() -> int:
    """Print the figures; 0 if everything holds that must."""
    parser = argparse.ArgumentParser(prog="python -m bench.eval_mail", description=__doc__)
    parser.add_argument("folder", type=Path, help="where cases.jsonl is, or a folder in it")
    parser.add_argument("--json", action="store_true", help="for machines to read")
    options = parser.parse_args()
    if not (_with_cases(options.folder) / "cases.jsonl").is_file():
        parser.error(f"There is no cases.jsonl in {options.folder}, nor above it.")
    result = evaluate(options.folder)
    if options.json:
        print(json.dumps(as_data(result), indent=2))
    else:
        show(result)
    return 0 if result.holds else 1


def evaluate(folder: Path) -> Result:
    """Read every case of a folder."""
    result = Result()
    readers = {OURS: _ours, **dict(libraries())}
    whole = _with_cases(folder)
    for line in (whole / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line) if line.strip() else None
        if case and (whole / case["path"]).resolve().is_relative_to(folder.resolve()):
            _take(result, whole, case, readers)
    return result


def _with_cases(folder: Path) -> Path:
    """The folder, or the one above it that says what its mails are."""
    above = (folder, *folder.resolve().parents)
    return next((at for at in above if (at / "cases.jsonl").is_file()), folder)


def _take(
    result: Result, folder: Path, case: dict[str, Any], readers: dict[str, Callable[[str], str]]
) -> None:
    content = (folder / case["path"]).read_bytes()
    raw = content if case["kind"] == "raw" else WRAPPING + content
    name = str(case.get("id", case["path"]))
    result.cases += 1
    started = time.perf_counter()
    try:
        mail = read(raw)
        kind = classify(mail).kind
        split(mail.text)
    except Exception as error:  # noqa: BLE001 -- what it is stands in the report
        result.failed.append(f"{name}: {type(error).__name__}")
        return
    result.slowest = max(result.slowest, (time.perf_counter() - started, name))
    result.lost += [f"{name}: {what}" for what in lost(raw, mail)]
    _judge(result, case, kind, name)
    expected = (case.get("expect") or {}).get("reply_text")
    if case["klass"] == "reply" and expected is not None:
        scores = result.replies.setdefault(case["corpus"], {})
        for reader, own in readers.items():
            scores.setdefault(reader, Score()).add(own(mail.text), expected)


def _judge(result: Result, case: dict[str, Any], kind: Kind, name: str) -> None:
    if case["klass"] == "bounce" and case.get("grade") == "assert":
        result.bounces += 1
        if kind is not Kind.BOUNCE:
            result.missed.append(name)
    if case["klass"] == "notbounce":
        result.others += 1
        if kind is Kind.BOUNCE:
            result.mistaken.append(name)


def lost(raw: bytes, mail: Mail) -> Iterator[str]:
    """What of a mail is nowhere to be seen, with the standard library as the witness."""
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
    if body and not mail.text.strip() and not mail.html.strip() and not mail.attachments:
        yield "nothing of its body"
    if any("not the one that it declares" in problem for problem in mail.problems):
        return  # the witness sees no parts there
    kept = {file.sha256 for file in mail.attachments}
    for part in email.message_from_bytes(raw).walk():
        data = _file(part)
        if data and hashlib.sha256(data).hexdigest() not in kept:
            yield f"the file {part.get_filename()!r}"


def _file(part: Message) -> bytes | None:
    """The bytes of a part that has a name, unless it is broken beyond the witness."""
    if part.is_multipart() or not part.get_filename() or part.defects:
        return None
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) and data.strip() else None


def _ours(text: str) -> str:
    return split(text).own


def libraries() -> Iterator[tuple[str, Callable[[str], str]]]:
    """The libraries to be compared with, each as a function from text to own words."""
    import quotequail
    from email_reply_parser import EmailReplyParser
    from mailparser_reply import EmailReplyParser as MailParserReply
    from mailparser_reply.constants import MAIL_LANGUAGES

    languages = [name for name in MAIL_LANGUAGES if len(name) == 2]
    every = MailParserReply(languages=languages)
    yield "mail-parser-reply", lambda text: every.parse_reply(text=text) or ""
    yield "email-reply-parser", lambda text: EmailReplyParser.parse_reply(text) or ""
    yield (
        "quotequail",
        lambda text: "\n".join(own for shown, own in quotequail.quote(text) if shown),
    )


def normal(text: str) -> list[str]:
    """Lines without what nobody sees."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line]


def as_good(scores: dict[str, Score]) -> bool:
    """Whether ours is at least as good as each of the others, in both measures."""
    ours = scores[OURS]
    return all(
        ours.exact >= score.exact and ours.mean >= score.mean - 1e-9 for score in scores.values()
    )


def as_data(result: Result) -> dict[str, Any]:
    """The result for machines."""
    return {
        "cases": result.cases,
        "lost": result.lost,
        "exceptions": result.failed,
        "bounces": result.bounces,
        "bounces_missed": result.missed,
        "notbounces": result.others,
        "notbounces_mistaken": result.mistaken,
        "slowest_seconds": round(result.slowest[0], 3),
        "replies": {
            corpus: {
                reader: {"cases": s.cases, "exact": s.exact, "similarity": round(s.mean, 4)}
                for reader, s in scores.items()
            }
            for corpus, scores in result.replies.items()
        },
        "holds": result.holds,
    }


def show(result: Result) -> None:
    """The result for people."""
    print(f"{result.cases} mails: {len(result.lost)} lost, {len(result.failed)} exceptions")
    print(
        f"{result.bounces} bounces, {len(result.missed)} missed; "
        f"{result.others} that are none, {len(result.mistaken)} mistaken for one"
    )
    print(f"slowest: {result.slowest[0] * 1000:.0f} ms, {result.slowest[1]}\n")
    for corpus, scores in result.replies.items():
        print(f"{corpus:<24}{'exact':>10}{'similarity':>12}")
        for reader, score in scores.items():
            exact = f"{score.exact}/{score.cases}"
            print(f"  {reader:<22}{exact:>10}{score.mean:>12.4f}")
        print(f"  at least as good: {'yes' if as_good(scores) else 'NO'}")
    for title, names in (
        ("lost", result.lost),
        ("exception", result.failed),
        ("missed bounce", result.missed),
        ("mistaken for a bounce", result.mistaken),
    ):
        for name in names:
            print(f"{title}: {name}")


if __name__ == "__main__":
    raise SystemExit(main())
