"""What an operator can set: the variables of NEST Server (NEST_SERVER_...), and a few of our own (VOLLEY_HTTP_...)."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_YES = ("yes", "true", "t", "1")
MIB = 1 << 20


def new_token() -> str:
    """192 bits from the system's generator, as 48 hexadecimal digits."""
    return secrets.token_hex(24)


@dataclass(frozen=True)
class server_settings:
    """Who may come in, what they may do, and how much."""

    token: str = field(default_factory=new_token, repr=False)
    observe_token: str = field(default_factory=new_token, repr=False)  # lets look, not change
    needs_token: bool = True
    origins: tuple[str, ...] = ("http://localhost:*", "http://127.0.0.1:*")
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")  # names under which clients may call the server
    runs_source: bool = False
    restricts_source: bool = True
    source_modules: str = "import nest"
    call_s: float = 3600.0  # for one simulation or one source
    source_bytes: int = 4096 * MIB  # memory of one source
    request_bytes: int = 16 * MIB
    answer_bytes: int = 64 * MIB
    connections: int = 64

    def warnings(self) -> list[str]:
        """What the operator has opened."""
        texts = []
        if not self.needs_token:
            texts.append("everybody who reaches the address may use the server (NEST_SERVER_DISABLE_AUTH)")
        if self.runs_source:
            texts.append("clients may run Python code here (NEST_SERVER_ENABLE_EXEC_CALL)")
        if self.runs_source and not self.restricts_source:
            texts.append("that code may do all that you may do (NEST_SERVER_DISABLE_RESTRICTION)")
        return texts


def from_environment(variables: Mapping[str, str] = os.environ) -> server_settings:
    """The settings that the environment asks for. ValueError for a number that is none, and a kernel of one session."""
    if variables.get("VOLLEY_KERNEL") == "own":
        raise ValueError("VOLLEY_KERNEL=own: the HTTP server uses its kernel by several sessions; give it a name")
    chosen: dict[str, Any] = {"needs_token": not _flag(variables, "NEST_SERVER_DISABLE_AUTH")}
    chosen["runs_source"] = _flag(variables, "NEST_SERVER_ENABLE_EXEC_CALL")
    chosen["restricts_source"] = not _flag(variables, "NEST_SERVER_DISABLE_RESTRICTION")
    texts = {
        "token": "NEST_SERVER_ACCESS_TOKEN",
        "observe_token": "VOLLEY_HTTP_OBSERVE_TOKEN",
        "source_modules": "NEST_SERVER_MODULES",
    }
    chosen |= {name: variables[key] for name, key in texts.items() if variables.get(key)}
    lists = {"origins": "NEST_SERVER_CORS_ORIGINS", "hosts": "VOLLEY_HTTP_HOSTS"}
    chosen |= {name: _list(variables[key]) for name, key in lists.items() if key in variables}
    if variables.get("VOLLEY_HTTP_CALL_SECONDS"):
        chosen["call_s"] = _positive(variables, "VOLLEY_HTTP_CALL_SECONDS")
    if variables.get("VOLLEY_HTTP_EXEC_MIB"):
        chosen["source_bytes"] = int(_positive(variables, "VOLLEY_HTTP_EXEC_MIB") * MIB)
    return server_settings(**chosen)


def _flag(variables: Mapping[str, str], name: str) -> bool:
    return variables.get(name, "false").strip().lower() in _YES


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _positive(variables: Mapping[str, str], name: str) -> float:
    try:
        number = float(variables[name])
    except ValueError:
        number = 0.0
    if not 0.0 < number < 1e9:
        raise ValueError(f"{name}={variables[name]}: expected a positive number")
    return number
