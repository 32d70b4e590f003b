"""Says plainly when the port given as the only argument cannot be used."""

from __future__ import annotations

import socket
import sys


def fault(text: str) -> str | None:
    """Return why nothing can listen on this port of 127.0.0.1, or None."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        return f"PORT={text} is no port: choose a number from 1024 to 65535."
    with socket.socket() as probe:
        # As the server does: a port that was just given up is not taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            return f"Port {text} is reserved for the system's administrator."
        except OSError:
            return f"Port {text} is taken by another program."
    return None


def main() -> None:
    """Exit with a sentence and a way out where the port is not free."""
    text = sys.argv[1]
    why = fault(text)
    if why:
        other = int(text) + 1 if text.isdecimal() and 1023 < int(text) < 65535 else 8001
        sys.exit(f"\n{why}\nChoose another one: make run PORT={other}\n")


if __name__ == "__main__":
    main()
