"""A client's script whose cluster is disturbed while it runs."""

import threading
import time

BUILD = """
import nest, sys, time
nest.ResetKernel()
nest.set(total_num_virtual_procs=4)
cells = nest.Create("iaf_psc_alpha", 40, {"I_e": 400.0})
nest.Connect(cells, cells, {"rule": "fixed_indegree", "indegree": 5}, {"weight": 5.0, "delay": 1.0})
"""
RUN = """
spikes = nest.Create("spike_recorder", 1, {"record_to": sys.argv[4]})
nest.Connect(cells, spikes)
open(sys.argv[1], "w").close()
for _ in range(int(sys.argv[3])):
    nest.Simulate(float(sys.argv[2]))
    cells[:3].set(V_m=-60.0)
    time.sleep(min(0.03, 3.0 / int(sys.argv[3])))
events = spikes.get("events") if sys.argv[4] == "memory" else None
rows = sorted(zip(events["times"].tolist(), events["senders"].tolist())) if events else []
print(spikes.n_events, hash(tuple(rows)), nest.biological_time)
"""


def run(many, act, ms, times, record_to="memory"):
    """What a client is told whose cluster meets `act` half a second after its calls have begun.

    Many calls last for three seconds however fast they are: a cluster needs a few heartbeats to move what it holds.
    """
    begun = many.folder / "begun"
    begun.unlink(missing_ok=True)

    def act_meanwhile():
        while not begun.exists():
            time.sleep(0.05)
        time.sleep(0.5)
        act()

    meanwhile = threading.Thread(target=act_meanwhile, daemon=True)
    meanwhile.start()
    done = many.run(BUILD + RUN, str(begun), str(ms), str(times), record_to, timeout=120)
    meanwhile.join()
    return done
