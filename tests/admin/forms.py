"""A form of the admin as a browser would send it: read from the page, changed, posted."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client

Data = dict[str, Any]


def form_data(html: bytes | str, form_id: str = "w-editor-form") -> Data:
    """Every field of the page's form with the value that it shows, as names to values."""
    page = BeautifulSoup(html, "html.parser")
    for template in page.find_all("template"):
        template.decompose()
    form = page.find("form", id=form_id)
    assert form is not None, "the page has no such form"
    data: Data = {}
    for field in form.find_all(["input", "select", "textarea"]):
        name = field.get("name")
        if not name or field.has_attr("disabled"):
            continue
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            data[name] = chosen["value"] if chosen else ""
        elif field.name == "textarea":
            data[name] = field.text.removeprefix("\n")
        elif field.get("type") in {"checkbox", "radio"}:
            if field.has_attr("checked"):
                data[name] = field.get("value", "on")
        elif field.get("type") not in {"submit", "button", "file"}:
            data[name] = field.get("value", "")
    return data


def opened(client: Client, url: str) -> Data:
    """The form at an address, ready to be changed and sent back."""
    response = client.get(url)
    assert response.status_code == 200, response.status_code
    return form_data(response.content)


def prefix_of(data: Data, relation: str, field: str, value: str) -> str:
    """The prefix of the one row of a relation whose field shows this value."""
    found = [
        name.removesuffix(f"-{field}")
        for name, shown in data.items()
        if name.startswith(f"{relation}-") and name.endswith(f"-{field}") and shown == value
    ]
    assert len(found) == 1, f"{relation}: {field}={value} found {len(found)} times"
    return found[0]


def said(response: Any) -> str:
    """All that a page says, in one line."""
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())
