#!/bin/sh
# Prints the path of a Python that can run the project; says plainly what is missing where there is none.
# PYTHON=/path/to/python chooses one.
set -eu
needed="3.11"

fits() {
    "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null
}

version() {
    "$1" -c 'import sys; print(".".join(map(str, sys.version_info[:3])))' 2>/dev/null || echo "not working"
}

refuse() {
    printf '%s\n' "" "$@" "" >&2
    exit 1
}

choose() {
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$name" >/dev/null 2>&1 && fits "$name"; then
            echo "$name"
            return
        fi
    done
}

found=$(choose)
if [ -z "$found" ]; then
    asked=${PYTHON:-python3}
    if command -v "$asked" >/dev/null 2>&1; then
        refuse "Python $needed or newer is needed; $asked is $(version "$asked")." \
            "Install a newer one (Debian 12, Ubuntu 24.04 and later bring it as the package python3)," \
            "or name the one to use: make run PYTHON=/path/to/python$needed"
    fi
    refuse "Python $needed or newer is needed; there is no $asked." \
        "On Debian or Ubuntu: apt-get install python3 python3-venv"
fi
if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    short=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    refuse "Python $(version "$found") is here, but it cannot make virtual environments." \
        "On Debian or Ubuntu: apt-get install python3-venv  (or python$short-venv where $found is not the system's own)" \
        "Then run the same command again."
fi
command -v "$found"
