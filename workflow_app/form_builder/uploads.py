"""File entries: new uploads are stored at once, stored ones travel as ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override
from werkzeug.datastructures import FileStorage

from workflow_app.domain.errors import UploadRefused
from workflow_app.form_builder import text
from workflow_app.form_builder.fields import AnswerField, BadEntry

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from workflow_app.form_builder.context import StoredFile
    from workflow_app.form_builder.fields import Typed
    from workflow_app.form_builder.paths import Json
    from workflow_app.form_builder.posted import Entry

KEPT, REMOVE = "-kept", "-remove"
MAX_FILES = 50


class FilesEntry(AnswerField):
    """Stored files, as a list of {"document", "name", "type", "size"}.

    A posted id is believed only when the context knows the file: it stood in the case data, was
    stored by this very request, or the host's `find_upload` gives it.
    """

    parts = (KEPT, REMOVE)
    many = True

    @property
    def stored(self) -> list[StoredFile]:
        """The files that are there, without those ticked for removal."""
        return [found for one in self._kept_ids() if (found := self.context.known_file(one))]

    @property
    def takes_several(self) -> bool:
        """Whether more than one file is accepted."""
        return self.item.source.multiple is not False

    @override
    def _taken(self, formdata: MultiDict[str, Entry]) -> Typed:
        self._remember(self.object_data)
        typed = super()._taken(formdata)
        kept = list(typed.get(KEPT, []))
        for upload in formdata.getlist(self.name):
            if isinstance(upload, FileStorage) and upload.filename:
                kept += self._store(upload)
        removed = set(typed.get(REMOVE, []))
        kept = [one for one in dict.fromkeys(kept) if one not in removed]
        return {KEPT: kept[:MAX_FILES]} if kept else {}

    def _store(self, upload: FileStorage) -> list[str]:
        if self.context.store_upload is None:
            return []
        try:
            stored = self.context.store_upload(upload)
        except UploadRefused as exc:
            self.process_errors.append(self.context.words(exc.text, **exc.params))
            return []
        self._remember([stored])
        return [str(stored["document"])]

    def _remember(self, files: object) -> None:
        for found in files if isinstance(files, list) else []:
            if isinstance(found, dict) and isinstance(found.get("document"), int):
                self.context.own_files[found["document"]] = found

    def _kept_ids(self) -> list[int]:
        return [int(one) for one in self.typed.get(KEPT, []) if one.isascii() and one.isdecimal()]

    @override
    def read(self) -> Json:
        """Give the files that stay; BadEntry when an id means no file of this person."""
        kept = self.typed.get(KEPT, [])
        if len(self.stored) != len(kept):
            self.typed = {KEPT: [str(found["document"]) for found in self.stored]}
            raise BadEntry(text.FILES_LOST)
        return self.stored if self.takes_several else self.stored[-1:]

    @override
    def show(self, value: Json) -> Typed:
        """Give the files of the data."""
        self._remember(value)
        files = value if isinstance(value, list) else []
        return {KEPT: [str(found["document"]) for found in files if isinstance(found, dict)]}
