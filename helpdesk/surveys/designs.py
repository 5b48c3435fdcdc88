"""New questions, and new versions of old ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.core.ids import by_id
from helpdesk.core.journal import record
from helpdesk.core.text import one_line
from helpdesk.surveys.events import SurveyDesigned, SurveyShelved
from helpdesk.surveys.languages import BASE, languages
from helpdesk.surveys.models import Kind, Scale, Survey
from helpdesk.surveys.questions import TITLES

LONGEST_TITLE, LONGEST_TEXT, MOST_REASONS = 60, 300, 10
TEXTS = ("question", "comment_label", "low_label", "high_label")
RANGES: Mapping[str, tuple[int, int]] = {"1-5": (1, 5), "0-10": (0, 10), "1-7": (1, 7)}
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.CSAT: ("1-5",),
    Kind.NPS: ("0-10",),
    Kind.CES: ("1-5", "1-7"),
    Kind.FREE: ("1-5", "0-10", "1-7"),
}
FITTING: Mapping[Scale, tuple[str, ...]] = {
    Scale.NUMBERS: ("1-5", "0-10", "1-7"),
    Scale.STARS: ("1-5",),
    Scale.FACES: ("1-5",),
    Scale.THUMBS: ("1-5",),
    Scale.WORDS: ("1-5",),
}


@dataclass(frozen=True)
class Design:
    """How a question is to be asked: texts by language, the base language at least."""

    title: str
    kind: Kind
    scale: Scale
    span: str
    texts: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, Sequence[str]] = field(default_factory=dict)


def design(wanted: Design, *, by: Account) -> Survey:
    """A new question, or the next version of the one with that title; earlier answers keep the
    version they answered. Unchanged, it stays as it is.

    Raises Invalid for what cannot be asked, Conflict for a title of another kind.
    """
    title = one_line(wanted.title, LONGEST_TITLE)
    _check(wanted, title)
    before = newest(title)
    if before is not None and before.kind is not wanted.kind:
        raise Conflict(f"“{title}” asks something of another kind. Choose another name.")
    survey = _built(wanted, title, before.version + 1 if before else 1)
    if before is not None and _same(before, survey):
        return before
    if before is not None:
        survey.active = before.active
    session.add(survey)
    session.flush()
    replaced = before.id if before else None
    record(SurveyDesigned(survey.id, title, survey.version, replaced), by=by)
    return survey


def _check(wanted: Design, title: str) -> None:
    if not title:
        raise Invalid("A question needs a name.")
    if wanted.span not in NEEDED[wanted.kind] and wanted.scale is not Scale.WORDS:
        raise Invalid(
            f"{wanted.kind.value.upper()} is asked from {' or '.join(NEEDED[wanted.kind])}."
        )
    if wanted.span not in FITTING[wanted.scale]:
        raise Invalid(f"{wanted.scale.value.capitalize()} go from 1 to 5.")
    if wanted.scale is Scale.WORDS and wanted.kind is not Kind.FREE:
        raise Invalid("Only a free question can be answered in words alone.")
    for name in TEXTS:
        if not wanted.texts.get(BASE, {}).get(name, "").strip():
            raise Invalid("Every text is needed in English; other languages fall back to it.")
    for texts in wanted.texts.values():
        if any(len(text) > LONGEST_TEXT for text in texts.values()):
            raise Invalid(f"A text has at most {LONGEST_TEXT} characters.")
    if any(len(reasons) > MOST_REASONS for reasons in wanted.reasons.values()):
        raise Invalid(f"There can be {MOST_REASONS} reasons.")


def _built(wanted: Design, title: str, version: int) -> Survey:
    lowest, highest = RANGES[wanted.span]
    base = {name: one_line(wanted.texts[BASE][name]) for name in TEXTS}
    return Survey(
        title=title,
        kind=wanted.kind,
        version=version,
        scale=wanted.scale,
        lowest=lowest,
        highest=highest,
        reasons=_lines(wanted.reasons.get(BASE, ())),
        texts=_translations(wanted),
        language=BASE,
        active=True,
        created_at=now(),
        **base,
    )


def _lines(reasons: Sequence[str]) -> list[str]:
    return [line for reason in reasons if (line := one_line(reason, LONGEST_TEXT))]


def _translations(wanted: Design) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for code in languages()[1:]:
        texts = wanted.texts.get(code, {})
        said: dict[str, object] = {
            name: text for name in TEXTS if (text := one_line(texts.get(name, "")))
        }
        if reasons := _lines(wanted.reasons.get(code, ())):
            said["reasons"] = reasons
        if said:
            found[code] = said
    return found


def _same(one: Survey, other: Survey) -> bool:
    names = (*TEXTS, "scale", "lowest", "highest", "reasons", "texts")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def newest(title: str) -> Survey | None:
    """The newest version of a question, asked or not."""
    statement = select(Survey).where(Survey.title == title).order_by(Survey.version.desc())
    return session.scalar(statement.limit(1))


def newest_of_all() -> Sequence[Survey]:
    """The newest version of every question."""
    last = select(func.max(Survey.id)).group_by(Survey.title)
    return session.scalars(select(Survey).where(Survey.id.in_(last)).order_by(Survey.title)).all()


def survey_by_id(number: int) -> Survey:
    """One version. Raises NotFound."""
    found = by_id(Survey, number)
    if found is None:
        raise NotFound("There is no such question.")
    return found


def versions_of(title: str) -> Sequence[Survey]:
    """All versions of a question, the newest first."""
    statement = select(Survey).where(Survey.title == title).order_by(Survey.version.desc())
    return session.scalars(statement).all()


def shelve(survey: Survey, active: bool, *, by: Account) -> None:
    """Ask it no more, or again. Twice is harmless. Raises Conflict for the house's own questions,
    which rules can keep from being asked."""
    if survey.title in TITLES.values():
        raise Conflict("This question comes with the house. A rule can keep it from being asked.")
    changed = [version for version in versions_of(survey.title) if version.active is not active]
    for version in changed:
        version.active = active
    if changed:
        record(SurveyShelved(survey.id, survey.title, active), by=by)
