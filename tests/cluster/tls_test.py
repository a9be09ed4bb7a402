"""A cluster under TLS computes the same bits, and lets in whom it should."""

import json
import os
import re
import subprocess

import pytest
from conftest import HERE, PROGRAM

NETWORK = HERE / "network.py"


def made(folder, name="ours"):
    """A folder with an authority, and certificates for this machine."""
    subprocess.run([PROGRAM, "certificates", str(folder / name)], check=True, capture_output=True)
    return folder / name


def options(folder, whose):
    files = {"certificate": f"{whose}.crt", "key": f"{whose}.key", "ca": "ca.crt"}
    return [text for option, file in files.items() for text in (f"--tls-{option}", str(folder / file))]


@pytest.fixture
def secured(start, tmp_path):
    """A cluster of two workers under TLS, and the folder of its certificates."""
    ours = made(tmp_path)
    serve = [*options(ours, "server"), "--listen", "127.0.0.1:0"]
    return start(2, serve=serve, join=options(ours, "worker")), ours


def test_two_workers_compute_the_bits_of_a_cluster_without_tls(start, secured):
    plain, (under_tls, ours) = start(2), secured
    for vps in "2", "5":
        expected, found = (many.run(NETWORK, vps) for many in (plain, under_tls))
        assert expected.returncode == 0 and found.returncode == 0, found.stderr
        assert json.loads(found.stdout) == json.loads(expected.stdout)


def refused_worker(many, *certificates):
    """What a worker says that is not let in."""
    token = ["--token-file", str(many.folder / "s.workers")]
    command = [PROGRAM, "worker", "--join", many.door, *token, "--lanes", "1", *certificates]
    done = subprocess.run(command, cwd=many.folder, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    return done.stderr


def test_others_are_refused_by_name_and_the_cluster_goes_on(secured, tmp_path):
    many, ours = secured
    others = made(tmp_path, "others")
    mixed = [*options(others, "worker")[:4], "--tls-ca", str(ours / "ca.crt")]
    assert "it refuses us by TLS" in refused_worker(many, *mixed)
    assert "its certificate is refused" in refused_worker(many, *options(others, "worker"))
    assert "one with TLS hangs up" in refused_worker(many)
    assert many.run("import nest; nest.Create('iaf_psc_alpha', 4); nest.Simulate(5.0)").returncode == 0


def test_clients_come_by_an_address_with_tls(secured):
    many, ours = secured
    address = next(found[1] for line in many.said if (found := re.match(r"VOLLEY_ADDRESS=(tls:\S+)", line)))
    token = (many.folder / "s.token").read_text().strip()
    script = "import nest; print(len(nest.Create('iaf_psc_alpha', 4)))"

    def said(address, **trusted):
        return many.run(script, environment={"VOLLEY_ADDRESS": address, "VOLLEY_TOKEN": token, **trusted})

    assert said(address, VOLLEY_TLS_CA=str(ours / "ca.crt")).stdout == "4\n"
    assert "its certificate is refused" in said(address).stderr
    plain = said(address.replace("tls:", "tcp:"))
    assert plain.returncode != 0 and "one with TLS hangs up" in plain.stderr


def test_what_other_machines_reach_needs_tls_or_insecure(tmp_path):
    for door in "--listen", "--workers-listen":
        command = [PROGRAM, "--socket", str(tmp_path / "s"), door, "0.0.0.0:0"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=dict(os.environ))
        assert done.returncode == 1 and "--insecure" in done.stderr
