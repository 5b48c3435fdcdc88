"""Taking turns: every page and its floor are measured again and again in short stretches, so that
a machine that slows down for a while slows all of them."""

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from statistics import median
from time import perf_counter

from bench.client import Client

ROUNDS = 7
WARM_UP = 12
_HIDDEN = re.compile(rb'<input[^>]*type="hidden"[^>]*>')
_NAME, _VALUE = re.compile(rb'name="([^"]+)"'), re.compile(rb'value="([^"]*)"')
_EDGE = "the-edge-between-the-parts"

Visit = Callable[[], float]
"""Opens a page once and gives back how long it took, in ms."""
Cpu = Callable[[], float]
"""Seconds of processor time that a server took so far."""


class Unexpected(Exception):
    """A page answered with something else than it should."""


@dataclass
class Taken:
    """What was measured of one page: the times of each round, in ms, and the processor time that
    the web server took for all of them, in seconds."""

    name: str
    floor: str
    rounds: list[list[float]] = field(default_factory=list)
    cpu_seconds: float = 0.0

    @property
    def n(self) -> int:
        """How often it was opened."""
        return sum(map(len, self.rounds))

    @property
    def cpu(self) -> float:
        """Processor time of the web server for one visit, in ms."""
        return self.cpu_seconds / self.n * 1000

    @property
    def p50(self) -> float:
        """The median of the rounds' medians."""
        return median(median(times) for times in self.rounds)

    @property
    def p95(self) -> float:
        """Of all times together."""
        times = sorted(time for times in self.rounds for time in times)
        return times[min(len(times) - 1, int(len(times) * 0.95))]

    def ratio(self, floor: "Taken") -> float:
        """How many times the floor of the same round, in the middle."""
        pairs = zip(self.rounds, floor.rounds, strict=True)
        return median(median(own) / median(least) for own, least in pairs)


def opening(client: Client, paths: list[str], expect: int = 200) -> Visit:
    """Opens these paths in turn. Raises Unexpected for another status."""
    turns = cycle([(path, client.request("GET", path)) for path in paths])

    def visit() -> float:
        path, request = next(turns)
        answer = client.send(request)
        if answer.status != expect:
            raise Unexpected(f"{path} answered {answer.status}: {answer.body[:300]!r}")
        return answer.took

    return visit


def inserting(client: Client) -> Visit:
    """The bare insert."""

    def visit() -> float:
        return client.post("/insert", b"", "text/plain").took

    return visit


REQUEST = {"subject": "The export stops at page 4", "message": "Since this morning."}


def keeping(port: int, cookies: list[str]) -> Visit:
    """The same form as `filing` sends, to the floor."""
    turns = cycle(cookies)

    def visit() -> float:
        with Client(port, next(turns)) as client:
            return _post(client, "/file", {"csrf_token": "", "form_key": ""} | REQUEST)

    return visit


def filing(port: int, cookies: list[str]) -> Visit:
    """Files a request as another customer from another address each time: nobody may file often.
    Only sending the form is timed, not opening it."""
    turns = cycle(enumerate(cookies))

    def visit() -> float:
        number, cookie = next(turns)
        source = f"127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}"
        with Client(port, cookie, source) as client:
            return _sent(client, "/requests/new", "/requests", REQUEST)

    return visit


def replying(client: Client, tickets: list[int]) -> Visit:
    """Answers these tickets in turn. Only sending the form is timed, not opening the ticket."""
    turns = cycle(tickets)
    written = {"kind": "reply", "body": "It is mended since this morning.", "then": "keep"}

    def visit() -> float:
        place = f"/desk/tickets/{next(turns)}"
        return _sent(client, place, f"{place}/replies", written)

    return visit


def _sent(client: Client, page: str, target: str, written: dict[str, str]) -> float:
    """Open a page, fill in its form for `target` and send that: ms of sending it."""
    shown = _unpacked(client.get(page).body)
    form = shown.partition(b'action="' + target.encode() + b'"')[2].partition(b"</form>")[0]
    return _post(client, target, dict(_hidden(form)) | written)


def _post(client: Client, target: str, fields: dict[str, str]) -> float:
    body = "".join(
        f'--{_EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    kind = f"multipart/form-data; boundary={_EDGE}"
    answer = client.post(target, f"{body}--{_EDGE}--\r\n".encode(), kind)
    if answer.status != 303:
        raise Unexpected(f"{target} answered {answer.status}.")
    return answer.took


def _unpacked(body: bytes) -> bytes:
    return gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body


def _hidden(page: bytes) -> Iterator[tuple[str, str]]:
    for tag in _HIDDEN.findall(page):
        name, value = _NAME.search(tag), _VALUE.search(tag)
        if name and value:
            yield name[1].decode(), value[1].decode()


def take_turns(visits: dict[str, tuple[Visit, str, Cpu]], seconds: float) -> dict[str, Taken]:
    """Measure everything for `seconds` each, in rounds; the values name the floor of a page, and
    tell what its server took."""
    taken = {name: Taken(name, floor) for name, (_, floor, _) in visits.items()}
    for visit, _, _ in visits.values():
        for _ in range(WARM_UP):
            visit()
    for _ in range(ROUNDS):
        for name, (visit, _, cpu) in visits.items():
            before = cpu()
            taken[name].rounds.append(list(_for(seconds / ROUNDS, visit)))
            taken[name].cpu_seconds += cpu() - before
    return taken


def _for(seconds: float, visit: Visit) -> Iterator[float]:
    end = perf_counter() + seconds
    yield visit()
    while perf_counter() < end:
        yield visit()


def rate(port: int, cookie: str, paths: list[str], at_once: int, seconds: float) -> float:
    """Requests a second while so many ask at once, each from a process of its own."""
    context = get_context("fork")
    gate, counts = context.Barrier(at_once), context.Queue()

    def ask() -> None:
        with Client(port, cookie) as client:
            visit = opening(client, paths)
            visit()
            gate.wait()
            started = perf_counter()
            number = sum(1 for _ in _for(seconds, visit))
            counts.put(number / (perf_counter() - started))

    askers = [context.Process(target=ask, daemon=True) for _ in range(at_once)]
    for asker in askers:
        asker.start()
    total = sum(counts.get(timeout=60) for _ in askers)
    for asker in askers:
        asker.join()
    return float(total)
