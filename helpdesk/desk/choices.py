"""Lists to choose from, drawn once for as long as the names in them stay the same."""

from collections.abc import Mapping
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

Names = tuple[tuple[int, str], ...]


def options(names: Mapping[int, str], chosen: int | None) -> Markup:
    """The options of a select of these names by id; every ticket offers the same."""
    return _drawn(tuple(names.items()), chosen)


@lru_cache(maxsize=256)
def _drawn(names: Names, chosen: int | None) -> Markup:
    template = current_app.jinja_env.get_template("desk/_options.html")
    # A template of ours, which escapes the names.
    return Markup(template.render(names=names, chosen=chosen))  # noqa: S704
