"""Rules about files: what cannot be read, what the standard does not know, what is left out."""

from __future__ import annotations

from workflow_app.domain.text import N_
from workflow_app.engine.lint.rules.rule import Rule

UNREADABLE = Rule(
    "unreadable",
    N_("The file cannot be read: %(reason)s"),
    N_("Open the file in its editor and save it again, or mend the named line."),
    title=N_("A file that cannot be read"),
    about=N_(
        "The file is damaged, too large, or holds a document type declaration, which could make a"
        " reader open other files. Nothing in it was looked at."
    ),
    example=N_("A diagram was cut off while it was copied, so its last tags are missing."),
)
NO_PROCESS = Rule(
    "no-process",
    N_("There is no process to run under “%(key)s”."),
    N_("Draw a process in the folder of this name and mark it executable."),
    title=N_("No process to run"),
    about=N_("Each folder holds one process that starts cases, and it must be marked executable."),
    example=N_("All pools of a diagram were drawn for reading only."),
)
NEVER_BEGUN = Rule(
    "never-begun",
    N_("Nothing begins the process “%(name)s”: its folder starts the process “%(main)s”."),
    N_("Give it a folder of its own, call it, or take away that it is executable."),
    "warning",
    title=N_("A second process that nothing begins"),
    about=N_(
        "A folder starts one process: the one with the folder's name, else the first that is"
        " marked executable. Another one in its files runs only where a call activity names it."
    ),
    example=N_("Two pools are marked executable, and a message is to start the second."),
)
UNKNOWN = Rule(
    "unknown-element",
    N_("“%(kind)s” can be drawn but not run."),
    N_("Draw what it should do with other elements, or remove it."),
    title=N_("An element that does not run"),
    about=N_(
        "The element may be drawn, but this service does not run it. The table of elements in the"
        " handbook says what runs."
    ),
    example=N_("A choreography task stands in an executable process."),
)
STRANGE = Rule(
    "not-in-standard",
    N_("BPMN 2.0 knows no “%(part)s” on “%(kind)s”."),
    N_("Correct the spelling; what another tool added belongs into extension elements."),
    title=N_("A word that BPMN does not know"),
    about=N_(
        "An attribute or element is not in the standard, so it would be passed over without a"
        " word. Mostly it is a spelling mistake in a file written by hand."
    ),
    example=N_(
        "“cancelactivity” is written instead of “cancelActivity”: the event would interrupt."
    ),
)
BAD_VALUE = Rule(
    "bad-value",
    N_("“%(value)s” is no value for “%(part)s” of “%(kind)s”, which may be: %(allowed)s."),
    N_("Write one of the values that the standard allows."),
    title=N_("A value that BPMN does not allow"),
    about=N_("The standard says which values an attribute may have. This one is none of them."),
    example=N_("“isExecutable” says “yes” instead of “true”."),
)
ABSENT = Rule(
    "missing-attribute",
    N_("“%(kind)s” has no “%(part)s”, which BPMN 2.0 asks for."),
    N_("Write the attribute, or draw the element again in a modeller."),
    title=N_("An attribute that must be there"),
    about=N_("Without this attribute nobody can know what the element stands for."),
    example=N_("A flow names where it begins, but not where it leads."),
)
NO_ID = Rule(
    "missing-id",
    N_("A “%(kind)s” has no id."),
    N_("Give it an id of its own; a modeller does so when it saves the file."),
    title=N_("An element without an id"),
    about=N_(
        "Cases remember by id where they stand. An element without one would be lost when the file"
        " changes, and two flows without one would be taken for the same."
    ),
    example=N_("A flow was written by hand without an id."),
)
DOUBLE = Rule(
    "duplicate-id",
    N_("The id “%(id)s” stands more than once in this file."),
    N_("Give one of the two elements another id."),
    title=N_("Two elements with the same id"),
    about=N_("Ids tell elements apart. With two of the same, one element would be lost."),
    example=N_("Part of a diagram was copied in a text editor."),
)
TWO_PROCESSES = Rule(
    "duplicate-process",
    N_("The process “%(id)s” is also drawn in %(other)s."),
    N_("Give one of the two processes another id, and call it by that."),
    title=N_("Two processes with the same id"),
    about=N_("Processes are called by their id. With two of the same, it is chance which runs."),
    example=N_("A diagram was copied into another folder, and its process kept its id."),
)
TWO_DECISIONS = Rule(
    "duplicate-decision",
    N_("The decision “%(id)s” is also defined in %(other)s."),
    N_("Give one of the two decisions another id, and call it by that."),
    title=N_("Two decisions with the same id"),
    about=N_("Decisions are called by their id. With two of the same, it is chance which decides."),
    example=N_("A decision table was copied to try out new rules and both copies stayed."),
)
IGNORED = Rule(
    "extension-ignored",
    N_("“%(kind)s” of “%(name)s” is not used here."),
    N_("Remove it, or draw what it should do."),
    "warning",
    title=N_("A setting of the properties panel that has no effect"),
    about=N_(
        "The properties panel offers settings for another server too. This one does nothing here."
    ),
    example=N_("An execution listener was added to a task."),
)
SETTING_IGNORED = Rule(
    "setting-ignored",
    N_("“%(part)s” of “%(name)s” has no effect here."),
    N_("Remove it, or say the same in a way that runs; the handbook shows what runs."),
    "warning",
    title=N_("A part of BPMN that has no effect"),
    about=N_(
        "The standard has this setting, but this service runs the element as if it were not there."
    ),
    example=N_("A potential owner is drawn, but tasks are given by lanes and candidate groups."),
)
FOREIGN = Rule(
    "foreign-setting",
    N_("“%(name)s” has settings of another engine (%(vendor)s), which have no effect here."),
    N_("Set the same in the properties panel for Camunda 8, then remove the old settings."),
    "warning",
    title=N_("Settings of another engine"),
    about=N_(
        "The file was made for another engine. Its own settings say who does a task or which form"
        " it shows, but this service does not read them."
    ),
    example=N_("“camunda:assignee” of Camunda 7 names the person who should do a task."),
)
LANGUAGE = Rule(
    "foreign-language",
    N_("An expression of “%(name)s” is written in %(language)s."),
    N_("Write the expression in FEEL, with “=” before it."),
    title=N_("An expression in another language"),
    about=N_(
        "All expressions are read as FEEL. One that says it is written in another language could"
        " be understood wrongly, so it is not run."
    ),
    example=N_("A script task's script format is JavaScript."),
)
NOT_DRAWN = Rule(
    "not-drawn",
    N_("“%(name)s” runs, but is not to be seen on the diagram."),
    N_("Draw it, or remove it from the file."),
    "warning",
    title=N_("An element that nobody sees"),
    about=N_(
        "The element stands in the file without a shape. It runs, but whoever looks at the diagram"
        " does not know of it."
    ),
    example=N_("A shape was removed from the file by hand, and its task was left."),
)
DRAWN_ONLY = Rule(
    "shape-without-element",
    N_("The diagram shows something for “%(id)s”, but there is no such element."),
    N_("Remove the shape, or draw the element again."),
    "warning",
    title=N_("A shape that stands for nothing"),
    about=N_("The shape is left over from an element that is gone. Modellers do not show it."),
    example=N_("A task was removed from the file by hand, and its shape was left."),
)
_CANNOT_READ = N_("This cannot be read: %(reason)s")
_MEND = N_("Mend the file and load it again.")
NOT_TEXT = Rule(
    "file-unreadable",
    _CANNOT_READ,
    _MEND,
    title=N_("A file that is no text"),
    about=N_("The files of a process are text in UTF-8. This one holds something else."),
    example=N_("A file was saved in an old encoding."),
)
NO_MANIFEST = Rule(
    "manifest-missing",
    _CANNOT_READ,
    _MEND,
    title=N_("A process without its settings"),
    about=N_("Beside each diagram stands process.toml: its title, its term, who may start it."),
    example=N_("A diagram was put into a new folder alone."),
)
BAD_MANIFEST = Rule(
    "manifest-unreadable",
    _CANNOT_READ,
    _MEND,
    title=N_("Settings of a process that cannot be read"),
    about=N_("process.toml breaks the grammar of its format, or holds a key that has no meaning."),
    example=N_("A quotation mark is missing after the title."),
)
BAD_MAILS = Rule(
    "mails-unreadable",
    _CANNOT_READ,
    _MEND,
    title=N_("Mails that cannot be read"),
    about=N_("mails.toml breaks the grammar of its format, or a mail lacks a subject or a body."),
    example=N_("A mail has a body and no subject."),
)
BAD_FORM = Rule(
    "form-unreadable",
    _CANNOT_READ,
    _MEND,
    title=N_("A form that cannot be read"),
    about=N_("The form's file is damaged, or holds a field of a kind that is not shown here."),
    example=N_("A comma is missing in a form that was edited by hand."),
)
BAD_EXPRESSION = Rule(
    "expression-unreadable",
    _CANNOT_READ,
    _MEND,
    title=N_("An expression beside the diagram that cannot be read"),
    about=N_("Settings and mails hold expressions in FEEL too. This one breaks its grammar."),
    example=N_("A term of the process says “30 days” instead of a duration."),
)
