"""Links into a survey without signing in.

A link carries the signed number of its invitation, so nothing secret is stored. It says who was
asked; whether an answer still counts stands in the invitation's row.
"""

from functools import lru_cache

from flask import current_app
from sqlalchemy.orm import joinedload

from helpdesk.core.db import session
from helpdesk.core.security import sign, unsign
from helpdesk.core.settings import settings
from helpdesk.surveys.models import Invitation

_PURPOSE = "survey"
_ON_ITS_PAGE = tuple(
    joinedload(each)
    for each in (
        Invitation.survey,
        Invitation.ticket,
        Invitation.customer,
        Invitation.response,
    )
)
_A_TOKEN = "0-0"  # noqa: S105 - stands where a token will


def token_for(invitation: Invitation) -> str:
    """The token that stands in the links of this invitation's mail."""
    return sign(_PURPOSE, invitation.id)


def invitation_behind(token: str) -> Invitation | None:
    """The invitation a token was made for; None when it was not made here or is gone."""
    number = unsign(_PURPOSE, token)
    if not isinstance(number, int):
        return None
    return session.get(Invitation, number, options=_ON_ITS_PAGE)


def url(endpoint: str, token: str) -> str:
    """The absolute address of one of our pages, also outside of a request."""
    return settings().public_url + _path(endpoint).replace(_A_TOKEN, token)


def logo_path(logo: str) -> str:
    """Where the company's picture is; another one has another address, since browsers keep it."""
    return current_app.url_map.bind("").build("surveys.logo", {"of": logo[-8:]})


def logo_url(logo: str) -> str:
    """The same as an absolute address."""
    return settings().public_url + logo_path(logo)


@lru_cache(maxsize=16)
def _path(endpoint: str) -> str:
    path: str = current_app.url_map.bind("").build(f"surveys.{endpoint}", {"token": _A_TOKEN})
    return path
