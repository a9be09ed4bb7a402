"""The command `nest-server`: servers in the background and at the terminal, what is told of them, and their end."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest
from volley.nest_server import main
from volley.server_instance import private_folder, server_instance


@pytest.fixture
def folder(monkeypatch):
    """Where this test's servers have their files: a short name, as sockets need one."""
    for name in [name for name in os.environ if name.startswith("NEST_SERVER_")]:
        monkeypatch.delenv(name)
    with tempfile.TemporaryDirectory(prefix="volley", dir="/tmp") as made:
        monkeypatch.setenv("XDG_RUNTIME_DIR", made)
        yield Path(made)


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def command(*arguments):
    env = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    return [sys.executable, "-m", "volley.nest_server", *map(str, arguments)], env


def nest_server(*arguments):
    line, env = command(*arguments)
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=120)


def version(port):
    token = (private_folder() / f"nest-server-127.0.0.1-{port}.socket.http-token").read_text().strip()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/", headers={"NESTServerAuth": token})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


START = ("--server", os.environ["VOLLEY_SERVER"])


def test_a_server_in_the_background_is_there_until_it_is_stopped(folder, port):
    url = f"http://127.0.0.1:{port}"
    started = nest_server("start", "-d", "-p", port, *START, "--vps", "2")
    try:
        assert started.returncode == 0 and url in started.stdout, started.stderr
        assert version(port)["mpi"] is False
        assert url in nest_server("status").stdout
        again = nest_server("start", "-d", "-p", port, *START)
        assert again.returncode == 1 and "running" in again.stderr
        log = nest_server("log", "-p", port).stdout
        token = (folder / f"volley/nest-server-127.0.0.1-{port}.socket.http-token").read_text().strip()
        assert "VOLLEY_HTTP=" in log and token not in log + started.stdout  # nobody sits at a terminal
        assert nest_server("restart", "-d", "-p", port, *START).returncode == 0
        assert version(port)["mpi"] is False
    finally:
        stopped = nest_server("stop", "-p", port)
    assert stopped.returncode == 0 and "has stopped" in stopped.stdout
    assert nest_server("status").returncode == nest_server("status", "-p", port).returncode == 1
    assert nest_server("stop", "-p", port).returncode == 1
    with pytest.raises(OSError):
        version(port)
    assert [file.name for file in (folder / "volley").iterdir()] == [f"nest-server-127.0.0.1-{port}.log"]


def test_a_server_at_the_terminal_ends_with_it(folder, port, monkeypatch):
    monkeypatch.setenv("NEST_SERVER_PORT", str(port))
    line, env = command("start", "-o", *START)
    with subprocess.Popen(line, env=env, stdout=subprocess.PIPE, text=True) as front:
        said = []
        for text in front.stdout:
            said.append(text)
            if text.startswith("dashboard"):  # what the server itself says
                break
        assert version(port)["mpi"] is False
        front.send_signal(signal.SIGINT)
        front.stdout.read()
        assert front.wait(60) == 0
    assert any("Ctrl-C" in text for text in said)
    assert nest_server("status").returncode == 1


def test_what_does_not_start_says_why(folder, port):
    with socket.create_server(("127.0.0.1", port)):
        taken = nest_server("start", "-d", "-p", port, *START)
    assert taken.returncode == 1 and "in use" in taken.stderr
    open_to_all = nest_server("start", "-d", "-h", "0.0.0.0", "-p", port, *START)
    assert open_to_all.returncode == 1 and "--insecure" in open_to_all.stderr
    assert nest_server("status").returncode == 1


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["start", "-p", "0"], "-p 0"),
        (["start", "-p", "http"], "-p http"),
        (["start", "-h", "a/../b"], "-h a/../b"),
        (["start", "-w", "4"], "one kernel"),
        (["stop", "--vps", "4"], "no option --vps"),
        (["log", "-p", "1"], "No such file"),
    ],
)
def test_mistakes_are_told(folder, capsys, arguments, said):
    assert main(arguments) == 1
    assert said in capsys.readouterr().err


def test_without_a_command_it_tells_its_commands(folder, capsys):
    assert main([]) == 2 and main(["--help"]) == 0
    assert capsys.readouterr().out.count("restart   ends it") == 2
    with pytest.raises(SystemExit):
        main(["fly"])


def test_a_later_process_of_the_same_number_is_another(folder):
    one = server_instance("127.0.0.1", 5)
    one.note(os.getpid())
    assert one.process() == os.getpid()
    file = folder / "volley/nest-server-127.0.0.1-5.pid"
    pid, began = file.read_text().split()
    file.write_text(f"{pid} {int(began) - 1}\n")
    assert one.process() is None and one.stop(0.1)
    for text in "", "x y", f"{pid}", "-1 2", f"0 {began}":
        file.write_text(text)
        assert one.process() is None


def test_a_folder_of_somebody_else_is_not_used(folder):
    (folder / "volley").mkdir(mode=0o755)
    with pytest.raises(PermissionError):
        private_folder()
    (folder / "volley").rmdir()
    (folder / "elsewhere").mkdir(mode=0o700)
    (folder / "volley").symlink_to(folder / "elsewhere")
    with pytest.raises(PermissionError):
        private_folder()
