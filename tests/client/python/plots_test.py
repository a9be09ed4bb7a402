"""raster_plot and voltage_trace: which data they take, and what they refuse."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

import volley as v

SPIKES = np.array([[1, 10.0], [2, 12.0], [1, 31.0], [3, 33.0]])


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def test_extract_events():
    extract = v.raster_plot.extract_events
    assert extract(SPIKES).tolist() == SPIKES.tolist()
    assert extract(SPIKES, time=31.0)[:, 1].tolist() == [10.0, 12.0]
    assert extract(SPIKES, time=[12.0, 33.0])[:, 1].tolist() == [12.0, 31.0]
    assert extract(SPIKES, sel=[1])[:, 0].tolist() == [1, 1]
    assert len(extract(SPIKES, time=[100.0, 200.0])) == 0


def test_raster_from_data():
    (dots,) = v.raster_plot.from_data(SPIKES, sel=[1, 2], title="mine", xlabel="t")
    assert dots.get_xdata().tolist() == [10.0, 12.0, 31.0] and dots.get_ydata().tolist() == [1, 2, 1]
    upper, lower = plt.gcf().axes
    assert upper.get_title() == "mine" and lower.get_xlabel() == "t"
    assert rates_of(lower).sum() * 5.0 * 2 / 1000.0 == 4  # all spikes, two neurons, 5 ms bins
    v.raster_plot.from_data(SPIKES, hist=False, grayscale=True)
    assert len(plt.gcf().axes) == 1
    with pytest.raises(ValueError):
        v.raster_plot.from_data([])


def rates_of(panel):
    (shape,) = panel.patches
    return shape.get_data().values


def test_the_rates_of_a_long_simulation_are_one_shape():
    v.raster_plot.from_data([(1, 5.0), (2, 1e6)])
    rates = rates_of(plt.gcf().axes[1])
    assert len(rates) > 199_000 and np.count_nonzero(rates) == 2


def test_raster_from_files(tmp_path):
    name = str(tmp_path / "spikes.dat")
    with open(name, "w") as file:
        file.write("# Volley\n# RecordingBackendASCII version: 2\nsender\ttime_ms\n1\t10.000\n2\t12.000\n")
    for read in (v.raster_plot.from_file, v.raster_plot.from_file_numpy, v.raster_plot.from_file_pandas):
        (dots,) = read([name, name])
        assert dots.get_ydata().tolist() == [1, 2, 1, 2]
    assert v.raster_plot.from_file(5) is None


HEADER = "# Volley\n# RecordingBackendASCII version: 2\n"


@pytest.fixture
def files(tmp_path):
    """Names of files of two virtual processes, the first of which has nothing to tell."""

    def write(heading, rows):
        names = [str(tmp_path / f"{name}.dat") for name in ("silent", "telling")]
        for name, text in zip(names, ("", rows)):
            with open(name, "w") as file:
                file.write(HEADER + heading + text)
        return names

    return write


def test_raster_from_files_of_which_some_are_silent(files):
    silent, telling = files("sender\ttime_ms\n", "1\t10.000\n2\t12.000\n")
    for names in ([silent, telling], [telling, silent], (silent, telling, silent)):
        (dots,) = v.raster_plot.from_file(names)
        assert dots.get_ydata().tolist() == [1, 2]
    for names in (silent, [silent, silent], []):
        with pytest.raises(ValueError, match="no spikes"):
            v.raster_plot.from_file(names)


def test_files_of_different_kinds_are_not_joined(files, tmp_path):
    _, telling = files("sender\ttime_ms\n", "1\t10.000\n")
    other = tmp_path / "other.dat"
    other.write_text("1\t10.0\t-70.0\n")
    with pytest.raises(ValueError, match="numbers of columns"):
        v.raster_plot.from_file([telling, str(other)])


def test_raster_from_devices(fake):
    recorder = v.Create("spike_recorder")
    fake.nodes[1]["events"] = {"senders": np.array([3, 4]), "times": np.array([1.0, 2.0])}
    (dots,) = v.raster_plot.from_device(recorder)
    assert dots.get_ydata().tolist() == [3, 4] and "'1'" in plt.gcf().axes[0].get_title()
    fake.nodes[1]["events"] = {"senders": np.array([]), "times": np.array([])}
    with pytest.raises(ValueError):
        v.raster_plot.from_device(recorder)
    recorder.record_to = "screen"
    with pytest.raises(ValueError):
        v.raster_plot.from_device(recorder)
    for others in (v.Create("multimeter"), v.Create("spike_recorder", 2), v.NodeCollection()):
        with pytest.raises(TypeError, match="a single spike_recorder"):
            v.raster_plot.from_device(others)


@pytest.fixture
def meter(fake):
    made = v.Create("multimeter", params={"record_from": ["V_m"]})
    columns = {"senders": [5, 6, 5, 6], "times": [2.0, 1.0, 1.0, 2.0], "V_m": [-65.0, -70.0, -66.0, -71.0]}
    fake.nodes[1]["events"] = {key: np.array(column) for key, column in columns.items()}
    return made


def test_traces_are_in_order_of_time(meter):
    (first,), (second,) = v.voltage_trace.from_device(meter)
    assert first.get_xdata().tolist() == [1.0, 2.0] and first.get_ydata().tolist() == [-66.0, -65.0]
    assert second.get_label() == "Neuron 6"
    (((only,)),) = v.voltage_trace.from_device(meter, neurons=[6], timeunit="s")
    assert only.get_xdata().tolist() == [0.001, 0.002]


def test_unknown_neurons_are_told(meter, capsys):
    assert v.voltage_trace.from_device(meter, neurons=[9]) == []
    assert "neuron 9" in capsys.readouterr().out


def test_devices_without_potentials(fake, meter):
    with pytest.raises(ValueError):
        v.voltage_trace.from_device(meter + v.Create("multimeter"))
    with pytest.raises(ValueError):
        v.voltage_trace.from_device(v.Create("multimeter"))
    with pytest.raises(TypeError):
        v.voltage_trace.from_device(v.Create("spike_recorder"))
    fake.nodes[1]["record_from"] = ["V_m", "g_ex"]
    meter.record_to = "ascii"
    with pytest.raises(ValueError):
        v.voltage_trace.from_device(meter)


def test_traces_of_files_of_which_some_are_silent(fake, files):
    silent, telling = files("sender\ttime_ms\tV_m\n", "5\t1.000\t-70.000\n5\t2.000\t-69.000\n")
    assert len(v.voltage_trace.from_file([silent, telling])) == len(v.voltage_trace.from_file([telling, silent])) == 1
    assert plt.gca().get_xlabel() == "Time (ms)"
    with pytest.raises(ValueError, match="no potentials"):
        v.voltage_trace.from_file([silent, silent])
    meter = v.Create("multimeter", params={"record_from": ["V_m"], "record_to": "ascii"})
    fake.nodes[1]["filenames"] = [silent, telling]
    ((line,),) = v.voltage_trace.from_device(meter)
    assert line.get_ydata().tolist() == [-70.0, -69.0]
    fake.nodes[1]["filenames"] = [silent]
    with pytest.raises(ValueError, match="no potentials"):
        v.voltage_trace.from_device(meter)


def test_traces_from_files(tmp_path):
    name = str(tmp_path / "V.dat")
    for rows, count in (
        ([[-70.0], [-69.0]], 1),
        ([[1, -70.0], [2, -69.0]], 2),
        ([[1, 1.0, -70.0], [1, 2.0, -69.0]], 1),
    ):
        np.savetxt(name, rows, header="head")
        assert len(v.voltage_trace.from_file(name)) == count
    np.savetxt(name, [[1, 2, 3, 4]])
    with pytest.raises(ValueError):
        v.voltage_trace.from_file(name)


# --- axes of the caller, and what is drawn into them -------------------------------------------------------------


def pixels(figure):
    """The picture as an array of (row, column, colour), rows from the top, in 0 .. 1."""
    figure.canvas.draw()
    return np.asarray(figure.canvas.buffer_rgba())[..., :3] / 255


def inked(figure, ax, points):
    """Whether there is something drawn at each of some points, given in the units of `ax`."""
    image = pixels(figure)
    columns, rows = np.round(ax.transData.transform(points)).astype(int).T
    return [
        bool((image[-row - 2 : -row + 2, column - 2 : column + 2] < 0.7).any()) for column, row in zip(columns, rows)
    ]


def test_a_raster_goes_into_the_axes_given(fake):
    figure, (left, right) = plt.subplots(1, 2, dpi=80)
    assert v.raster_plot.from_data(SPIKES, hist=False, title="mine", ax=right) is right
    assert len(figure.axes) == 2 and right.get_title() == "mine" and not left.lines
    assert v.raster_plot.from_data(SPIKES, ax=left) is left
    (below,) = [ax for ax in figure.axes if ax not in (left, right)]
    assert below.get_xlabel() == "Time (ms)" and below.get_ylabel() == "Rate (Hz)" and left.get_xlabel() == ""
    assert below.get_xlim() == left.get_xlim() and plt.get_fignums() == [figure.number]
    recorder = v.Create("spike_recorder")
    fake.nodes[1]["events"] = {"senders": np.array([3, 4]), "times": np.array([1.0, 2.0])}
    _, alone = plt.subplots()
    assert v.raster_plot.from_device(recorder, ax=alone) is alone and "'1'" in alone.get_title()


@pytest.mark.parametrize("grayscale", [False, True])
def test_the_picture_of_a_raster(grayscale):
    figure, ax = plt.subplots(figsize=(5, 4), dpi=80)
    v.raster_plot.from_data(SPIKES, ax=ax, grayscale=grayscale)
    below = figure.axes[1]
    assert all(inked(figure, ax, SPIKES[:, ::-1])) and not any(inked(figure, ax, [(20.0, 1.5), (25.0, 2.5)]))
    assert inked(figure, below, [(12.0, 50.0), (17.0, 50.0), (22.0, 50.0), (32.0, 50.0)]) == [True, False, False, True]
    image = pixels(figure)
    is_grey = np.ptp(image, axis=-1).max() < 0.02
    assert is_grey == grayscale and 0.8 < (image.min(axis=-1) > 0.97).mean() < 0.99


def test_traces_go_into_the_axes_given(meter, tmp_path):
    figure, (left, right) = plt.subplots(1, 2)
    assert v.voltage_trace.from_device(meter, ax=left) is left and len(left.lines) == 2 and not right.lines
    np.savetxt(tmp_path / "V.dat", [[1, 1.0, -70.0], [1, 2.0, -69.0]])
    assert v.voltage_trace.from_file(str(tmp_path / "V.dat"), title="mine", ax=right) is right
    assert right.get_title() == "mine" and len(right.lines) == 1 and plt.get_fignums() == [figure.number]


def test_the_picture_of_traces(meter):
    figure, ax = plt.subplots(figsize=(5, 4), dpi=80)
    v.voltage_trace.from_device(meter, ax=ax)
    on_lines, beside = [(1.0, -66.0), (1.5, -65.5), (1.2, -70.2), (2.0, -71.0)], [(1.5, -68.0), (1.2, -67.0)]
    assert all(inked(figure, ax, on_lines)) and not any(inked(figure, ax, beside))
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Neuron 5", "Neuron 6"]
