"""Every template compiles, and imports nothing that it does not use."""

from __future__ import annotations

from jinja2 import StrictUndefined, nodes


def sources(package):
    folder = package / "templates"
    found = {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*.html")}
    assert len(found) > 20
    return found


def test_every_template_compiles(app, package):
    environment = app.jinja_env.overlay(undefined=StrictUndefined)
    for name in sources(package):
        assert environment.get_template(name).name == name


def test_every_included_template_exists(app, package):
    for name, source in sources(package).items():
        for node in app.jinja_env.parse(source).find_all(
            (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
        ):
            if isinstance(node.template, nodes.Const):
                where = (name, node.template.value)
                assert app.jinja_env.get_template(node.template.value), where


def test_nothing_is_imported_in_vain(app, package):
    trees = {name: app.jinja_env.parse(source) for name, source in sources(package).items()}
    idle = {name: imported(tree) - used(trees, name) for name, tree in trees.items()}
    assert {name: names for name, names in idle.items() if names} == {}


def imported(tree):
    found = {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        found |= {one[1] if isinstance(one, tuple) else one for one in node.names}
    return found


def used(trees, name):
    """The names a template reads, itself or in what it includes: included ones see its imports."""
    found = {node.name for node in trees[name].find_all(nodes.Name)}
    for node in trees[name].find_all(nodes.Include):
        if isinstance(node.template, nodes.Const) and node.template.value in trees:
            found |= used(trees, node.template.value)
    return found
