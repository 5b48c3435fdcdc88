"""The queue: what each view holds, filters, pages, and what it costs."""

import html
import re
from datetime import timedelta

import pytest

from helpdesk.accounts.models import Role
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.desk.sorting import SORTS
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Priority, Status, Ticket
from tests.cast import Cast, account, customer
from tests.desk.conftest import many, statements
from tests.visitor import Visitor


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="row-what" href="/desk/tickets/(\d+)#latest"', page)]


def shown(visitor: Visitor, view: str, **filters: object) -> list[int]:
    answer = visitor.get(f"/desk/queue/{view}", query_string=filters)
    assert answer.status_code == 200, answer.text
    return numbers(answer.text)


def test_the_desk_begins_with_mine(mika: Visitor) -> None:
    assert mika.get("/desk").location == "/desk/queue/mine"


def test_mine_holds_mine(mika: Visitor, ben: Visitor, people: Cast) -> None:
    assert shown(mika, "mine") == [people.ids["ticket"]]
    assert shown(ben, "mine") == []


def test_a_new_ticket_is_unassigned(mika: Visitor, people: Cast) -> None:
    with transaction():
        number = conversation.file(people.sam, "Help", "Please").id
    assert shown(mika, "unassigned") == [number]
    assert shown(mika, "open") == [number, people.ids["ticket"]]


@pytest.mark.parametrize(("status", "view"), [("pending", "waiting"), ("resolved", "resolved")])
def test_a_status_has_its_view(mika: Visitor, people: Cast, status: str, view: str) -> None:
    with transaction():
        if status == "resolved":
            actions.resolve(people.ticket, by=people.mika)
        else:
            actions.set_status(people.ticket, Status(status), by=people.mika)
    assert shown(mika, view) == [people.ids["ticket"]]


def test_a_line_says_what_matters(mika: Visitor, people: Cast) -> None:
    with transaction():
        ticket = people.ticket
        ticket.sentiment_label, ticket.last_score = "negative", 2
        actions.set_tags(ticket, ["refund"], by=people.mika)
        people.rosa.flagged_at = ticket.created_at
    page = mika.get("/desk/queue/mine").text
    for words in ("Rosa Lindt", "May leave", "Charged twice", "Our card was", "refund"):
        assert words in page
    for words in ("unhappy", "2/5", "waits", "The customer waits", 'title="Mika Kallio">MK'):
        assert words in page


def test_an_empty_view_says_what_belongs_there(ben: Visitor) -> None:
    assert "Nothing waits for you" in ben.get("/desk/queue/mine").text


@pytest.mark.usefixtures("app")
def test_an_administrator_is_told_first_steps_until_somebody_writes(client: Visitor) -> None:
    with transaction():
        ada = account("Ada Ortiz", Role.ADMIN)
        session.add(ada)
    page = client.sign_in(ada).get("/desk/queue/mine").text
    for path in ("/staff", "/admin/mail", "/", "/admin/hours"):
        assert f'<a href="{path}">' in page.partition("Before the first ticket")[2]
    with transaction():
        sam = customer("Sam Stone", "sam@stone.example", with_account=False)
        session.add(sam)
        session.flush()
        conversation.file(sam, "Hello", "Anybody there?")
    assert "Nothing waits for you" in client.get("/desk/queue/mine").text


def test_an_unknown_view_does_not_exist(mika: Visitor) -> None:
    assert mika.get("/desk/queue/nonsense").status_code == 404


def test_filters_narrow_and_show_as_chips(mika: Visitor, people: Cast) -> None:
    with transaction():
        actions.set_tags(people.ticket, ["refund"], by=people.mika)
        actions.set_priority(people.ticket, Priority.HIGH, by=people.mika)
        conversation.file(people.sam, "Other", "Please")
    wanted = [people.ids["ticket"]]
    for text in ("tag:refund", "priority:high", "team:Billing", "assignee:me", "card", "-other"):
        assert shown(mika, "open", q=text) == wanted, text
    assert shown(mika, "open", q="assignee:none team:none") != wanted
    assert shown(mika, "all", q="assignee:me is:open") == wanted


def test_each_condition_is_a_chip_that_drops_it(mika: Visitor, people: Cast) -> None:
    page = mika.get("/desk/queue/mine?q=team:Billing+tag:refund").text
    chips = dict(re.findall(r'href="([^"]+)" aria-label="Drop the filter ([^"]+)"', page))
    assert {words: html.unescape(url) for url, words in chips.items()} == {
        "is:open": "/desk/queue/all?q=assignee%3Ame+-is%3Asnoozed+team%3ABilling+tag%3Arefund",
        "assignee:me": "/desk/queue/all?q=is%3Aopen+-is%3Asnoozed+team%3ABilling+tag%3Arefund",
        "-is:snoozed": "/desk/queue/all?q=is%3Aopen+assignee%3Ame+team%3ABilling+tag%3Arefund",
        "team:Billing": "/desk/queue/mine?q=tag%3Arefund",
        "tag:refund": "/desk/queue/mine?q=team%3ABilling",
    }


def test_the_form_adds_to_the_filter(mika: Visitor, people: Cast) -> None:
    query = {"q": "is:open", "team": "Billing", "tag": "late fee", "more": "card", "sort": "number"}
    answer = mika.get("/desk/queue/open", query_string=query)
    assert answer.status_code == 303
    added = "is%3Aopen+card+team%3ABilling+tag%3Alate-fee"
    assert answer.location == f"/desk/queue/open?q={added}&sort=number"


def test_two_of_the_same_name_are_told_apart(mika: Visitor, people: Cast) -> None:
    with transaction():
        people.ben.name = people.mika.name
    page = mika.get("/desk/queue/open").text
    assert f'<option value="#{people.ids["mika"]}">Mika Kallio</option>' in page
    assert shown(mika, "open", q=f"assignee:#{people.ids['mika']}") == [people.ids["ticket"]]
    assert shown(mika, "open", q=f"assignee:#{people.ids['ben']}") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"q": "team:x"}, "There is no team “x”."),
        ({"priority": "soon"}, "It is low, normal, high or urgent."),
        ({"q": "statsu:open"}, "Did you mean “status”?"),
        ({"q": '"never'}, "This quote does not end"),
        ({"q": "x" * 9000}, "9,000 characters"),
        ({"sort": "nonsense"}, "Tickets cannot be sorted by “nonsense”."),
        ({"sort": "number; DROP TABLE ticket"}, "cannot be sorted"),
    ],
)
def test_a_filter_that_cannot_be_is_refused_in_words(
    mika: Visitor, query: dict[str, str], words: str
) -> None:
    answer = mika.get("/desk/queue/open", query_string=query)
    assert answer.status_code == 422
    assert words in answer.text


def test_every_order_is_paged_without_gap_or_double(mika: Visitor, people: Cast) -> None:
    many(people, 55)
    with transaction():
        for n, ticket in enumerate(session.query(Ticket)):
            ticket.priority = list(Priority)[n % 4]
            ticket.waiting_since = now() if n % 3 else None
            ticket.due_at = now() + timedelta(minutes=n % 5) if n % 2 else None
            ticket.resolved_at = now() - timedelta(days=n % 4) if n % 4 else None
            ticket.sentiment = (n % 7) / 7 - 0.5 if n % 5 else None
            ticket.last_score = n % 5 or None
            ticket.assignee_id = people.ids["ben"] if n % 2 else None
            ticket.customer_id = people.ids["sam" if n % 3 else "rosa"]
            ticket.subject = f"{'aÄz'[n % 3]} question"
    for name in (*SORTS, *(f"-{name}" for name in SORTS)):
        pages = walk(mika, f"/desk/queue/open?sort={name}", "next")
        assert [len(page) for page in pages] == [25, 25, 6], name
        assert len({number for page in pages for number in page}) == 56, name
        first = mika.get(f"/desk/queue/open?sort={name}").text
        found = re.search(r'<a href="([^"]+)" rel="next"', first)
        assert found is not None
        assert walk(mika, html.unescape(found[1]), "prev")[::-1] == pages[:2], name


def test_an_order_sorts(mika: Visitor, people: Cast) -> None:
    with transaction():
        numbers_ = {}
        for priority in ("high", "low", "urgent"):
            ticket = conversation.file(people.sam, priority, "Please")
            actions.set_priority(ticket, Priority(priority), by=None)
            numbers_[priority] = ticket.id
    first = people.ids["ticket"]
    assert shown(mika, "open", sort="-priority") == [
        numbers_["urgent"], numbers_["high"], first, numbers_["low"]
    ]  # fmt: skip
    assert shown(mika, "open", sort="number")[0] == first


@pytest.mark.parametrize("sort", ["-updated", "number", "customer"])
@pytest.mark.parametrize("cursor", ["nonsense", "WyJvIiwgMV0", "WyJvIiwgIngiLCAieSJd", "W10"])
def test_a_cursor_that_was_not_made_here_is_refused(mika: Visitor, sort: str, cursor: str) -> None:
    query = {"sort": sort, "at": cursor}
    assert mika.get("/desk/queue/open", query_string=query).status_code == 422


def test_a_damaged_cursor_is_refused(mika: Visitor) -> None:
    assert mika.get("/desk/queue/open?at=nonsense").status_code == 422


def walk(visitor: Visitor, address: str, word: str) -> list[list[int]]:
    pages = []
    while address:
        text = visitor.get(address).text
        pages.append(numbers(text))
        found = re.search(rf'<a href="([^"]+)" rel="{word}"', text)
        address = found[1].replace("&amp;", "&") if found else ""
    return pages


@pytest.mark.parametrize("count", [0, 24, 25, 26, 80])
def test_paging_shows_each_ticket_once(mika: Visitor, people: Cast, count: int) -> None:
    many(people, count)
    pages = walk(mika, "/desk/queue/open", "next")
    all_numbers = [number for page in pages for number in page]
    assert len(all_numbers) == len(set(all_numbers)) == count + 1


def test_paging_back_shows_the_same_pages(mika: Visitor, people: Cast) -> None:
    many(people, 80)
    there = walk(mika, "/desk/queue/unassigned", "next")
    text = mika.get("/desk/queue/unassigned").text
    while found := re.search(r'<a href="([^"]+)" rel="next"', text):
        last = found[1].replace("&amp;", "&")
        text = mika.get(last).text
    assert walk(mika, last, "prev") == there[::-1]


def test_what_moves_up_while_one_pages_is_neither_missed_nor_doubled(
    mika: Visitor, people: Cast
) -> None:
    many(people, 60)
    first = mika.get("/desk/queue/unassigned").text
    with transaction():
        oldest = session.query(Ticket).order_by(Ticket.active_at, Ticket.id).first()
        assert oldest is not None
        gone = oldest.id
        actions.touch(oldest)
    found = re.search(r'<a href="([^"]+)" rel="next"', first)
    assert found is not None
    rest = walk(mika, found[1].replace("&amp;", "&"), "next")
    seen = numbers(first) + [n for page in rest for n in page]
    assert len(seen) == len(set(seen)) == 59
    assert gone not in seen, "it is on the first page now"


def test_counts_are_capped(mika: Visitor, people: Cast) -> None:
    many(people, 1005)
    page = mika.get("/desk/queue/unassigned").text
    assert "999+ tickets" in page


def test_the_rail_counts_every_view(mika: Visitor, people: Cast) -> None:
    many(people, 3)
    rail = mika.get("/desk/queue/mine").text
    counts = dict(
        re.findall(r'<span>([\w ]+)</span><span class="rail-count[^"]*">([^<]+)</span>', rail)
    )
    assert counts["Mine"] == "1"
    assert counts["Unassigned"] == "3"
    assert counts["All open"] == "4"
    assert counts["Waiting"] == counts["Resolved"] == "0"


def test_a_page_asks_few_questions_however_many_lines(mika: Visitor, people: Cast) -> None:
    with statements() as few:
        mika.get("/desk/queue/open")
    many(people, 60)
    with statements() as more:
        mika.get("/desk/queue/open")
    assert len(more) == len(few) <= 6


def test_several_are_taken_at_once(ben: Visitor, people: Cast) -> None:
    many(people, 2)
    chosen = shown(ben, "unassigned")
    answer = ben.post("/desk/assignments", data={"ticket": chosen, "back": "/desk/queue/open?a=b"})
    assert (answer.status_code, answer.location) == (303, "/desk/queue/open?a=b")
    assert shown(ben, "mine") == chosen


def test_several_are_resolved_at_once(ben: Visitor, people: Cast) -> None:
    many(people, 2)
    chosen = shown(ben, "unassigned")
    for _ in range(2):
        assert ben.post("/desk/resolutions", data={"ticket": chosen}).status_code == 303
    assert shown(ben, "resolved")[-2:] == chosen


def test_nothing_chosen_is_refused(ben: Visitor) -> None:
    assert ben.post("/desk/assignments").status_code == 422


def test_one_comes_back_to_our_own_lists_only(ben: Visitor, people: Cast) -> None:
    data = {"ticket": people.ids["ticket"], "back": "https://elsewhere.example/"}
    assert ben.post("/desk/assignments", data=data).location == "/desk"
