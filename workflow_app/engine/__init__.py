"""Runs BPMN 2.0.2 on SpiffWorkflow, which no other package imports."""
