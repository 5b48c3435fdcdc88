"""What the evaluation of mails counts, on cases of our own."""

import json
from pathlib import Path

import pytest

from bench.eval_mail import OURS, Score, as_data, as_good, evaluate, main, show
from tests.mail.incoming import plain, report

GONE = "Final-Recipient: rfc822; rosa@x.example\nAction: failed\nStatus: 5.1.1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mails = {"gone": report(GONE), "person": plain("Hi"), "words": b"Hi\n\n> Old\n"}
    cases = [
        {"path": "gone", "kind": "raw", "klass": "bounce", "grade": "assert", "corpus": "a"},
        {"path": "person", "kind": "raw", "klass": "notbounce", "grade": "assert", "corpus": "a"},
        {
            "path": "words",
            "kind": "text",
            "klass": "reply",
            "grade": "oracle",
            "corpus": "b",
            "expect": {"reply_text": "Hi"},
        },
    ]
    for name, content in mails.items():
        (tmp_path / name).write_bytes(content)
    lines = "\n".join(json.dumps(case) for case in cases)
    (tmp_path / "cases.jsonl").write_text(lines, encoding="utf-8")
    return tmp_path


def test_it_counts_what_was_read_and_told_apart(folder: Path) -> None:
    data = as_data(evaluate(folder))
    assert (data["cases"], data["lost"], data["exceptions"]) == (3, [], [])
    assert (data["bounces"], data["bounces_missed"], data["notbounces_mistaken"]) == (1, [], [])
    assert data["replies"]["b"][OURS] == {"cases": 1, "exact": 1, "similarity": 1.0}
    assert data["holds"]


def test_a_folder_in_it_is_measured_alone(folder: Path) -> None:
    (folder / "part").mkdir()
    (folder / "gone").rename(folder / "part" / "gone")
    cases = (folder / "cases.jsonl").read_text().replace('"gone"', '"part/gone"')
    (folder / "cases.jsonl").write_text(cases)
    result = evaluate(folder / "part")
    assert (result.cases, result.bounces, result.others) == (1, 1, 0)
    assert evaluate(folder).cases == 3


def test_a_missed_bounce_and_a_mistaken_mail_are_named(folder: Path) -> None:
    (folder / "gone").write_bytes(plain("Hi"))
    (folder / "person").write_bytes(report(GONE))
    result = evaluate(folder)
    assert (result.missed, result.mistaken, result.holds) == (["gone"], ["person"], False)


def test_it_prints_the_figures_and_says_whether_they_hold(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["eval_mail", str(folder)])
    assert main() == 0
    assert "3 mails: 0 lost, 0 exceptions" in capsys.readouterr().out
    (folder / "gone").write_bytes(plain("Hi"))
    show(evaluate(folder))
    assert "missed bounce: gone" in capsys.readouterr().out


def test_ours_must_be_as_good_in_both_measures() -> None:
    ours, other = Score(2, 1, 1.5), Score(2, 1, 1.6)
    assert not as_good({OURS: ours, "other": other})
    assert as_good({OURS: other, "other": ours})
