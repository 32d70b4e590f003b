"""Tables and constraints, one aggregate a module."""

from workflow_app.models import applicants as applicants
from workflow_app.models import case as case
from workflow_app.models import case_desk as case_desk
from workflow_app.models import catalogue as catalogue
from workflow_app.models import collections as collections
from workflow_app.models import designing as designing
from workflow_app.models import desk as desk
from workflow_app.models import entries as entries
from workflow_app.models import notices as notices
from workflow_app.models import offline as offline
from workflow_app.models import people as people
from workflow_app.models import register as register
from workflow_app.models import starts as starts
from workflow_app.models import work as work
from workflow_app.models.base import Base as Base
from workflow_app.models.base import db as db
