"""One file of a draft, as tests of its pages look at it and store it."""

from __future__ import annotations

from workflow_app.services.designing.drafts import open_draft, read_file, write_file


class DraftFile:
    """A file of a new draft of a process; `browser` is its designer's."""

    def __init__(self, office, browser, key, path):
        self.office, self.browser, self.path = office, browser, path
        with office.acting("designer") as ctx:
            self.id = open_draft(ctx, key).id

    def stored(self):
        with self.office.acting("designer") as ctx:
            return read_file(ctx, self.id, self.path)

    def body(self):
        return self.stored().body

    def store(self, body):
        with self.office.acting("designer") as ctx:
            revision = read_file(ctx, self.id, self.path).revision
            write_file(ctx, self.id, self.path, body, revision=revision)
