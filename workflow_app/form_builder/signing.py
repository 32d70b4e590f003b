"""A signature: typed name and tick; the server adds the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from workflow_app.form_builder import text
from workflow_app.form_builder.fields import AnswerField, BadEntry

if TYPE_CHECKING:
    from workflow_app.form_builder.fields import Typed
    from workflow_app.form_builder.paths import Json

NAME, AGREED = "-name", "-agreed"


class SignEntry(AnswerField):
    """Always required where it is shown; the data holds {"name", "agreed", "at"}."""

    parts = (NAME, AGREED)

    @override
    def read(self) -> Json:
        """Read the name and the tick; half a signature is a bad entry."""
        name, agreed = self.entry(NAME), bool(self.entry(AGREED))
        if not name:
            raise BadEntry(text.SIGN_NAME, NAME)
        if not agreed:
            raise BadEntry(text.SIGN_TICK, AGREED)
        return {"name": name, "agreed": True, "at": self.context.now.isoformat()}

    @override
    def show(self, value: Json) -> Typed:
        """Show nothing: an earlier signature is not signed again by itself."""
        return {}
