"""Doors."""

from flask import Blueprint

bp = Blueprint("surveys", __name__, template_folder="templates")


@bp.post("/surveys/<token>/unsubscribing")
def unsubscribe_one_click(token: str) -> str:
    return token
