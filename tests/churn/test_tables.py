"""Tables come from everywhere; each is read as it was meant, or refused in words."""

import json
from pathlib import Path
from random import Random

import pytest
from flask import Flask

from helpdesk.churn.scorecard import table as tables
from helpdesk.churn.scorecard.report import fit_file, score_file
from helpdesk.churn.scorecard.values import number_in, typed
from helpdesk.core.errors import Invalid
from tests.churn.lookalike import csv_of, subscribers


@pytest.mark.parametrize(
    ("stayed", "left"),
    [
        ("No", "Yes"),
        ("0", "1"),
        ("0.0", "1.0"),
        ("False", "True"),
        (" False.", " True."),
        ("Existing Customer", "Attrited Customer"),
        ("active", "churned"),
        ("Stayed", "Churned"),
        ("retained", "Lost"),
        ("no", "something else"),
    ],
)
def test_labels_are_read_as_they_are_written(stayed: str, left: str) -> None:
    assert tables.outcomes([stayed, left, "", stayed]) == [False, True, None, False]


def test_a_label_that_says_nothing_is_asked_for() -> None:
    with pytest.raises(Invalid, match="--left"):
        tables.outcomes(["blue", "green", "blue"])
    assert tables.outcomes(["blue", "green"], "Green") == [False, True]


def test_three_labels_are_not_guessed() -> None:
    with pytest.raises(Invalid, match="--left"):
        tables.outcomes(["Stayed", "Churned", "Joined"])
    assert tables.outcomes(["Stayed", "Churned", "Joined"], "churned") == [False, True, False]


@pytest.mark.parametrize("values", [["Yes", "Yes"], ["", "NA"], ["1"]])
def test_one_label_alone_teaches_nothing(values: list[str]) -> None:
    with pytest.raises(Invalid, match="Everybody has the same label"):
        tables.outcomes(values)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"just a line", "at least two columns"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2,3\n1,2,3\n1\n", "no rows"),
        (b"a,b\n1,2\n1,2,3\n1,2,3\n1\n", "another number of values"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(raw: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        tables.read(raw)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_common_separator_will_do(separator: str) -> None:
    raw = f"name{separator}city\nJörg{separator}Köln\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert tables.read(raw.encode(encoding)).rows == (("Jörg", "Köln"),)


def test_a_quoted_separator_divides_nothing() -> None:
    table = tables.read(b'a,b\n"1,5",2\n"x\ny",3\n')
    assert table.column(" A ") == ["1,5", "x\ny"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", 1234.5),
        ("1,234.50", 1234.5),
        ("12,5", 12.5),
        ("1.234,5", 1234.5),
        ("$ 9", 9),
        ("45 %", 45),
        ("-.5", -0.5),
        ("1e3", 1000),
        ("x1", None),
        ("inf", None),
        ("1_000", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: float | None) -> None:
    assert number_in(text) == value


def bank(n: int) -> bytes:
    """A bank's table, with a running number, an id, surnames, and what followed the leaving."""
    random = Random(1)
    lines = ["RowNumber,CustomerId,Surname,Geography,Age,Balance,Reason,Bank,Exited"]
    names = [f"Name{number}" for number in range(n // 3)]
    for number in range(1, n + 1):
        age = random.randrange(18, 80)
        left = random.random() < (0.5 if age > 50 else 0.1)
        lines.append(
            f"{number},{15_600_000 + random.randrange(10**5) * 7 + number},{random.choice(names)},"
            f"{random.choice(('France', 'Spain'))},{age},{random.uniform(0, 9e4):.2f},"
            f"{'Price' if left else ''},Acorn,{int(left)}"
        )
    return "\n".join(lines).encode()


def test_columns_that_name_customers_or_tell_the_answer_are_left_out_and_named() -> None:
    fitted = fit_file(bank(900), "Exited", folds=2)
    reasons = {each.column: each.reason for each in fitted.left_out}
    assert set(reasons) == {"RowNumber", "CustomerId", "Surname", "Reason", "Bank"}
    assert "identifier" in reasons["Surname"]
    assert "answer" in reasons["Reason"]
    assert set(fitted.card.bins) == {"Geography", "Age", "Balance"}


def test_a_telephone_number_is_left_out_and_the_area_code_is_not() -> None:
    random = Random(2)
    lines = ["state,area code,phone number,day minutes,churn"]
    for number in range(600):
        minutes = random.uniform(0, 350)
        left = random.random() < (0.6 if minutes > 250 else 0.08)
        phone = f"{random.randrange(300, 500)}-{number:04}"
        area = random.choice((408, 415, 510))
        lines.append(f"S{random.randrange(50)},{area},{phone},{minutes:.1f}, {left}.")
    fitted = fit_file("\n".join(lines).encode(), "churn", folds=2)
    assert [each.column for each in fitted.left_out] == ["phone number"]
    assert fitted.proof.auc is not None
    assert fitted.proof.auc > 0.7


@pytest.mark.parametrize("heading", ["Customer", "ACCOUNT", "Ref", "cust_id"])
def test_numbers_in_no_order_are_left_out_where_the_column_is_called_like_somebody(
    heading: str,
) -> None:
    random = Random(5)
    numbers = random.sample(range(1000, 99_999), 60)
    lines = [f"{heading},usage,gone", *(f"{n},{n % 7},{int(n % 5 == 0)}" for n in numbers)]
    table = tables.read("\n".join(lines).encode())
    left = [value == "1" for value in table.column("gone")]
    columns, omitted = tables.columns_of(table, "gone", left)
    assert heading in [each.column for each in omitted]
    spent = [f"{n % 9},{n},{int(n % 5 == 0)}" for n in numbers]
    facts = tables.read("\n".join(["segment,account balance,gone", *spent]).encode())
    columns, omitted = tables.columns_of(facts, "gone", left)
    assert set(columns.values) == {"segment", "account balance"}


def test_where_nothing_is_left_to_learn_from_each_column_is_named_with_its_reason() -> None:
    lines = ["id,plan,told,gone", *(f"x{n},basic,{n % 2},{n % 2}" for n in range(60))]
    with pytest.raises(Invalid) as refused:
        fit_file("\n".join(lines).encode(), "gone")
    assert "id (identifier" in refused.value.message
    assert "plan (the same for everybody)" in refused.value.message
    assert "told (gives the answer away" in refused.value.message


def test_days_are_read_as_days() -> None:
    values, is_number = typed(["2026-01-01", "2026-01-03", ""])
    assert is_number
    assert values[2] is None
    assert float(values[1] or 0) - float(values[0] or 0) == 2


def test_a_word_again_and_again_among_many_numbers_means_that_none_is_known() -> None:
    numbers = [str(n) for n in range(90)]
    values, is_number = typed([*numbers, *["unlimited", "inf"] * 5])
    assert is_number
    assert values[-2:] == [None, None]
    assert not typed([*["1", "2", "3"] * 30, *["4+"] * 10])[1]
    assert not typed([*numbers, *(f"word {n}" for n in range(10))])[1]


def test_faulty_lines_and_rows_without_label_are_counted() -> None:
    rows, _ = subscribers(300, seed=1)
    rows[0]["Churn"] = ""
    raw = csv_of(rows) + b"\nonly,three,values\n"
    fitted = fit_file(raw, "Churn", folds=2)
    assert (fitted.rows, fitted.unlabelled, fitted.faulty) == (299, 1, (302,))


def test_a_table_without_the_columns_of_the_card_is_refused() -> None:
    rows, _ = subscribers(300, seed=1)
    card = fit_file(csv_of(rows), "Churn", folds=2).card
    with pytest.raises(Invalid, match=r"lacks columns.*tenure"):
        list(score_file(card, b"a,b\n1,2\n"))


@pytest.mark.databases("sqlite")
def test_the_commands_learn_and_apply(app: Flask, tmp_path: Path) -> None:
    rows, _ = subscribers(400, seed=3)
    path, run = tmp_path / "table.csv", app.test_cli_runner().invoke
    path.write_bytes(csv_of(rows))
    fit = run(args=["churn", "fit", "--csv", str(path), "--label", "churn", "--json"])
    told = json.loads(fit.output)
    assert {"auc", "lift_at_10", "brier", "points"} <= set(told)
    assert told["left_out"][0]["column"] == "customerID"
    assert {"column", "bin", "points"} <= set(told["points"][0])
    scored = json.loads(run(args=["churn", "score", "--csv", str(path), "--json"]).output)
    assert len(scored) == 400
    assert scored[0]["name"] == rows[0]["customerID"]


@pytest.mark.databases("sqlite")
def test_the_commands_say_what_is_wrong(app: Flask, tmp_path: Path) -> None:
    path, run = tmp_path / "table.csv", app.test_cli_runner().invoke
    path.write_bytes(csv_of(subscribers(60, seed=3)[0]))
    answer = run(args=["churn", "fit", "--csv", str(path), "--label", "Exited"])
    assert answer.exit_code == 1
    assert "There is no column “Exited”. The columns are: customerID" in answer.output
    assert "no scorecard at" in run(args=["churn", "score", "--csv", str(path)]).output
