"""Our own task specifications on SpiffWorkflow's base, one module a family of elements."""
