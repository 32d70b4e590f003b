"""Factories: a form from its components, and the form filled in by somebody."""

import json
from datetime import UTC, datetime

import pytest
from werkzeug.datastructures import MultiDict

from workflow_app.form_builder import TaskForm, parse_form

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def make_schema():
    def make(*components, **members):
        source = {"type": "default", "id": "sample", "schemaVersion": 16, **members}
        return parse_form(json.dumps({**source, "components": list(components)}))

    return make


@pytest.fixture
def fill_in(make_schema):
    """Bind a form: components or a schema, then what was posted; keywords go to TaskForm."""

    def fill(components, posted=None, **options):
        schema = make_schema(*components) if isinstance(components, list) else components
        case = options.pop("case", {})
        given = {
            "values": case,
            "scope": case,
            "functions": {},
            "translate": lambda message: message,
            "locale": "en",
            "now": NOW,
            **options,
        }
        return TaskForm(schema, posted=None if posted is None else MultiDict(posted), **given)

    return fill


@pytest.fixture
def messages(fill_in):
    """The messages that a posted form gets, by html id."""

    def validate(components, posted, **options):
        form = fill_in(components, posted, **options)
        form.validate()
        return dict(form.errors)

    return validate


@pytest.fixture
def answers(fill_in):
    """The answers of a posted form that has to be valid."""

    def validate(components, posted, **options):
        form = fill_in(components, posted, **options)
        assert form.validate(), form.errors
        return form.answers()

    return validate
