"""A small IMAP server (RFC 3501, with IDLE, MOVE and XOAUTH2) on loopback: one account whose
folders tests fill, and which remembers what was marked, moved and asked."""

import base64
import re
import socketserver
import threading
import time
from dataclasses import dataclass, field
from typing import Self

from tests.servers.serving import running


@dataclass
class Letter:
    """A mail in a folder."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Folder:
    """Mails by their number, under a UIDVALIDITY."""

    validity: int = 1
    next_uid: int = 1
    letters: list[Letter] = field(default_factory=list)


class ImapServer:
    """`add` puts a mail into a folder; `renumber` does what a server does after a restore."""

    def __init__(self, capabilities: str = "IMAP4rev1 IDLE MOVE AUTH=XOAUTH2") -> None:
        self.capabilities = capabilities
        self.folders = {"INBOX": Folder(), "Done": Folder()}
        self.user, self.password, self.token = "support", "a password", "a token"
        self.lock = threading.Lock()
        server = socketserver.ThreadingTCPServer
        self.server = server(("127.0.0.1", 0), _Conversation, bind_and_activate=True)
        self.server.daemon_threads = True
        self.server.imap = self  # type: ignore[attr-defined]  # what its handlers ask for
        self.port = int(self.server.server_address[1])

    def __enter__(self) -> Self:
        self.answers = running(self.server)
        self.answers.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.answers.__exit__(None, None, None)

    def add(self, raw: bytes, folder: str = "INBOX", *flags: str) -> int:
        """Put a mail into a folder; its number."""
        with self.lock:
            return _put(self.folders[folder], Letter(0, raw, set(flags)))

    def renumber(self, folder: str = "INBOX") -> None:
        """Number the mails of a folder anew, from a number far above."""
        with self.lock:
            found = self.folders[folder]
            found.validity += 1
            for number, letter in enumerate(found.letters):
                letter.uid = found.next_uid + 100 + number
            found.next_uid += 200

    def flags(self, folder: str = "INBOX") -> list[set[str]]:
        """The marks of each mail in a folder."""
        with self.lock:
            return [set(letter.flags) for letter in self.folders[folder].letters]


def _put(folder: Folder, letter: Letter) -> int:
    letter.uid = folder.next_uid
    folder.next_uid += 1
    folder.letters.append(letter)
    return letter.uid


class _Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    disable_nagle_algorithm = True  # or a line waits until the one before is acknowledged
    folder: Folder

    def setup(self) -> None:
        super().setup()
        self.imap: ImapServer = self.server.imap  # type: ignore[attr-defined]  # set above

    def say(self, line: str | bytes) -> None:
        self.wfile.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")

    def handle(self) -> None:
        self.say(f"* OK [CAPABILITY {self.imap.capabilities}] ready")
        while line := self._line():
            tag, _, rest = line.strip().partition(" ")
            verb, _, words = rest.partition(" ")
            if verb.upper() == "UID":
                verb, _, words = words.partition(" ")
            method = getattr(self, f"on_{verb.lower()}", None)
            if method is None:
                self.say(f"{tag} BAD {verb}")
                continue
            with self.imap.lock:
                answer = method(words)
            if verb.upper() == "IDLE":
                self.idle()
            self.say(f"{tag} {answer} done")
            if verb.upper() == "LOGOUT":
                return

    def _line(self) -> str:
        """The next line, "" where the client is gone."""
        try:
            return self.rfile.readline().decode(errors="replace")
        except ConnectionError:
            return ""

    def on_capability(self, _words: str) -> str:
        self.say(f"* CAPABILITY {self.imap.capabilities}")
        return "OK"

    def on_login(self, words: str) -> str:
        user, _, password = words.partition(" ")
        right = (user.strip('"'), password.strip('"')) == (self.imap.user, self.imap.password)
        return "OK" if right else "NO [AUTHENTICATIONFAILED] wrong user or password"

    def on_authenticate(self, _words: str) -> str:
        self.say("+ ")
        said = base64.b64decode(self.rfile.readline())
        wanted = f"user={self.imap.user}\1auth=Bearer {self.imap.token}\1\1"
        return "OK" if said.decode() == wanted else "NO the token is not good"

    def on_select(self, words: str) -> str:
        name = words.strip().strip('"')
        if name not in self.imap.folders:
            return "NO [NONEXISTENT] there is no such folder"
        self.folder = self.imap.folders[name]
        self.say(f"* {len(self.folder.letters)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.folder.validity}] numbers")
        return "OK [READ-WRITE] selected"

    def on_search(self, words: str) -> str:
        last = max((letter.uid for letter in self.folder.letters), default=0)
        found = [str(one.uid) for one in self.folder.letters if _fits(one, words, last)]
        self.say(f"* SEARCH {' '.join(found)}")
        return "OK"

    def on_fetch(self, words: str) -> str:
        number, _, what = words.partition(" ")
        for place, letter in enumerate(self.folder.letters, 1):
            if letter.uid == int(number):
                if "BODY" in what:
                    head = f"* {place} FETCH (UID {number} BODY[] {{{len(letter.raw)}}}"
                    self.say(head.encode() + b"\r\n" + letter.raw + b")")
                else:
                    self.say(f"* {place} FETCH (UID {number} RFC822.SIZE {len(letter.raw)})")
        return "OK"

    def on_store(self, words: str) -> str:
        number, _, flag = words.split(" ", 2)
        for letter in self.folder.letters:
            if letter.uid == int(number):
                letter.flags.add(flag.strip("()"))
        return "OK"

    def on_move(self, words: str) -> str:
        status = self.on_copy(words)
        number = int(words.split(" ", maxsplit=1)[0])
        if status == "OK":
            self.folder.letters = [one for one in self.folder.letters if one.uid != number]
        return status

    def on_copy(self, words: str) -> str:
        number, _, name = words.partition(" ")
        target = self.imap.folders.get(name.strip('"'))
        if target is None:
            return "NO [TRYCREATE] there is no such folder"
        for letter in self.folder.letters:
            if letter.uid == int(number):
                _put(target, Letter(0, letter.raw, {r"\Seen"}))
        return "OK"

    def on_expunge(self, _words: str) -> str:
        gone = [one for one in self.folder.letters if r"\Deleted" in one.flags]
        self.folder.letters = [one for one in self.folder.letters if one not in gone]
        return "OK"

    def on_noop(self, _words: str) -> str:
        return "OK"

    def on_idle(self, _words: str) -> str:
        self.say("+ idling")
        return "OK"

    def idle(self) -> None:
        """Say when a mail comes, until the client has enough."""
        before = len(self.folder.letters)
        self.connection.settimeout(0.05)
        give_up_at = time.monotonic() + 60
        while time.monotonic() < give_up_at:
            if len(self.folder.letters) != before:
                before = len(self.folder.letters)
                self.say(f"* {before} EXISTS")
            try:
                if self.connection.recv(64).strip() == b"DONE":
                    break
            except TimeoutError:
                continue
        self.connection.settimeout(None)

    def on_logout(self, _words: str) -> str:
        self.say("* BYE")
        return "OK"


def _fits(letter: Letter, criteria: str, last: int) -> bool:
    if criteria == "UNSEEN":
        return r"\Seen" not in letter.flags
    if found := re.fullmatch(r"UID (\d+):\*", criteria):
        return letter.uid >= min(int(found[1]), last)
    return True  # ALL, and SINCE a day: every mail of a test is of today
