"""Tables and constraints, one aggregate a module."""
