"""A field says what it is for, and what does not fit, to eyes and to ears."""

from __future__ import annotations

from flask import Flask, render_template
from wtforms import BooleanField, Form, StringField
from wtforms.validators import DataRequired


class Letter(Form):
    subject = StringField("Subject", [DataRequired("Please say what it is about.")])
    copy = BooleanField("Send me a copy")


def shown(app: Flask, form: Form, name: str, **more: object) -> str:
    with app.test_request_context():
        return render_template("components/field.html", field=form[name], **more)


def test_the_label_belongs_to_the_input(app: Flask) -> None:
    html = shown(app, Letter(), "subject")
    assert '<label for="subject">Subject</label>' in html
    assert 'id="subject"' in html
    assert "aria-invalid" not in html


def test_the_hint_is_read_with_the_input(app: Flask) -> None:
    html = shown(app, Letter(), "subject", hint="A few words")
    assert 'aria-describedby="subject-hint"' in html
    assert '<p class="hint" id="subject-hint">A few words</p>' in html


def test_what_does_not_fit_is_read_with_the_input(app: Flask) -> None:
    form = Letter()
    form.validate()
    html = shown(app, form, "subject", hint="A few words")
    assert 'aria-describedby="subject-hint subject-error"' in html
    assert 'aria-invalid="true"' in html
    assert "Please say what it is about." in html


def test_attributes_are_passed_on(app: Flask) -> None:
    assert 'autocomplete="off"' in shown(app, Letter(), "subject", attrs={"autocomplete": "off"})


def test_a_box_to_tick_stands_before_its_label(app: Flask) -> None:
    html = shown(app, Letter(), "copy")
    assert html.index("<input") < html.index("<label")


def test_a_refused_form_lists_what_to_mend_with_links(app: Flask) -> None:
    form = Letter()
    form.validate()
    with app.test_request_context():
        html = render_template("components/field_errors.html", form=form)
    assert 'role="alert"' in html
    assert '<a href="#subject">Subject</a>: Please say what it is about.' in html
