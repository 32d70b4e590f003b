"""The standard functions of DMN 1.5 §10.3.4, one module a chapter, collected in a registry."""
