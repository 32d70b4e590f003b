#!/bin/sh
# Sets everything up. Each step leaves a stamp of what it was made from in .setup/, so that a second
# run does only what changed. May be interrupted and repeated.
set -eu
cd "$(dirname "$0")/.."
mkdir -p .setup

# The digest of files and folders, names included.
digest() {
    find "$@" -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
}

# step NAME "words for people" STAMP command…: runs the command unless the stamp is the one it left.
step() {
    name=$1 words=$2 stamp=$3
    shift 3
    if [ "$(cat ".setup/$name" 2>/dev/null || true)" = "$stamp" ]; then
        return
    fi
    echo "→ $words"
    rm -f ".setup/$name"
    if ! "$@"; then
        echo "" >&2
        echo "Set-up stopped: $words. The reason stands above; run the same command again after the cure." >&2
        exit 1
    fi
    echo "$stamp" >".setup/$name"
}

environment() {
    rm -rf .venv
    "$python" -m venv .venv
}

packages() {
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-compile \
        --no-deps --require-hashes -r requirements.lock
}

bundle() {
    "$node" assets/build.mjs >.setup/bundle.log 2>&1 || {
        cat .setup/bundle.log >&2
        return 1
    }
}

words() {
    .venv/bin/python -m workflow_app.cli.translations compile >/dev/null
}

# An environment whose Python is gone or whose folder was moved is made anew.
here=$PWD
if [ "$(cat .setup/environment 2>/dev/null || true)" != "$here" ] || ! .venv/bin/python -c '' 2>/dev/null; then
    python=$(sh tools/find_python.sh)
    rm -f .setup/*
    step environment "virtual environment in .venv with $python" "$here" environment
fi

python_side() {
    step packages "Python packages of requirements.lock" "$(digest requirements.lock)" packages
}

browser_side() {
    [ -d node_modules ] || rm -f .setup/node
    step node "browser packages of package-lock.json" \
        "$("$node" --version) $(digest package-lock.json .npmrc)" sh tools/node_packages.sh "$node"
    [ -f workflow_app/static/dist/manifest.json ] || rm -f .setup/bundle
    step bundle "style sheets and scripts" "$(cat .setup/node) $(digest assets)" bundle
}

# Side by side where the machine has a node of its own: the two have nothing to do with each other.
if node=$(sh tools/find_node.sh machine); then
    browser_side &
    trap 'kill $! 2>/dev/null || true' EXIT
    python_side
    wait $!
    trap - EXIT
else
    python_side
    node=$(sh tools/find_node.sh)
    browser_side
fi
if find translations -name '*.po' | grep -q .; then
    step words "translations" "$(find translations -name '*.po' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)" words
fi
