"""Addresses and forms of the room's pages, for its tests."""

from typing import Any

from django.test import Client
from django.urls import reverse


def url(name: str, *args: Any) -> str:
    return reverse(f"councils:{name}", args=args)


def send(client: Client, address: str, data: dict[str, Any] | None = None) -> Any:
    """Send the form of a page with what it shows, changed by `data`."""
    shown = client.get(address)
    assert shown.status_code == 200, address
    form = shown.context.get("form")
    values = {}
    for name, field in (form.fields if form else {}).items():
        value = form[name].value()
        values[form.add_prefix(name)] = "" if value is None else field.prepare_value(value)
    kept = {name: value for name, value in values.items() if value != "" and value is not False}
    return client.post(address, kept | (data or {}))
