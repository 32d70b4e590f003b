"""What tests of the whole application share: installations, databases, a linting browser."""
