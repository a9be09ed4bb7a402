"""What an interval costs and a worker holds, by virtual processes, workers and neurons: formulas with constants from
what growth.py measured, and what they make of networks that no machine here can hold."""

from collections.abc import Callable
from dataclasses import dataclass
from math import expm1, log1p, pi, sqrt
from statistics import linear_regression

INPUTS, NEURONS = 100, 12_800  # of the networks that are measured
HEADER, ROW_BYTES, INDEX_BYTES = 80, 24, 0.25  # of a frame; a row of one segment; a node that may have one
# Processor time of a frame, of reading a batch of it, and of a byte: ./volley bench links_bench.
FRAME_US, READ_US, BYTE_US = 9.0, 0.2, 0.00034
EVENT_US = 0.0011  # with a weight each: ./volley bench deliver_bench


def rows(vps: float, inputs: float) -> float:
    """On how many virtual processes a source has targets that may be anywhere."""
    return -vps * expm1(inputs * log1p(-1 / vps))


def reach(neurons: float, inputs: float) -> float:
    """Of a network in the plane: how many neurons of others are within reach of a square of so many neurons, where half
    of those within a circle are targets."""
    radius = sqrt(2 * inputs / pi / neurons)
    return neurons * (4 * radius + pi * radius**2)


@dataclass(frozen=True)
class Measured:
    """The runs of growth.json."""

    runs: list[dict]

    def of(self, kind: str, vps: int, workers: int = 1) -> dict:
        return next(r for r in self.runs if (r["kind"], r["vps"], r["workers"]) == (kind, vps, workers))

    def us(self, kind: str, vps: int) -> float:
        return self.of(kind, vps)["processor_us"]

    def batch_bytes(self, kind: str, vps: int, workers: int = 2) -> float:
        """Of all batches of an interval, each once."""
        run = self.of(kind, vps, workers)
        return (run["frame_bytes"] - HEADER * run["frames"]) / (workers - 1)


@dataclass(frozen=True)
class Load:
    """An interval of a network, on `here` of all virtual processes."""

    vps: float
    here: float
    steps: int
    neurons: float = 0  # here
    spikes: float = 0  # of the whole network
    rows: float = 0  # here, of its spikes
    events: float = 0


@dataclass(frozen=True)
class Model:
    """us and bytes."""

    vp: float  # an interval of a virtual process that has nothing
    batch: float  # to look at one
    step: float  # the same, for each of its steps
    update: float  # a neuron and step
    population: float  # an interval of some neurons
    emitted: float  # a spike
    looked_at: float  # a spike, by one virtual process
    row: float  # a spike, where it has targets
    header_bytes: dict[int, float]  # of a batch, by steps of an interval
    spike_bytes: float

    def parts_us(self, x: Load) -> dict[str, float]:
        return {
            "batches": x.here * (self.vp + x.vps * (self.batch + x.steps * self.step)),
            "spikes": x.spikes * (x.here * self.looked_at + x.here / x.vps * self.emitted),
            "rows and events": x.rows * self.row + x.events * EVENT_US,
            "update": x.neurons * x.steps * self.update + (x.here * self.population if x.neurons else 0),
        }

    def interval_us(self, kind: str, vps: int, spikes: float) -> float:
        """Of a network of growth.py on one worker."""
        x = Load(vps, vps, 1 if kind.endswith("1 step") else 15, 0 if kind.startswith("bare") else NEURONS, spikes)
        if kind in ("random", "local"):
            x = Load(x.vps, x.here, x.steps, x.neurons, spikes, spikes * rows(vps, INPUTS), spikes * INPUTS)
        return sum(self.parts_us(x).values())

    def frame_bytes(self, vps: int, workers: int, steps: int, spikes: float) -> float:
        """Of all frames of an interval."""
        batches = vps * self.header_bytes[steps] + spikes * self.spike_bytes
        return (workers - 1) * (batches + workers * HEADER)


def held_bytes(neurons: float, inputs: float, vps: float, here: float) -> dict[str, float]:
    """By the connections of `here` virtual processes, of one weight."""
    share = here / vps * neurons
    return {
        "synapses": share * inputs * 2,
        "rows": share * rows(vps, inputs) * ROW_BYTES,
        "index": here * neurons * INDEX_BYTES,
    }


def fit(m: Measured, numbers: tuple[int, ...]) -> Model:
    """To the measurements at these numbers of virtual processes. Rows become dear as they become short: the last
    number counts."""

    def line(value: Callable[[int], float]) -> tuple[float, float]:
        """(slope, value at 0)"""
        return linear_regression(numbers, [value(vps) for vps in numbers])

    def of_spike(kind: str, less: str) -> Callable[[int], float]:
        return lambda vps: (m.us(kind, vps) - m.us(less, vps)) / m.of(kind, vps)["spikes"]

    one, vp = line(lambda vps: m.us("bare, 1 step", vps) / vps)
    every, vp_too = line(lambda vps: m.us("bare, 15 steps", vps) / vps)
    population, neurons = line(lambda vps: m.us("silent", vps) - m.us("bare, 15 steps", vps))
    looked_at, emitted = line(of_spike("spiking", "silent"))
    step, few, many = (every - one) / 14, numbers[0], numbers[-1]
    header = {1: m.batch_bytes("bare, 1 step", few) / few, 15: m.batch_bytes("bare, 15 steps", few) / few}
    return Model(
        vp=(vp + vp_too) / 2,
        batch=one - step,
        step=step,
        update=neurons / NEURONS / 15,
        population=population,
        emitted=emitted,
        looked_at=looked_at,
        row=(of_spike("random", "spiking")(many) - INPUTS * EVENT_US) / rows(many, INPUTS),
        header_bytes=header,
        spike_bytes=(m.batch_bytes("random", few) - few * header[15]) / m.of("random", few, 2)["spikes"],
    )


@dataclass(frozen=True)
class Plan:
    """A network on equal workers with a core for each virtual process. Spikes/s; ms; bytes/s of a worker's network."""

    workers: int
    steps: int
    neurons: float = 1e9
    inputs: float = 1e4
    rate: float = 5.0
    here: int = 64
    step_ms: float = 0.1
    network: float = 12.5e9  # 100 Gbit/s

    @property
    def vps(self) -> int:
        return self.workers * self.here

    @property
    def ms(self) -> float:
        return self.steps * self.step_ms

    @property
    def spikes(self) -> float:
        return self.neurons * self.rate * self.ms * 1e-3


def evaluate(model: Model, p: Plan) -> dict:
    """Of an interval of a worker: frames and bytes in (as many go out), us, how much slower than real time that is; and
    the bytes that its connections take. One lane sends and reads frames for all, before the others go on. `near bytes`:
    of spikes with targets here, where connections are local and a worker has a square of the plane."""
    met = p.spikes * rows(p.vps, p.inputs) / p.vps
    one = Load(p.vps, 1, p.steps, p.neurons / p.vps, p.spikes, met, p.spikes * p.inputs / p.vps)
    others, frames = p.vps - p.here, p.workers - 1
    size = others * model.header_bytes[p.steps] + p.spikes * (1 - 1 / p.workers) * model.spike_bytes + frames * HEADER
    us = {
        **model.parts_us(one),
        "frames": frames * FRAME_US + others * READ_US + size * BYTE_US,
        "network": size / p.network * 1e6,
    }
    slower = sum(us.values()) / (p.ms * 1e3)
    held = held_bytes(p.neurons, p.inputs, p.vps, p.here)
    near = reach(p.neurons / p.workers, p.inputs) / p.neurons * p.spikes * model.spike_bytes
    return {"frames": frames, "bytes": size, "near bytes": near, "us": us, "slower": slower, "held": held}
