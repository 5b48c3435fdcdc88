"""A piece of a page is drawn once for as long as what it shows stays the same."""

from flask import Flask
from jinja2 import DictLoader
from markupsafe import Markup

from helpdesk.ui import Drawing


def drawing(app: Flask, template: str, *names: str) -> Drawing:
    app.jinja_env.loader = DictLoader({"piece.html": template})
    return Drawing("piece.html", *names)


def test_the_same_values_are_drawn_once() -> None:
    app = Flask(__name__)
    drawn: list[str] = []

    def note(name: str) -> str:
        drawn.append(name)
        return name

    app.jinja_env.globals["note"] = note
    piece = drawing(app, "{{ note(name) }}", "name")
    with app.app_context():
        assert [piece("Ada"), piece("Ada"), piece("Bo")] == ["Ada", "Ada", "Bo"]
        assert drawn == ["Ada", "Bo"]
        piece.fresh("Ada")
    assert drawn == ["Ada", "Bo", "Ada"]


def test_what_people_wrote_is_escaped_and_what_we_drew_is_not() -> None:
    app = Flask(__name__)
    piece = drawing(app, "<b>{{ name }}</b>{{ age }}", "name", "age")
    with app.app_context():
        drawn = piece("<script>", Markup("<time>1 h</time>"))
    assert drawn == Markup("<b>&lt;script&gt;</b><time>1 h</time>")


def test_text_and_drawn_text_of_the_same_letters_are_not_mixed_up() -> None:
    app = Flask(__name__)
    piece = drawing(app, "{{ name }}{{ age }}", "name", "age")
    with app.app_context():
        assert piece(Markup("<i>"), "1 h") == "<i>1 h"
        assert piece("<i>", "1 h") == "&lt;i&gt;1 h"
