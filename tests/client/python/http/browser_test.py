"""Pages in a headless Chromium: one from elsewhere that builds and runs a network by fetch, as NEST Desktop does, and
the dashboard. With VOLLEY_PICTURES=FOLDER the dashboard's pictures are kept there, to be looked at."""

import http.server
import os
import struct
import threading
import zlib
from pathlib import Path

import pytest
from browser import missing_programs, running_browser

_PAGE = b"<!doctype html><title>elsewhere</title><body>a page of another origin"


@pytest.fixture(scope="module")
def window():
    """A browser."""
    assert (
        not missing_programs()
    ), f"this needs the Debian packages chromium-headless-shell and chromium-driver: {missing_programs()}"
    with running_browser() as one:
        yield one


@pytest.fixture(scope="module")
def elsewhere():
    """The address of a page on another port."""

    class pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(_PAGE)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


FETCH = """
const [url, token] = arguments;
const call = async (name, body) => {
  const answer = await fetch(`${url}/api/${name}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", NESTServerAuth: token } });
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.message);
  return content;
};
return (async () => {
  try {
    await call("ResetKernel", {});
    const cells = await call("Create", { model: "iaf_psc_alpha", n: 4, params: { I_e: 400.0 } });
    const recorder = await call("Create", { model: "spike_recorder" });
    await call("Connect", { pre: cells, post: recorder });
    await call("Simulate", { t: 200.0 });
    const [status] = await call("GetStatus", { nodes: recorder });
    return { cells, n: status.n_events, times: status.events.times.length };
  } catch (failure) { return { failure: String(failure) }; }
})();
"""


def test_a_page_from_elsewhere_builds_and_runs_a_network(window, elsewhere, fresh):
    window.open(elsewhere)
    got = window.run(FETCH, fresh.url, fresh.token)
    assert got["cells"] == [1, 2, 3, 4] and got["n"] == got["times"] > 0
    assert "403" not in str(got) and "Unauthorized" in window.run(FETCH, fresh.url, "wrong")["failure"]


def hidden(name):
    return f"document.getElementById('{name}').hidden"


def text(name):
    return f"document.getElementById('{name}').textContent"


def painted(name):
    """How many pixels of a canvas have a colour."""
    return (
        f"(() => {{ const c = document.getElementById('{name}'); if (!c.height) return 0; const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
        " for (let i = 0; i < d.length; i += 4) n += Math.abs(d[i] - d[i + 2]) > 60; return n; })()"
    )


def shades(png):
    """How many different rows of pixels a picture has: few, if nothing is drawn."""
    data, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        data += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += length + 12
    width, height = struct.unpack(">II", png[16:24])
    rows = zlib.decompress(data)
    stride = len(rows) // height
    return len({rows[k * stride : (k + 1) * stride] for k in range(height)}), (width, height)


def keep(name, png):
    if folder := os.environ.get("VOLLEY_PICTURES"):
        (Path(folder) / f"{name}.png").write_bytes(png)
    return png


@pytest.mark.parametrize("dark", [False, True])
def test_the_dashboard_shows_a_run_as_it_grows_and_cancels_it(window, fresh, dark):
    name = "dark" if dark else "light"
    window.look_like(1360, 1000, dark)
    window.open(f"{fresh.url}/dashboard#{fresh.token}")
    window.wait("!" + hidden("empty"))
    keep(f"empty_{name}", window.picture())
    assert window.run("return location.href") == f"{fresh.url}/dashboard"  # the token is not left in the address
    window.errors()
    window.run("import('/dashboard/example.js').then((example) => example.runExample(1e7).catch(() => {}))")
    window.wait("!" + hidden("board"))
    window.wait(f"{painted('raster')} > 200")
    window.wait(f"{painted('rates')} > 50 && {painted('traces')} > 50")
    window.wait("document.querySelectorAll('#network .box').length == 5")
    window.wait("parseFloat(document.querySelector('#populations tr:nth-child(2) td:last-child').textContent) > 1")
    assert "iaf_psc_exp" in window.run(f"return {text('projections')}")
    window.wait(f"{text('pace')}.includes('real-time factor')")
    before = window.run(f"return {text('time')}")
    window.wait(f"{text('time')} != '{before}'")
    rows, size = shades(keep(f"running_{name}", window.picture()))
    assert rows > 300 and size == (1360, 1000)
    window.wait("!document.getElementById('cancel').disabled")
    window.run("document.getElementById('cancel').click()")
    window.wait(f"{text('pill')}.includes('at rest')")
    assert fresh.call("GetKernelStatus", keys="biological_time") < 1e7
    keep(f"cancelled_{name}", window.picture())
    assert [error for error in window.errors() if "409" not in error] == []


def test_the_dashboard_of_large_and_odd_networks_fits_a_narrow_window(window, fresh):
    groups = [fresh.call("Create", model="iaf_psc_alpha" if k % 2 else "iaf_psc_exp", n=3000) for k in range(8)]
    recorder = fresh.call("Create", "spike_recorder")
    for k, group in enumerate(groups):
        for other in groups[k], groups[(k + 1) % 8], groups[(k + 3) % 8]:
            rule = {"rule": "fixed_indegree", "indegree": 10}
            fresh.call("Connect", group, other, rule, {"weight": -5.0 if k % 2 else 2.0, "delay": 1.5})
        fresh.call("Connect", group, recorder)
    fresh.call("Simulate", t=5.0)
    window.look_like(420, 1900, False)
    window.open(f"{fresh.url}/dashboard#{fresh.observe_token}")
    window.wait("document.querySelectorAll('#network .box').length == 9")
    keep("large_narrow", window.picture())
    assert window.run("return document.documentElement.scrollWidth") <= 420
    window.wait("document.getElementById('network-note').textContent.includes('sample')")
    assert window.run("return document.getElementById('cancel').disabled")
    window.look_like(1360, 1000, True)
    window.run("return new Promise((done) => setTimeout(done, 1200))")
    keep("large_dark", window.picture())


def test_without_a_token_the_dashboard_asks_for_one(window, fresh):
    window.look_like(1360, 1000, False)
    window.open(f"{fresh.url}/dashboard#wrong")
    window.wait("!" + hidden("door"))
    keep("door", window.picture())
    window.run(f"const t = document.getElementById('token'); t.value = '{fresh.observe_token}'; t.form.requestSubmit()")
    window.wait("!" + hidden("empty"))
    assert window.run("return " + hidden("try"))
