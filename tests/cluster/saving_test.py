"""Saved on some workers and virtual processes, loaded on others: the network goes on with the same bits."""

import json
import os
import shutil
import subprocess
import sys

from conftest import HERE

HALVES = HERE / "halves.py"


def alone(folder, *arguments):
    """In a process without workers."""
    environment = {key: value for key, value in os.environ.items() if key != "VOLLEY_ADDRESS"}
    command = [sys.executable, str(HALVES), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def result_of(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


def test_workers_go_on_with_what_others_have_saved(start, tmp_path):
    expected = result_of(alone(tmp_path, "whole", "1"))
    assert expected["spikes"] > 100
    result_of(alone(tmp_path, "first", "alone.volley", "2"))
    many, few = start(3), start(1, hosts=True)
    for cluster, vps in (many, 7), (few, 3):
        shutil.copy(tmp_path / "alone.volley", cluster.folder)
        assert result_of(cluster.run(HALVES, "second", "alone.volley", str(vps))) == expected
    result_of(many.run(HALVES, "first", "many.volley", "5"))
    shutil.copy(many.folder / "many.volley", few.folder)
    shutil.copy(many.folder / "many.volley", tmp_path)
    assert result_of(few.run(HALVES, "second", "many.volley", "2")) == expected
    assert result_of(alone(tmp_path, "second", "many.volley", "7")) == expected
    # In place of what there is, on workers that have run before.
    assert result_of(many.run(HALVES, "second", "many.volley", "3")) == expected
