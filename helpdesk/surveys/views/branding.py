"""The company's colour and picture, for the pages that customers see."""

from flask import Response
from werkzeug.wrappers import Response as AnyResponse

from helpdesk.core import files
from helpdesk.core.errors import NotFound
from helpdesk.surveys import brand, policies
from helpdesk.surveys.views import bp

A_DAY = "public, max-age=86400"


@bp.get("/brand/colours.css")
def brand_colours() -> AnyResponse:
    """The colour as tokens; its address changes with it."""
    response = Response(brand.style_sheet(policies.policy().colour or brand.OURS), 200)
    response.headers["Cache-Control"] = A_DAY
    response.mimetype = "text/css"
    return response


@bp.get("/brand/logo")
def logo() -> AnyResponse:
    """The picture. Raises NotFound where there is none."""
    held = policies.policy()
    if not held.logo or not held.logo_type:
        raise NotFound("There is no picture.")
    response = Response(files.read(held.logo), mimetype=held.logo_type)
    response.headers["Cache-Control"] = A_DAY
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
