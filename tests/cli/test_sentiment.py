"""Scoring lines, measuring, fitting and reading again from the terminal."""

import json

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from helpdesk.cli import sentiment as command
from helpdesk.cli.labels import corrections, label_of
from helpdesk.core.db import session, transaction
from helpdesk.sentiment.models import LocalLayer, layer_in_use
from helpdesk.surveys.models import Kind
from helpdesk.tickets import conversation
from helpdesk.tickets.jobs import score_messages
from helpdesk.tickets.tone import correct
from tests.cast import cast
from tests.sentiment.test_refitting import house_labels


def run(app: Flask, *words: str, given: str | bytes = "") -> Result:
    return app.test_cli_runner().invoke(command.sentiment_group, words, input=given)


def test_each_line_has_an_answer_in_its_place(app: Flask) -> None:
    lines = [
        "Nobody answers my mails.",
        '{"text": "Thank you,\\nit works!"}',
        "",
        "{not json} is bad",
    ]
    answers = [
        json.loads(line) for line in run(app, "score", given="\n".join(lines)).stdout.splitlines()
    ]
    assert [answer["label"] for answer in answers][:3] == ["negative", "positive", "not_scored"]
    assert len(answers) == 4
    assert answers[2] == {"polarity": 0.0, "label": "not_scored", "reasons": ["too short"]}
    assert answers[0]["reasons"][0].startswith("Nobody answers (-")


def test_broken_bytes_and_lone_surrogates_are_read(app: Flask) -> None:
    given = b'\xff\xfe great\n{"text": "good \\ud83d"}\n{"text": 5}\n'
    answer = run(app, "score", given=given)
    assert answer.exit_code == 0
    assert len(answer.stdout.splitlines()) == 3


def test_agents_corrections_are_labels(app: Flask) -> None:
    people = cast()
    with transaction():
        conversation.write(people.ticket, "Well, great.", people.rosa)
    score_messages()
    with transaction():
        correct(people.ticket.messages[-1], "negative", by=people.mika)
    assert corrections() == [("Well, great.", "negative")]
    told = run(app, "evaluate").stdout
    assert "Agents' corrections: 1" in told
    assert "macro-F1" in told


def test_ratings_stand_for_labels() -> None:
    assert [label_of(Kind.CSAT, score) for score in (1, 2, 3, 4, 5)] == [
        *("negative", "negative", "neutral", "positive", "positive")
    ]
    assert [label_of(Kind.NPS, score) for score in (6, 7, 8, 9)] == [
        *("negative", "neutral", "neutral", "positive")
    ]


def test_a_better_fit_is_kept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "corrections", house_labels)
    assert run(app, "refit", "--dry-run").exit_code == 0
    assert not session.scalars(select(LocalLayer)).all()
    assert run(app, "refit").exit_code == 0
    assert layer_in_use().words["wug"] < 0
    again = run(app, "refit")
    assert again.exit_code == 1
    assert "Not better" in again.output
    assert len(session.scalars(select(LocalLayer)).all()) == 1


def test_too_few_labels_are_said(app: Flask) -> None:
    answer = run(app, "refit")
    assert answer.exit_code == 1
    assert "there are 0 negative" in answer.output


def test_reading_again_tells_how_far_it_is(app: Flask) -> None:
    said = run(app, "rescore").stdout
    assert "0 of 0 messages" in said
    assert "0 of 0 comments" in said
