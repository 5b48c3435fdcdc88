"""An error says what happened, what was kept, and what to do now."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.ui.errors import WORDS, error_page

ASKED_FOR = (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)


@pytest.mark.parametrize("status", ASKED_FOR)
def test_every_error_has_a_page_of_words(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/refuse/{status}")
    words = WORDS[status]
    assert answer.status_code == status
    for sentence in (words.what, words.kept, words.now):
        assert sentence in answer.text


def test_a_sentence_of_our_own_replaces_the_first_and_is_escaped(app: Flask) -> None:
    with app.test_request_context(headers={"Accept": "text/html"}):
        page = error_page(409, "Rosa <b> replied meanwhile.").get_data(as_text=True)
    assert "Rosa &lt;b&gt; replied meanwhile." in page


def test_the_script_gets_a_line_for_the_flashes(client: FlaskClient) -> None:
    answer = client.get("/refuse/404", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#flashes"
    assert answer.text.startswith('<p class="flash flash-bad">')
    assert "There is nothing here." in answer.text


def test_programs_get_no_html(client: FlaskClient) -> None:
    answer = client.get("/refuse/403", headers={"Accept": "application/json"})
    assert answer.mimetype == "text/plain"


def test_an_unknown_address_and_a_wrong_verb_are_errors_of_words(client: FlaskClient) -> None:
    assert WORDS[404].what in client.get("/nowhere").text
    refused = client.delete("/page/whole")
    assert WORDS[405].what in refused.text
    assert "GET" in refused.headers["Allow"]


def test_a_fault_of_ours_shows_no_inside(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/fault")
    def fault() -> str:
        raise ZeroDivisionError

    answer = app.test_client().get("/fault")
    assert answer.status_code == 500
    assert WORDS[500].what in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_words_given_to_abort_are_shown(client: FlaskClient) -> None:
    assert (
        "This address is not ours." in client.get("/refuse/400?what=This address is not ours.").text
    )


def test_a_form_without_its_token_is_out_of_date(client: FlaskClient) -> None:
    answer = client.post("/reply", data={"body": "x"}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "This form is out of date" in answer.text
