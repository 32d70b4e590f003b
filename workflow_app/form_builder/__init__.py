"""Turns form-js files into WTForms classes."""
