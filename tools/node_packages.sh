#!/bin/sh
# Installs the browser packages of package-lock.json with the node given as the only argument.
set -eu
cd "$(dirname "$0")/.."
PATH="$(dirname "$1"):$PATH"
export PATH
packaged="$(dirname "$1")/../lib/node_modules/npm/bin/npm-cli.js"
if [ -f "$packaged" ] && [ "${1#"$PWD/.venv"}" != "$1" ]; then
    "$1" "$packaged" ci --no-progress --loglevel=error
else
    npm ci --no-progress --loglevel=error
fi
