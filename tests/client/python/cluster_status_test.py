"""What is told of a kernel and its workers, and how."""

from volley.cluster_status import cluster_status, status_metrics, status_text

KERNEL = {"total_num_virtual_procs": 5, "network_size": 12, "biological_time": 2000.0, "time_simulate": 1.0}
HOLDING = {
    "number": 1,
    "process": 77,
    "address": "127.0.0.1",
    "lanes": 2,
    "vps": 5,
    "stale_frames": 3,
    "repeated_frames": 4,
    "sent_frames": 5,
    "sent_bytes": 600,
    "state": "holding",
}
LEFT = {"number": 3, "state": "left"}
CLUSTER = {"last_cut": 1990.0, "recoveries": 1, "last_recovery_s": 0.25, "moves": 2, "balance": 0.9}
LOST = {"number": 2, "state": "lost", "reason": "it was silent for too long"}


class kernel:
    """Answers as one does: a key that it lacks is an error."""

    def __init__(self, **facts):
        self.facts = facts

    def list_kernels(self):
        return self.facts.get("kernels", [])

    def kernel_status(self, keys):
        return {key: self.facts[key] for key in keys}


def test_a_kernel_without_workers():
    status = cluster_status(kernel(**KERNEL))
    assert status["workers"] == [] and status["nodes"] == 12 and status["vps"] == 5
    assert status["real_time_factor"] == 0.5
    assert cluster_status(kernel(**{**KERNEL, "biological_time": 0.0}))["real_time_factor"] is None


def test_workers_are_told_with_what_they_do_and_why_they_went():
    some = kernel(**KERNEL, workers=(HOLDING, LOST, LEFT), cluster=CLUSTER)
    lines = status_text(cluster_status(some)).splitlines()
    assert lines == [
        "12 nodes on 5 virtual processes, at 2000 ms",
        "wall clock / biological time: 0.5",
        "last checkpoint: at 1990 ms; 1 recoveries (the last in 0.25 s), 2 moves",
        "balance: 90% (computing of the mean lane, of the slowest worker's)",
        "worker 1: holding, process 77, 2 lanes, 5 VPs, frames dropped: 3 stale, 4 repeated",
        "worker 2: lost, it was silent for too long",
        "worker 3: left",
    ]


def test_metrics_have_a_sample_for_each_worker():
    some = kernel(**KERNEL, workers=(HOLDING, LOST, LEFT), cluster=CLUSTER)
    lines = status_metrics(cluster_status(some)).splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert samples == [
        "volley_virtual_processes 5",
        "volley_nodes 12",
        "volley_biological_time_milliseconds 2000.0",
        "volley_simulate_seconds 1.0",
        "volley_recoveries_total 1",
        "volley_last_recovery_seconds 0.25",
        "volley_moves_total 2",
        "volley_balance 0.9",
        "volley_last_checkpoint_milliseconds 1990.0",
        'volley_worker_up{worker="1"} 1',
        'volley_worker_up{worker="2"} 0',
        'volley_worker_state{worker="1",state="holding"} 1',
        'volley_worker_lanes{worker="1"} 2',
        'volley_worker_virtual_processes{worker="1"} 5',
        'volley_worker_stale_frames_total{worker="1"} 3',
        'volley_worker_repeated_frames_total{worker="1"} 4',
        'volley_worker_sent_frames_total{worker="1"} 5',
        'volley_worker_sent_bytes_total{worker="1"} 600',
    ]
    for line in samples:
        name = line.partition("{")[0].partition(" ")[0]
        assert lines.count(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}") == 1


def test_metrics_of_one_process_name_no_workers():
    assert "worker" not in status_metrics(cluster_status(kernel(**KERNEL)))


def test_all_kernels_of_a_server_are_told():
    one = {"name": "a", "sessions": 2, "running": True, "nodes": 7, "vps": 4, "memory": 2e6, "biological_time": 1.5}
    one |= {"lost": "", "gone": ""}
    rests = {**one, "name": "default", "running": False}
    status = cluster_status(kernel(**KERNEL, kernels=[one, rests, {**one, "name": "b", "lost": "it stood still"}]))
    assert "kernel b: it stood still at 1.5 ms" in status_text(status)
    assert "kernel a: running at 1.5 ms, 7 nodes on 4 virtual processes, 2 MB, 2 sessions" in status_text(status)
    lines = status_metrics(status).splitlines()
    for sample in ('nodes{kernel="a"} 7.0', 'running{kernel="a"} 1.0', 'running{kernel="default"} 0.0'):
        assert f"volley_kernel_{sample}" in lines
    assert 'volley_kernel_lost{kernel="a"} 0.0' in lines and 'volley_kernel_lost{kernel="b"} 1.0' in lines
    assert "kernel" not in status_text(cluster_status(kernel(**KERNEL, kernels=[rests])))
