"""How the dashboard reads what recorders hear: what is new, in parts, the newest of it."""

import numpy as np
import pytest
from volley.server import recordings
from volley.server.growing_columns import growing_columns
from volley.server.recordings import binned, dots, recorder, traces


class heard:
    """A session with one recorder."""

    def __init__(self, monkeypatch):
        self.events = {"times": np.empty(0), "senders": np.empty(0, np.int64)}
        self.parts = []  # numbers of events that were read
        self.record_to = "memory"
        monkeypatch.setattr(recordings, "session", lambda: self)
        monkeypatch.setattr(recordings, "NodeCollection", lambda ids: ids)
        monkeypatch.setattr(recordings, "PART", 100)
        monkeypatch.setattr(recordings, "KEPT", 1000)

    def hear(self, times, **values):
        new = {"times": np.asarray(times, float), "senders": 1 + np.arange(len(times)) % 7, **values}
        self.events = {key: np.concatenate([self.events.get(key, np.empty(0)), new[key]]) for key in new}

    def node_values(self, nodes, keys, after_ms=-1.0, most=2**64 - 1):
        times = self.events["times"]
        if keys != ["events"]:
            return {"n_events": [len(times)], "record_to": [self.record_to]}
        first = int(np.searchsorted(times, after_ms, side="right"))
        end = min(first + most, len(times))
        while first < end < len(times) and times[end] == times[end - 1]:
            end += 1
        self.parts.append(end - first)
        return {"events": [{key: column[first:end] for key, column in self.events.items()}]}


@pytest.fixture
def kernel(monkeypatch):
    return heard(monkeypatch)


def test_only_what_is_new_is_read(kernel):
    one = recorder(1, "spike_recorder")
    for end in 10, 20, 20, 30:
        kernel.hear(np.arange(len(kernel.events["times"]), end) + 1.0)
        one.refresh(float(end), 0.1, True)
    assert one.times().tolist() == [1.0 + k for k in range(30)]
    assert kernel.parts == [10, 10, 10] and one.read_ms == 30.0 and one.ids.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_much_is_read_in_parts(kernel):
    kernel.hear(np.repeat(np.arange(1.0, 71.0), 4))  # 280 events
    one, shown = recorder(1, "spike_recorder"), []
    for _ in range(4):
        one.refresh(70.0, 0.1, True)
        shown.append((len(one.times()), one.read_ms))
    assert shown == [(100, 25.0), (200, 50.0), (280, 70.0), (280, 70.0)]
    assert one.count == 280 and kernel.parts == [100, 100, 80]


def test_the_newest_are_kept(kernel):
    one = recorder(1, "spike_recorder")
    for end in range(90, 5000, 90):
        kernel.hear(np.arange(end - 90, end) * 0.1 + 0.1)
        one.refresh(end * 0.1, 0.1, True)
    assert len(one.times()) == 1000 and one.times()[-1] == pytest.approx(4950 * 0.1)
    assert one.from_ms == one.times()[0] == pytest.approx(495.0 - 99.9)


def test_what_was_recorded_long_before_somebody_looks_is_not_read(kernel):
    kernel.hear(np.arange(1, 50001) * 0.1)
    one = recorder(1, "spike_recorder")
    while one.read_ms < 5000.0:
        one.refresh(5000.0, 0.1, True)
    assert sum(kernel.parts) <= 1000 and one.count == 50000
    assert one.from_ms == pytest.approx(4900.0) and one.times()[0] > one.from_ms


def test_a_recorder_that_was_cleared_is_read_anew(kernel):
    one = recorder(1, "spike_recorder")
    kernel.hear([1.0, 2.0, 3.0])
    one.refresh(5.0, 0.1, True)
    kernel.events = {key: column[:0] for key, column in kernel.events.items()}
    kernel.hear([6.0])
    one.refresh(7.0, 0.1, True)
    assert one.times().tolist() == [6.0]


def test_a_run_is_not_read_for_longer_than_a_sixth_of_its_time(kernel, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(recordings.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(kernel, "node_values", slowly(kernel.node_values, now))
    one = recorder(1, "spike_recorder")
    kernel.hear([1.0])
    one.refresh(1.0, 0.1, False)
    for k in range(2, 12):
        now[0] += 1.0
        kernel.hear([float(k)])
        one.refresh(float(k), 0.1, False)
    assert kernel.parts == [1, 5, 5] and one.read_ms == 11.0


def slowly(call, now):
    """A call that takes a second for events."""

    def slow(nodes, keys, *more):
        now[0] += keys == ["events"]
        return call(nodes, keys, *more)

    return slow


def test_steps_are_times(kernel):
    kernel.hear([10.0, 20.0], offsets=np.array([0.0, 0.05]))
    one = recorder(1, "spike_recorder")
    one.refresh(2.0, 0.1, True)
    assert one.times().tolist() == pytest.approx([1.0, 1.95]) and one.quantities == []


def test_other_backends_are_told(kernel):
    kernel.record_to = "ascii"
    kernel.hear([1.0])
    one = recorder(1, "spike_recorder")
    one.refresh(2.0, 0.1, True)
    assert (one.count, one.record_to, len(one.times())) == (1, "ascii", 0)


def test_a_trace_that_shows_late_has_no_gaps(kernel):
    """Samples of an interval are seen when the next begins: those of 2.0 and 2.5 after the look at 2.5."""
    one, got, have = recorder(1, "voltmeter"), [], -1.0
    for now_ms, times in (2.5, [0.5, 1.0, 1.5]), (4.0, [2.0, 2.5, 3.0]), (5.0, []):
        kernel.hear(times, V_m=np.asarray(times) - 70.0, senders=np.full(len(times), 5))
        one.refresh(now_ms, 0.1, True)
        for trace in traces(one, have, now_ms):
            got += trace["times"]
            have = trace["until"]
    assert got == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0] and have == 3.0


def test_columns_grow_and_lose_the_oldest():
    columns, all_of_it = growing_columns(50), np.empty(0)
    for number in 1, 7, 30, 30, 200, 0, 3:
        part = len(all_of_it) + np.arange(float(number))
        all_of_it = np.concatenate([all_of_it, part])
        columns.append({"a": part, "b": -part})
        assert columns.column("a").tolist() == all_of_it[-50:].tolist()
        assert columns.column("b").tolist() == (-all_of_it[-50:]).tolist()
    assert (columns.taken, columns.dropped, len(columns)) == (271, 221, 50)
    assert columns.names() == ["a", "b"] and len(columns.column("c")) == 0


def test_spikes_are_counted_in_the_bins_that_are_over():
    assert binned(np.array([0.1, 1.0, 1.1, 2.0, 2.5]), 0, 2.9, 1.0) == [2, 2]
    assert binned(np.array([0.1, 1.0, 1.1, 2.0, 2.5]), 1, 2.9, 1.0) == [2]
    assert binned(np.array([]), 0, 0.0, 1.0) == []


def test_a_raster_of_many_neurons_is_thinned_out_to_some_it_had_before():
    one = recorder(1, "spike_recorder")
    shown = []
    for count in 200, 400, 5000:
        one.ids = np.arange(1, count + 1)
        one.events = growing_columns(10**6)
        one.events.append({"senders": one.ids, "times": np.arange(count) * 0.1})
        shown.append(set(dots(one, -1.0, 1e3)["ids"]))
        assert len(shown[-1]) <= 260
    assert shown[2] & set(range(401)) <= shown[1] and shown[1] & set(range(201)) <= shown[0]
    assert dots(one, 499.9, 1e3)["times"] == [] and len(dots(one, 400.0, 499.0)["times"]) < len(
        dots(one, 300.0, 499.0)["times"]
    )
