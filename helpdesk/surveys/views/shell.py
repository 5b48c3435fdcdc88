"""What surrounds every page of a survey: the reader's language and the company's colours."""

from flask import Response, url_for

from helpdesk.surveys import policies
from helpdesk.surveys.languages import Words
from helpdesk.surveys.links import logo_path
from helpdesk.ui import show


def show_in(words: Words, page: str, *, status: int = 200, **context: object) -> Response:
    """Answer with a page in that language."""
    held = policies.policy()
    return show(
        page,
        None,
        status,
        words=words,
        lang=words.code,
        text_direction=words.direction,
        brand_url=url_for("surveys.brand_colours", of=held.colour) if held.colour else None,
        brand_logo=logo_path(held.logo) if held.logo else None,
        **context,
    )
