"""Reads the form off a page and fills it in as a person would who only wants it to be taken."""

import datetime
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

IGNORED_TYPES = frozenset({"submit", "button", "image", "reset", "file"})
SAMPLES = {
    "number": "2",
    "time": "10:00",
    "email": "kind@example.org",
    "tel": "+79161234567",
    "url": "https://example.org",
}


@dataclass(slots=True)
class Control:
    """One control of a form, with what stands in it and what it offers."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    required: bool = False


@dataclass(slots=True)
class Form:
    """A form of the page: where it is sent, how, and its controls by name."""

    action: str
    method: str
    controls: dict[str, Control] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.current: Form | None = None
        self.control: Control | None = None
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.current = Form(found.get("action", ""), found.get("method", "get").lower())
            self.forms.append(self.current)
        elif tag == "option" and self.control is not None:
            self._option(found)
        elif tag in {"input", "select", "textarea"} and found.get("name") and self.current is not None:
            self._control(tag, found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.current = None
        elif tag == "select":
            self.control = None
        elif tag == "textarea" and self.control is not None and self.text is not None:
            self.control.values = ["".join(self.text).strip()]
            self.control, self.text = None, None

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _option(self, found: dict[str, str]) -> None:
        assert self.control is not None
        value = found.get("value", "")
        if value:
            self.control.options.append(value)
        if "selected" in found and value:
            self.control.values.append(value)

    def _control(self, tag: str, found: dict[str, str]) -> None:
        assert self.current is not None
        kind = found.get("data-format") or found.get("type", "text") if tag == "input" else tag
        if kind in IGNORED_TYPES or "disabled" in found:
            return
        control = self.current.controls.setdefault(found["name"], Control(found["name"], kind))
        control.required |= "required" in found
        if kind in {"radio", "checkbox"}:
            control.options.append(found.get("value", "on"))
            if "checked" in found:
                control.values.append(found.get("value", "on"))
        elif kind == "select":
            self.control = control
        elif kind == "textarea":
            self.control, self.text = control, []
        elif found.get("value"):
            control.values = [found["value"]]


def form_of(html: str, path: str) -> Form | None:
    """The form of the page that is sent to `path`; None where there is none."""
    parser = _Forms()
    parser.feed(html)
    own = (form for form in parser.forms if not form.action or urlsplit(form.action).path == path)
    return next((form for form in own if form.method == "post"), None)


def filled(form: Form, today: datetime.date, **given: Any) -> dict[str, Any]:
    """What the form sends with its required controls filled in; `given` wins over what stands in it."""
    data: dict[str, Any] = {}
    for control in form.controls.values():
        values = control.values or ([_sample(control, today)] if control.required else [])
        if values:
            data[control.name] = values if len(values) > 1 else values[0]
    return data | given


def _sample(control: Control, today: datetime.date) -> str:
    if control.options:
        return control.options[0]
    if control.kind == "date":
        return today.isoformat()
    return SAMPLES.get(control.kind, "Образец")
