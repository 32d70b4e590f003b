"""The designer's studio: every page of it asks for the permission to design."""

from workflow_app.web.studio.carrying import carrying
from workflow_app.web.studio.changes import changes
from workflow_app.web.studio.diagram import diagram
from workflow_app.web.studio.drafts import drafts
from workflow_app.web.studio.files import files
from workflow_app.web.studio.forms import forms
from workflow_app.web.studio.letters import letters
from workflow_app.web.studio.library import library
from workflow_app.web.studio.moving import moving
from workflow_app.web.studio.outline import outline
from workflow_app.web.studio.play_forms import play
from workflow_app.web.studio.publish import publish
from workflow_app.web.studio.questions import questions
from workflow_app.web.studio.simulate import simulate
from workflow_app.web.studio.stopped import scenarios
from workflow_app.web.studio.table_words import table_words
from workflow_app.web.studio.tables import tables
from workflow_app.web.studio.texts import texts
from workflow_app.web.studio.versions import versions
from workflow_app.web.studio.words import words

#: Whoever adds a part of the studio adds its blueprint here.
STUDIO = (
    library,
    drafts,
    files,
    carrying,
    texts,
    diagram,
    outline,
    forms,
    questions,
    tables,
    table_words,
    publish,
    versions,
    moving,
    words,
    letters,
    changes,
    scenarios,
    play,
    simulate,
)
