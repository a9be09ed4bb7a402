"""The kernels of a server, by name: which one this process uses, which there are, and the end of one; also as `volley
kernels`."""

import argparse
import atexit
import os
import sys
from typing import Any

from .errors import NESTError
from .marshalling import open_session, opener
from .server_instance import private_folder
from .session import bind, kernel_link, link, session


def connect(address: str = "", kernel: str = "") -> None:
    """From now on this process uses a kernel of the server at `address` ("unix:/path", "tcp:host:port",
    "tls:host:port"; without one, that of VOLLEY_ADDRESS).

    `kernel` is its name; one that is not there is made, with an empty network, and stays until it is dropped. "" is the
    one named default, which all share; "own" a new one, which ends with this session. What belongs to the former kernel
    is of no use any more; its session ends. Errors: NESTError where nobody listens or the kernel is not to be had;
    then nothing has changed.
    """
    new = kernel_link(opener(address or os.environ.get("VOLLEY_ADDRESS", ""), kernel), link().log)
    new.session  # opened now
    atexit.register(new.close)
    bind(new).close()


def kernels() -> list[dict[str, Any]]:
    """The kernels of the server that this process uses: of each `name`, `number`, whether it is this session's (`here`)
    or `own` to one session, its `sessions`, `nodes`, `vps`, `biological_time` in ms, whether it is `running`, its
    `memory` in bytes, why its network is lost, if so, until ResetKernel (`lost`), and why it cannot go on (`gone`)."""
    return [dict(one) for one in session().list_kernels()]


def drop_kernel(name: str) -> None:
    """The kernel of this name ends, with its network, what is kept of it, and its sessions. Takes the role admin where
    it is not this session's. Errors: NESTError for the default one, and where there is none."""
    session().drop_kernel(name)


def kernel_text(one: dict[str, Any]) -> str:
    """A line."""
    state = one["gone"] or one["lost"] or ("running" if one["running"] else "at rest")
    return (
        f"{one['name']}: {state} at {one['biological_time']:g} ms, {one['nodes']} nodes on {one['vps']} virtual "
        f"processes, {one['memory'] / 1e6:.3g} MB, {one['sessions']} sessions"
    )


def main(arguments: list[str]) -> int:
    """`volley kernels [drop NAME]`; returns the exit code."""
    parser = argparse.ArgumentParser(prog="volley kernels", description="Lists the kernels of a server, or drops one.")
    parser.add_argument("--address", help="of the server (default: VOLLEY_ADDRESS, or that of volley serve)")
    actions = parser.add_subparsers(dest="action")
    actions.add_parser("drop", help="ends a kernel").add_argument("name", metavar="NAME")
    options = parser.parse_args(arguments)
    address = options.address or os.environ.get("VOLLEY_ADDRESS") or f"unix:{private_folder() / 'volley.sock'}"
    try:
        server = open_session(lambda severity, text: None, address)
        if options.action == "drop":
            server.drop_kernel(options.name)
            print(f"The kernel {options.name} is gone.")
        else:
            print("\n".join(kernel_text(one) for one in server.list_kernels()))
    except (NESTError, ValueError, PermissionError) as refused:
        print(f"volley kernels: {refused}", file=sys.stderr)
        return 1
    return 0
