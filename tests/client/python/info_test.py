"""Messages, the status functions of old scripts, exceptions, and serialisation."""

import builtins
import json
import pickle

import numpy as np
import pytest

import volley as v
from volley.errors import exception_for
from volley.session import link


def test_messages_go_where_their_severity_says(fake, capsys):
    link().log.threshold = v.VerbosityLevel.INFO
    v.message("quiet", v.VerbosityLevel.DEBUG)
    v.message("hello")
    v.message("careful", v.VerbosityLevel.WARNING)
    out, err = capsys.readouterr()
    assert out.startswith("[INFO] [") and out.endswith("] hello\n") and "quiet" not in out
    assert err.startswith("[WARNING] [") and "info_test.py" not in err
    for threshold in (v.VerbosityLevel.ALL, v.VerbosityLevel.QUIET):
        with pytest.raises(AssertionError):
            v.message("all", threshold)


def test_places_are_shown_while_debugging(fake, capsys):
    link().log.threshold = v.VerbosityLevel.DEBUG
    v.message("here")
    v.message("there", function="f", filename="/a/b.py", lineno=7)
    out = capsys.readouterr().out
    assert (
        "info_test.py:" in out and "@ test_places_are_shown_while_debugging] here" in out and "b.py:7 @ f] there" in out
    )


def test_old_verbosity_functions(fake):
    with pytest.warns(UserWarning):
        v.set_verbosity("M_ERROR")
    with pytest.warns(UserWarning):
        assert v.get_verbosity() == 30
    for name, error in (("ERROR", IndexError), ("M_NOTHING", AttributeError)):
        with pytest.raises(error):
            v.set_verbosity(name)


def test_deprecated_functions_warn_once(recwarn):
    from volley.deprecation import deprecated

    @deprecated("something")
    def old():
        """Old."""
        return 5

    assert old() == 5
    assert old() == 5  # another line, which Python alone would warn about again
    assert old.__doc__ == "Old."
    assert [str(warning.message) for warning in recwarn] == ["old is deprecated, use something instead."]


def test_old_status_functions(fake):
    two = v.Create("iaf_psc_alpha", 2)
    with pytest.warns(UserWarning, match="set"):
        v.SetStatus(two, "V_m", [1.0, 2.0])
    with pytest.warns(UserWarning, match="get"):
        assert v.GetStatus(two, "V_m") == (1.0, 2.0)
    v.SetStatus(two, {"C_m": 5.0})
    assert v.GetStatus(two, ["C_m", "V_m"]) == ((5.0, 1.0), (5.0, 2.0)) and v.GetStatus(two, []) == ((), ())
    assert v.GetStatus(two[0], "V_m") == (1.0,) and v.GetStatus(two)[1]["V_m"] == 2.0
    assert v.GetStatus(v.NodeCollection()) == () and v.GetStatus(v.NodeCollection(), output="json") == "[]"
    assert json.loads(v.GetStatus(two, "V_m", output="json")) == [1.0, 2.0]
    connections = v.Connect(two, two, return_synapsecollection=True)
    assert v.GetStatus(connections, ["source", "target"]) == ((1, 1), (2, 1), (1, 2), (2, 2))


def test_errors_are_found_by_kind():
    assert exception_for("BadProperty") is v.NESTErrors.BadProperty
    assert (
        exception_for("builtins.KeyError") is builtins.KeyError and exception_for("KeyError") is v.NESTErrors.KeyError
    )
    assert exception_for("nonsense") is v.NESTError
    assert v.NESTErrors.IOError is not builtins.IOError
    kinds = [kind for name, kind in vars(v.NESTErrors).items() if not name.startswith("_")]
    assert len(kinds) == 57 and all(kind.__bases__ == (v.NESTError,) for kind in kinds if kind is not v.NESTError)
    with pytest.raises(v.NESTErrors.BadDelay, match="too short"):
        raise pickle.loads(pickle.dumps(v.NESTErrors.BadDelay("too short")))


def test_serialize_data(fake):
    nodes = v.Create("iaf_psc_alpha", 2)
    data = {"n": nodes, "a": np.arange(2), "b": (np.float32(0.5), np.bool_(True)), "s": "x", np.int64(3): None}
    assert v.serialize_data(data) == {"n": [1, 2], "a": [0, 1], "b": [0.5, True], "s": "x", 3: None}
    assert json.loads(v.to_json(data, indent=1))["n"] == [1, 2]
    connection = v.Connect(nodes[0], nodes[1], return_synapsecollection=True)
    assert v.serialize_data(connection)["weight"] == 1.0
    with pytest.raises(TypeError):
        v.to_json(v.random.uniform())


def test_build_info(fake, capsys):
    info = v.GetKernelStatus("build_info")
    assert info["version"] == v.__version__ and info["have_hdf5"] is True and info["test_exitcodes"]["skipped"] == 200
    assert v.GetKernelStatus()["build_info"] == info
    v.sysinfo()
    assert "have_threads" in capsys.readouterr().out
