"""Where recorders write: every backend with all of its options, and what is refused."""

import os
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest


def driven(nest, times, n=1):
    """`n` parrots that spike a step after `times`; the first node is their generator."""
    generator = nest.Create("spike_generator", params={"spike_times": times})
    parrots = nest.Create("parrot_neuron", n)
    nest.Connect(generator, parrots, syn_spec={"delay": 0.1})
    return parrots


def spikes_of(nest, parrots, **params):
    recorder = nest.Create("spike_recorder", params=params)
    nest.Connect(parrots, recorder)
    return recorder


def rows(names):
    """Lines of files without their headings."""
    return sorted(line for name in names for line in Path(name).read_text().splitlines()[3:])


# ---- ascii


def test_ascii_has_a_file_on_each_virtual_process(nest, tmp_path):
    nest.local_num_threads = 3
    recorder = spikes_of(nest, driven(nest, [1.0], 4), record_to="ascii")
    assert recorder.filenames == [f"{tmp_path}/spike_recorder-6-{vp}.dat" for vp in range(3)]
    nest.Simulate(3.0)
    assert rows(recorder.filenames) == [f"{node}\t1.100" for node in (2, 3, 4, 5)]


def test_names_of_ascii_files_have_all_their_parts(nest, tmp_path):
    (tmp_path / "inner").mkdir()
    nest.set(data_path=str(tmp_path / "inner"), data_prefix="pre_")
    nest.Create("iaf_psc_alpha", 8)
    parrots = driven(nest, [1.0])
    recorder = spikes_of(nest, parrots, record_to="ascii", label="mine", file_extension="txt")
    assert recorder.filenames == [f"{tmp_path}/inner/pre_mine-11-0.txt"]
    nest.data_prefix = ""
    assert recorder.filenames == [f"{tmp_path}/inner/mine-11-0.txt"]
    nest.data_prefix = "no/slash"  # told in the log alone, as in NEST
    nest.data_path = str(tmp_path / "nowhere")
    assert (nest.data_prefix, nest.data_path) == ("", str(tmp_path / "inner"))


@pytest.mark.parametrize("precision, text", [(0, "1"), (1, "1.1"), (7, "1.1000000")])
def test_ascii_has_as_many_decimals_as_asked_for(nest, precision, text):
    recorder = spikes_of(nest, driven(nest, [1.0]), record_to="ascii", precision=precision)
    nest.Simulate(3.0)
    assert rows(recorder.filenames) == [f"2\t{text}"]


def test_ascii_counts_in_steps(nest):
    parrots = driven(nest, [1.0])
    recorder = spikes_of(nest, parrots, record_to="ascii", time_in_steps=True)
    meter = nest.Create("multimeter", params={"record_to": "ascii", "record_from": ["V_m", "I_syn_ex"]})
    nest.Connect(meter, nest.Create("iaf_psc_alpha"))
    nest.Simulate(3.0)
    headings = [Path(device.filenames[0]).read_text().splitlines()[2] for device in (recorder, meter)]
    assert headings == ["sender\ttime_step\ttime_offset", "sender\ttime_ms\tV_m\tI_syn_ex"]
    assert rows(recorder.filenames) == ["2\t11\t0.000"]
    assert rows(meter.filenames)[0] == "5\t1.000\t-70.000\t0.000"
    with pytest.raises(nest.NESTErrors.BadProperty):
        recorder.time_in_steps = False


def test_a_prepare_that_fails_may_be_ended_by_cleanup(nest, tmp_path):
    recorder = spikes_of(nest, driven(nest, [1.0]), record_to="ascii")
    Path(recorder.filenames[0]).write_text("of somebody else")
    for call in (nest.Prepare, lambda: nest.Simulate(3.0)):
        with pytest.raises(nest.NESTErrors.IOError, match="overwrite_files"):
            call()
        nest.Cleanup()
        with pytest.raises(nest.NESTErrors.KernelException):
            nest.Cleanup()
    nest.overwrite_files = True
    nest.Simulate(3.0)
    assert rows(recorder.filenames) == ["2\t1.100"]


# ---- screen


SCREEN = """
import nest
for time, options in ((1.0, {"precision": 1}), (1.5, {"time_in_steps": True})):
    generator, parrot = nest.Create("spike_generator", params={"spike_times": [time]}), nest.Create("parrot_neuron")
    nest.Connect(generator, parrot, syn_spec={"delay": 0.1})
    nest.Connect(parrot, nest.Create("spike_recorder", params={"record_to": "screen", **options}))
nest.Simulate(3.0)
"""


def test_screen_writes_rows_to_standard_output():
    environment = {key: value for key, value in os.environ.items() if key != "VOLLEY_ADDRESS"}  # the kernel's screen
    script = [sys.executable, "-c", SCREEN]
    shown = subprocess.run(script, env=environment, check=True, capture_output=True, text=True).stdout
    assert shown == "2\t1.1\n5\t16\t0.000\n"


# ---- memory


def test_memory_has_times_or_steps(nest):
    parrots = driven(nest, [1.0])
    plain, steps = spikes_of(nest, parrots), spikes_of(nest, parrots, time_in_steps=True)
    nest.Simulate(3.0)
    assert plain.events["times"].tolist() == [1.1] and set(plain.events) == {"senders", "times"}
    assert steps.events["times"].tolist() == [11] and steps.events["offsets"].tolist() == [0.0]
    assert steps.events["times"].dtype == np.int64
    plain.n_events = 0
    assert plain.n_events == 0 and len(plain.events["times"]) == 0 and steps.n_events == 1
    with pytest.raises(nest.NESTErrors.BadProperty):
        plain.n_events = 3


# ---- sonata


@pytest.mark.parametrize("vps", [1, 3])
def test_sonata_is_one_file_on_any_number_of_virtual_processes(nest, tmp_path, vps):
    nest.local_num_threads = vps
    parrots = driven(nest, [1.0, 12.0], 4)
    recorder = spikes_of(nest, parrots, record_to="sonata", populations=["some", "more"], first_nodes=[2, 4])
    assert recorder.filenames == [f"{tmp_path}/spike_recorder-6.h5"]
    nest.Simulate(10.0)
    assert recorder.n_events == 4 and "events" not in recorder.get()
    with nest.RunManager():
        nest.Run(5.0)
    assert recorder.n_events == 8
    with h5py.File(recorder.filenames[0]) as file:
        assert file.attrs["magic"] == 0x0A7A and file.attrs["version"].tolist() == [0, 1]
        for name in ("some", "more"):
            group = file["spikes"][name]
            assert group["timestamps"][:].tolist() == [1.1, 1.1, 12.1, 12.1]
            assert group["timestamps"].attrs["units"] == "ms"
            assert group["node_ids"][:].tolist() == [0, 1, 0, 1] and group["node_ids"].dtype == np.uint64
            assert h5py.check_enum_dtype(group.attrs.get_id("sorting").dtype)["by_time"] == group.attrs["sorting"]
    recorder.n_events = 0
    assert recorder.n_events == 0


@pytest.mark.parametrize("vps", [1, 3])
def test_sonata_has_samples_as_frames(nest, tmp_path, vps):
    nest.local_num_threads = vps
    neurons = nest.Create("iaf_psc_alpha", 5, {"I_e": [0.0, 100.0, 200.0, 300.0, 400.0]})
    params = {"record_from": ["V_m"], "interval": 0.5}
    to_file = nest.Create("multimeter", params={**params, "record_to": "sonata", "label": "potentials"})
    to_memory = nest.Create("multimeter", params=params)
    for meter in (to_file, to_memory):
        nest.Connect(meter, neurons)
    for duration in (10.0, 3.3, 6.7):
        nest.Simulate(duration)
    expected = to_memory.events
    with h5py.File(f"{tmp_path}/potentials-6.h5") as file:
        report = file["report/All"]
        data, (begin, end, interval) = report["data"][:], report["mapping/time"][:]
        assert report["data"].attrs["units"] == "mV" and report["mapping/time"].attrs["units"] == "ms"
        assert report["mapping/node_ids"][:].tolist() == [1, 2, 3, 4, 5]
        assert report["mapping/index_pointers"][:].tolist() == [0, 1, 2, 3, 4, 5]
        assert report["mapping/element_ids"][:].tolist() == [0] * 5
    assert (begin, interval) == (0.5, 0.5) and end == begin + len(data) * interval
    assert data.ravel().tolist() == expected["V_m"].tolist() and len(data) * 5 == to_file.n_events


def test_a_sonata_file_of_another_is_refused_or_replaced(nest, tmp_path):
    recorder = spikes_of(nest, driven(nest, [1.0]), record_to="sonata", file_name="mine.h5")
    (tmp_path / "mine.h5").write_text("of somebody else")
    with pytest.raises(nest.NESTErrors.IOError, match="overwrite_files"):
        nest.Simulate(3.0)
    assert (tmp_path / "mine.h5").read_text() == "of somebody else" and nest.biological_time == 0.0
    nest.overwrite_files = True
    nest.Simulate(3.0)
    nest.overwrite_files = False
    nest.Simulate(3.0)  # its own file goes on
    with h5py.File(recorder.filenames[0]) as file:
        assert file["spikes/All/node_ids"][:].tolist() == [2]


def test_a_sonata_file_grows_with_the_network(nest):
    neurons = nest.Create("iaf_psc_alpha", 2)
    meter = nest.Create("voltmeter", params={"record_to": "sonata"})
    nest.Connect(meter, neurons)
    nest.Simulate(4.0)
    nest.Connect(meter, nest.Create("iaf_psc_alpha", params={"V_m": -65.0}))
    nest.Simulate(4.0)
    with h5py.File(meter.filenames[0]) as file:
        assert file["report/All/mapping/node_ids"][:].tolist() == [1, 2, 4]
        data = file["report/All/data"][:]
    assert data.shape == (7, 3) and np.isnan(data[:3, 2]).all() and np.isfinite(data[5:, 2]).all()
    assert np.isfinite(data[:, :2]).all()


@pytest.mark.parametrize(
    "model, params",
    [
        ("spike_recorder", {"populations": ["a"]}),
        ("spike_recorder", {"populations": ["a", "a"], "first_nodes": [1, 2]}),
        ("spike_recorder", {"populations": ["a/b"], "first_nodes": [1]}),
        ("spike_recorder", {"populations": ["a", "b"], "first_nodes": [2, 1]}),
        ("spike_recorder", {"file_name": "zero\0byte"}),
        ("multimeter", {"record_from": ["V_m", "I_syn_ex"]}),
        ("weight_recorder", {}),
    ],
)
def test_what_sonata_cannot_write_is_refused(nest, model, params):
    with pytest.raises(nest.NESTErrors.BadProperty, match=model):
        nest.Create(model, params={"record_to": "sonata", **params})
    assert nest.network_size == 0


# ---- backends


def test_backends_have_defaults_and_keys_of_their_own(nest):
    assert nest.recording_backends == ["ascii", "memory", "screen", "sonata"] and nest.stimulation_backends == []
    keys = {"time_in_steps", "precision", "file_extension", "file_name", "populations", "first_nodes"}
    own = {
        "memory": {"time_in_steps"},
        "ascii": {"time_in_steps", "precision", "file_extension"},
        "screen": {"time_in_steps", "precision"},
        "sonata": {"file_name", "populations", "first_nodes"},
    }
    for name, expected in own.items():
        recorder = nest.Create("spike_recorder", params={"record_to": name})
        assert keys & set(recorder.get()) == expected
        assert nest.GetDefaults(name) == {"element_type": "recording_backend"}
        nest.SetDefaults(name, {})
        with pytest.raises(nest.NESTErrors.UnaccessedDictionaryEntry):
            nest.SetDefaults(name, {"precision": 5})


@pytest.mark.parametrize("name", ["mpi", "sionlib", "Ascii", ""])
def test_backends_that_are_not_there(nest, name):
    with pytest.raises(nest.NESTErrors.BadProperty, match="spike_recorder: record_to"):
        nest.Create("spike_recorder", params={"record_to": name})
    with pytest.raises(nest.NESTErrors.UnknownComponent):
        nest.GetDefaults(name)
    if name:
        with pytest.raises(nest.NESTErrors.BadProperty, match="stimulus_source"):
            nest.Create("dc_generator", params={"stimulus_source": name})


def test_recorders_are_locked_while_a_run_is_prepared(nest):
    recorder = nest.Create("spike_recorder", params={"record_to": "ascii"})
    with nest.RunManager():
        for changes in ({"precision": 5}, {"record_to": "memory"}, {"label": "x"}, {"n_events": 0}):
            with pytest.raises(nest.NESTErrors.BadProperty):
                recorder.set(changes)
    recorder.set(record_to="screen", precision=5)
    assert (recorder.record_to, recorder.precision) == ("screen", 5)
