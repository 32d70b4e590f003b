"""Turns form-js files into WTForms classes, validates what people type and says what it means."""

from workflow_app.domain.errors import UploadRefused as UploadRefused
from workflow_app.form_builder.build import build_form as build_form
from workflow_app.form_builder.errors import FormError as FormError
from workflow_app.form_builder.errors import FormRuleError as FormRuleError
from workflow_app.form_builder.names import form_names as form_names
from workflow_app.form_builder.parse import parse_form as parse_form
from workflow_app.form_builder.posted import unsigned as unsigned
from workflow_app.form_builder.rows import apply_row_action as apply_row_action
from workflow_app.form_builder.schema import FormSchema as FormSchema
from workflow_app.form_builder.sections import FormPart as FormPart
from workflow_app.form_builder.sections import Section as Section
from workflow_app.form_builder.sections import sections_of as sections_of
from workflow_app.form_builder.summary import SummaryRow as SummaryRow
from workflow_app.form_builder.summary import answers_summary as answers_summary
from workflow_app.form_builder.task_form import TaskForm as TaskForm

__all__ = [
    "FormError",
    "FormPart",
    "FormRuleError",
    "FormSchema",
    "Section",
    "SummaryRow",
    "TaskForm",
    "UploadRefused",
    "answers_summary",
    "apply_row_action",
    "build_form",
    "form_names",
    "parse_form",
    "sections_of",
    "unsigned",
]
