"""What a WSGI server imports."""

from __future__ import annotations

from workflow_app.factory import create_app, start_worker

app = create_app()
if app.extensions["platform"].settings.embedded_worker:
    start_worker(app)
