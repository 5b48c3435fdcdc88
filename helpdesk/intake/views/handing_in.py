"""The door for programs: a mail as the body of a request, and a token that lets it in."""

from flask import Response, jsonify, request

from helpdesk.core.crash import crash_point
from helpdesk.core.db import after_commit
from helpdesk.intake.keeping import NeverTaken, keep, largest
from helpdesk.intake.models import Door
from helpdesk.intake.tokens import token_behind, use
from helpdesk.intake.views.blueprint import bp


@bp.post("/inbound/mime")
def hand_in() -> tuple[Response, int]:
    """Take one mail (message/rfc822). 201 once it is stored for good, 200 where it was before; no
    other answer means that it is."""
    request.max_content_length = largest()
    # Read before the first question to the database: whoever sends slowly holds up nobody.
    raw = request.get_data(cache=False)
    token = token_behind(request.headers.get("Authorization", ""))
    if token is None:
        return _no(401, "A token is needed: Authorization: Bearer …")
    if request.mimetype != "message/rfc822":
        return _no(415, "Send the mail as it is, as message/rfc822.")
    try:
        kept = keep(
            raw,
            Door.HTTP,
            sent_from=request.args.get("sender"),
            sent_to=request.args.getlist("recipient"),
        )
    except NeverTaken as error:
        return _no(error.status, error.message)
    use(token)
    after_commit(lambda: crash_point("mail_kept"))
    return jsonify(sha256=kept.sha256), 201 if kept.is_new else 200


def _no(status: int, why: str) -> tuple[Response, int]:
    answer = jsonify(error=why)
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer, status
