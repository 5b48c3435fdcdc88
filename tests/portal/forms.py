"""What tests fill in on the portal."""

from io import BytesIO

from werkzeug.test import TestResponse

from tests.visitor import Visitor

LENA = "lena@x.example"
REQUEST = {
    "name": "Lena Berg",
    "email": LENA,
    "subject": "The invoice is wrong",
    "message": "It says 49 where we agreed on 39.",
    "form_key": "a key that came with the form",
}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def file_request(client: Visitor, **changes: object) -> TestResponse:
    """File a request as somebody who is not signed in, unless the client is."""
    client.get("/requests/new")  # a browser has the form before it sends it
    data = {**REQUEST, **changes}
    return client.post("/requests", data=data, content_type="multipart/form-data")


def upload(name: str = "invoice.png", content: bytes = PNG) -> tuple[BytesIO, str]:
    """A file as a test client sends it."""
    return BytesIO(content), name
