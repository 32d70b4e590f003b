"""Scenario files, played on the real engine in a database that is thrown away."""

from workflow_app.services.scenarios.report import Report as Report
from workflow_app.services.scenarios.report import run_all as run_all
