"""Set-up says plainly what is missing, and every target is explained."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys

import pytest

PRETENDER = """#!/bin/sh
case "$*" in
    *ensurepip*) exit {ensurepip} ;;
    *'sys.version_info <'*) exit {version} ;;
    *'%d.%d'*) echo 3.11 ;;
    *version_info*) echo {told} ;;
esac
"""


def run(root, *command, **environ):
    return subprocess.run(  # noqa: S603 - the project's own scripts
        command,
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], **environ},
    )


@pytest.fixture
def python(tmp_path):
    """Make a python that pretends to be old, or to lack venv."""

    def make(**answers):
        path = tmp_path / "python-pretender"
        path.write_text(PRETENDER.format(**answers), encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return make


def find(root, path):
    return run(root, "sh", "tools/find_python.sh", PYTHON=path)


def test_a_python_that_is_too_old_is_refused_with_the_version_that_is_needed(root, python):
    result = find(root, python(version=1, ensurepip=0, told="3.9.18"))
    assert result.returncode == 1
    assert "Python 3.11 or newer is needed" in result.stderr
    assert "is 3.9.18" in result.stderr


def test_a_python_without_venv_is_told_the_package(root, python):
    result = find(root, python(version=0, ensurepip=1, told="3.11.2"))
    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr


def test_no_python_at_all_is_told_the_packages(root):
    result = find(root, "python-that-is-nowhere")
    assert result.returncode == 1
    assert "apt-get install python3 python3-venv" in result.stderr


def test_a_python_that_fits_is_found(root):
    result = find(root, sys.executable)
    assert (result.returncode, result.stdout.strip()) == (0, sys.executable)


def test_a_taken_port_is_named_with_a_way_out(root):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run(root, sys.executable, "tools/port_free.py", str(port))
    assert result.returncode == 1
    assert f"Port {port} is taken" in result.stderr
    assert "make run PORT=" in result.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_what_is_no_port_is_refused(root, port):
    result = run(root, sys.executable, "tools/port_free.py", port)
    assert result.returncode == 1
    assert "is no port" in result.stderr


def test_a_free_port_is_fine(root):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert run(root, sys.executable, "tools/port_free.py", str(port)).returncode == 0


def test_help_lists_every_target(root):
    targets = set(
        re.findall(r"^\.PHONY: (\S+)$", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
    )
    assert {"run", "test", "check", "bench", "setup", "help"} <= targets
    listed = set(re.findall(r"^  (\S+) ", run(root, "make", "help").stdout, re.MULTILINE))
    assert listed == targets
