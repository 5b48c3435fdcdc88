"""A job reads the tone of what customers write beside their score."""

from sqlalchemy import update

from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.sentiment.analyzer import analyzer
from helpdesk.sentiment.rereading import reread
from helpdesk.surveys.jobs import rescore_comments, score_comments
from helpdesk.surveys.models import Response
from helpdesk.surveys.rescoring import COMMENTS
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, asked, response

ANGRY = "Nobody answered for a week and it is still broken. Please cancel my account."


def test_a_comment_is_scored_with_the_phrases_that_moved_it(people: Cast, clock: Clock) -> None:
    given = answered(asked(people, clock), 1, ANGRY)
    score_comments()
    read = response(given)
    assert read.sentiment_label == "negative"
    assert read.polarity is not None
    assert read.polarity < 0
    assert read.phrases
    assert read.signals == ["cancellation"]
    entry = session.query(JournalEntry).filter_by(event="CommentScored").one()
    assert entry.data["label"] == "negative"


def test_scoring_twice_is_harmless(people: Cast, clock: Clock) -> None:
    answered(asked(people, clock), 1, ANGRY)
    score_comments()
    score_comments()
    session.rollback()
    assert session.query(JournalEntry).filter_by(event="CommentScored").count() == 1


def test_a_changed_comment_is_read_anew(people: Cast, clock: Clock) -> None:
    invitation_id = asked(people, clock)
    given = answered(invitation_id, 1, ANGRY)
    score_comments()
    answered(invitation_id, 5, "Thank you so much, that was excellent help!")
    assert response(given).scored_at is None
    score_comments()
    assert response(given).sentiment_label == "positive"


def test_a_score_without_a_comment_has_no_tone(people: Cast, clock: Clock) -> None:
    given = answered(asked(people, clock), 1)
    score_comments()
    assert response(given).scored_at is None


def read_by_an_older_analyser() -> None:
    with transaction():
        session.execute(update(Response).values(analyzer="older", polarity=0.9))


def test_a_new_analyser_reads_comments_again_and_tells_nobody(people: Cast, clock: Clock) -> None:
    given = answered(asked(people, clock), 1, ANGRY)
    score_comments()
    at = response(given).scored_at
    read_by_an_older_analyser()
    rescore_comments()
    read = response(given)
    assert read.analyzer == analyzer().version
    assert read.polarity is not None
    assert read.polarity < 0
    assert read.scored_at == at
    assert session.query(JournalEntry).filter_by(event="CommentScored").count() == 1
    session.rollback()
    state = reread(COMMENTS, 0)
    assert (state.done, state.total) == (1, 1)


def test_a_comment_that_was_changed_meanwhile_waits_for_its_first_reading(
    people: Cast, clock: Clock
) -> None:
    invitation_id = asked(people, clock)
    given = answered(invitation_id, 1, ANGRY)
    score_comments()
    late = analyzer().analyze(ANGRY)
    answered(invitation_id, 5, "Thank you so much, that was excellent help!")
    with transaction():
        COMMENTS.write({given: late})
    assert response(given).scored_at is None
