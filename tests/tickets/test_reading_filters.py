"""The filter language: what it understands, and what it says of mistakes."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpdesk.tickets.filters import LONGEST, FilterError, parse
from helpdesk.tickets.filters.clauses import Clause, Condition, Either, Words, joined

quick = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("status:open assignee:me", "status:open assignee:me"),
        ("  STATUS:Open   Assigned:ME ", "status:open assignee:me"),
        ("is:new", "status:new"),
        ("is:open,done", "is:open,done"),
        ("status:on-hold,onhold", "status:on_hold"),
        ("status!=open", "-status:open"),
        ("NOT tag:refund", "-tag:refund"),
        ("-(-tag:refund)", "tag:refund"),
        ("priority:>=high", "priority>=high"),
        ("created:<2026-01-01", "created<2026-01-01"),
        ('customer:"Harbor Coffee"', 'customer:"Harbor Coffee"'),
        ("customer:“Harbor  Coffee”", 'customer:"Harbor Coffee"'),
        ('customer:"say \\"hi\\""', 'customer:"say \\"hi\\""'),
        ("team:billing AND refund", "team:billing refund"),
        ("Refund!", "Refund"),
        ("rosa@harbor.example", '"rosa@harbor.example"'),
        ('"exact words"', '"exact words"'),
        ("https://acorn.example/a", '"https://acorn.example/a"'),
        ("Error: disk full", "Error disk full"),
        ("a or b", "a or b"),
        ("a OR b c", "(a OR b c)"),
        ("(a OR b) c", "(a OR b) c"),
        ("-(a b)", "-(a b)"),
        ("tag:“Late Fee”,refund", "tag:late-fee,refund"),
        ("number:#12 created:2026-01..2026-03", "number:12 created:2026-01..2026-03"),
        ("sentiment<-0.50", "sentiment<-0.5"),
        ("don't", '"don\'t"'),
        ("%%% refund", "refund"),
        (":-) thanks", "thanks"),
        ("", ""),
    ],
)
def test_a_filter_has_a_normal_form(text: str, normal: str) -> None:
    assert str(parse(text)) == normal
    assert parse(normal) == parse(text)


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("statsu:open", "Did you mean “status”?", "statsu:open"),
        ("refund priorty>=high", "Did you mean “priority”?", "priorty>=high"),
        ("status:opne", "Did you mean “open”?", "status:opne"),
        ("colour:red", "There is no filter “colour”. There are: status", "colour:red"),
        ("priority:soon", "It is low, normal, high or urgent.", "priority:soon"),
        ("status:", "a value is missing, such as status:open", "status:"),
        ("status>open", "cannot be compared", "status>open"),
        ("priority>low,high", "Only one value", "priority>low,high"),
        ("created:soon", "“soon” is not a day", "created:soon"),
        ("created:2026-02-30", "is not a day", "created:2026-02-30"),
        ("created<2026-01..2026-02", "A range cannot be compared", "created<2026-01..2026-02"),
        ("created:2026-02..2026-01", "ends before it begins", "created:2026-02..2026-01"),
        ("score:6", "1, 2, 3, 4 or 5", "score:6"),
        ("sentiment>2", "between -1 and 1", "sentiment>2"),
        ("number:12a", "not a number", "number:12a"),
        ('a "never ends', "This quote does not end", '"never ends'),
        ("a (b", "This bracket is never closed", "("),
        ("a OR ", "Beside OR something is missing", "OR"),
        ("a NOT", "After NOT something is missing", "NOT"),
        ("%%%", "nothing to look for", "%%%"),
    ],
)
def test_a_wrong_filter_says_what_is_wrong_and_where(text: str, words: str, place: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert words in caught.value.message
    assert text[caught.value.start : caught.value.end] == place


def test_a_mistake_comes_with_what_was_meant() -> None:
    with pytest.raises(FilterError) as caught:
        parse("statsu:open")
    assert caught.value.instead == "status:open"


@pytest.mark.parametrize(
    "text",
    [
        "a" * (LONGEST + 1),
        "tag:a " * 51,
        "(" * 300,
        "-(" * 50 + "a" + ")" * 50,
        "NOT " * 400 + "a",
        '"' * 999,
        "a OR " * 200,
        "status:" * 200,
    ],
)
def test_too_much_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text)


names = st.text(string.ascii_letters + string.digits + " .-@'äß漢", min_size=1, max_size=12)
conditions = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(["customer", "organization"]),
        st.just(":"),
        st.lists(names, min_size=1, max_size=3).map(
            # "None" in any case is not a name.
            lambda values: (
                tuple(
                    dict.fromkeys(" ".join(v.split()) or "x" for v in values if v.lower() != "none")
                )
                or ("x",)
            )
        ),
        st.booleans(),
    ),
    st.builds(
        Condition,
        st.just("priority"),
        st.sampled_from([":", "<", ">="]),
        st.sampled_from([("low",), ("urgent",)]),
        st.booleans(),
    ),
)
words = st.builds(
    Words, st.sampled_from(["refund", "exact words", "OR", 'a"b\\c', "naïve"]), st.just(True)
)
clauses = st.recursive(
    st.one_of(conditions, words),
    lambda inner: st.builds(
        Either,
        st.lists(st.lists(inner, min_size=1, max_size=2).map(tuple), min_size=2, max_size=3).map(
            tuple
        ),
        st.booleans(),
    ),
    max_leaves=6,
)


@quick
@given(st.lists(clauses, max_size=4).map(tuple))
def test_what_is_written_reads_back_the_same(wanted: tuple[Clause, ...]) -> None:
    assert parse(joined(wanted)).clauses == wanted


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60)
    | st.text('status:open"-() OR,<>=tag…“”\\\x00ﬁ', max_size=40)
    | st.lists(
        st.sampled_from(
            ["-", "(", ")", "OR", "tag:a", "NOT", '"b c"', "d", "created>7d", "is:", "!=", ","]
        ),
        max_size=9,
    ).map(" ".join)
)
@example("⒜")
def test_whatever_is_typed_is_understood_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except FilterError as error:
        refusal = error
    else:
        assert parse(str(found)) == found
        return
    assert refusal.message
    assert 0 <= refusal.start <= refusal.end <= len(text)
