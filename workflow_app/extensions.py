"""Flask extensions, made once and bound to an application by the factory."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_wtf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")
migrate = Migrate(render_as_batch=True, compare_type=True)


def newest_revision() -> str | None:
    """Return the revision of the database that this program needs; inside an application."""
    return ScriptDirectory.from_config(migrate.get_config()).get_current_head()
