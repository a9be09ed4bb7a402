// Spikes, rates and traces: what came so far is kept here, so that only what is new is asked for.
import { Plot, colour, css, number } from "./plot.js";
import { colourClass, colours, idsOf, nameOf } from "./network.js";

const KEPT = 60000; // dots of a raster, points of a trace
const WINDOWS = { "200 ms": 200, "1 s": 1000, "5 s": 5000, all: Infinity };
const $ = (id) => document.getElementById(id);

export class Activity {
  // `changed` is called when another stretch of time is to be shown.
  constructor(changed) {
    this.plots = { raster: new Plot($("raster")), rates: new Plot($("rates")), traces: new Plot($("traces")) };
    this.window = 1000;
    this.clear();
    for (const [name, ms] of Object.entries(WINDOWS)) {
      const button = document.createElement("button");
      button.textContent = name;
      button.ariaPressed = String(ms === this.window);
      button.onclick = () => {
        this.window = ms;
        for (const other of $("window").children) other.ariaPressed = String(other === button);
        this.draw();
        changed();
      };
      $("window").append(button);
    }
  }

  clear() {
    this.rasters = new Map();
    this.traces = new Map();
    this.rates = { bin_ms: 1, first: 0, populations: [] };
    this.now = 0;
    this.generation = null;
    this.populations = [];
    this.own = [];
    this.heard = false;
  }

  know(populations) {
    this.populations = populations;
    this.own = colours(populations);
  }

  // What to ask for: have=12:103.4,13:99 tells up to where the events of each recorder are here.
  wants() {
    const until = new Map();
    for (const [recorder, raster] of this.rasters) until.set(recorder, raster.until);
    for (const trace of this.traces.values())
      until.set(trace.recorder, Math.max(until.get(trace.recorder) ?? -1, trace.until));
    const have = [...until].map(([recorder, ms]) => `${recorder}:${ms}`).join(",");
    return `have=${have}&last=${this.window === Infinity ? "inf" : this.window}`;
  }

  take(news) {
    if (news.generation !== this.generation || news.now_ms < this.now) {
      const known = this.populations;
      this.clear();
      this.know(known);
      this.generation = news.generation;
    }
    this.now = news.now_ms;
    this.rates = news.rates;
    this.heard = news.rasters.length + news.traces.length > 0;
    this.elsewhere = [...news.rasters].filter((r) => r.record_to !== "memory");
    for (const part of news.rasters) this.takeDots(part);
    for (const part of news.traces) this.takePoints(part);
    this.draw();
  }

  takeDots(part) {
    const raster = this.rasters.get(part.recorder) ?? { times: [], rows: [], until: -1 };
    const shown = new Set(part.ids),
      keep = raster.rows.map((id) => shown.has(id));
    raster.times = raster.times
      .filter((_, i) => keep[i])
      .concat(part.times)
      .slice(-KEPT);
    raster.rows = raster.rows
      .filter((_, i) => keep[i])
      .concat(part.rows)
      .slice(-KEPT);
    raster.until = Math.max(raster.until, part.until);
    Object.assign(raster, { ids: part.ids, senders: part.senders, events: part.events });
    this.rasters.set(part.recorder, raster);
  }

  takePoints(part) {
    const key = `${part.recorder}/${part.node}`,
      trace = this.traces.get(key) ?? { times: [], values: [], until: -1 };
    trace.times = trace.times.concat(part.times).slice(-KEPT);
    trace.values = trace.values.concat(part.values).slice(-KEPT);
    trace.until = Math.max(trace.until, part.until);
    Object.assign(trace, { recorder: part.recorder, node: part.node, quantity: part.quantity });
    this.traces.set(key, trace);
  }

  // The population that a node belongs to, as the index of its colour.
  colourOf(id) {
    const at = this.populations.findIndex((p) => p.first <= id && id <= p.last);
    return at < 0 ? null : this.own[at];
  }

  // Its ids, where several are of one model and size.
  nameOf(population) {
    const names = this.populations.map(nameOf),
      name = names[population] ?? "";
    return names.indexOf(name) === names.lastIndexOf(name)
      ? name
      : `${this.populations[population].model} ${idsOf(this.populations[population])}`;
  }

  span() {
    const to = Math.max(this.now, 1);
    return [Math.max(0, to - this.window), Math.max(to, Math.min(this.window, 100))];
  }

  draw() {
    const raster = [...this.rasters.values()].sort((a, b) => b.events - a.events)[0];
    const rows = this.rates.populations,
      traces = [...this.traces.values()];
    $("raster-card").hidden = !raster;
    $("rates-card").hidden = rows.length === 0;
    $("traces-card").hidden = traces.length === 0;
    $("silent").hidden = Boolean(raster) || traces.length > 0;
    if (raster) this.drawRaster(raster);
    if (rows.length) this.drawRates(rows);
    if (traces.length) this.drawTraces(traces);
  }

  drawRaster(raster) {
    const place = new Map(raster.ids.map((id, row) => [id, row])),
      count = Math.max(1, raster.ids.length),
      plot = this.plots.raster;
    const c = plot.begin(this.span(), [-0.5, count - 0.5], false);
    const size = Math.max(1.9, Math.min(3.2, (plot.bottom - plot.top) / count)),
      shades = new Map();
    plot.clip(() => {
      for (let i = 0; i < raster.times.length; ++i) {
        if (raster.times[i] < plot.x0) continue;
        const id = raster.rows[i];
        if (!shades.has(id)) shades.set(id, colour(this.colourOf(id)));
        c.fillStyle = shades.get(id);
        c.fillRect(plot.px(raster.times[i]) - size / 2, plot.py(place.get(id)) - size / 2, size, size);
      }
    });
    c.fillStyle = css("--quiet");
    if (raster.events === 0) plot.say(this.now > 0 ? "no spikes so far" : "no spikes yet");
    c.textAlign = "right";
    c.textBaseline = "middle";
    if (raster.ids.length) {
      c.fillText(raster.ids[count - 1], plot.left - 7, plot.top + 6);
      c.fillText(raster.ids[0], plot.left - 7, plot.bottom - 5);
    }
    const part =
      raster.ids.length < raster.senders ? `, ${raster.ids.length} of ${number(raster.senders)} neurons shown` : "";
    $("raster-note").textContent =
      raster.record_to && raster.record_to !== "memory"
        ? `recorded to ${raster.record_to}`
        : `${number(raster.events)} spikes${part}`;
  }

  drawRates(rows) {
    const { bin_ms: bin, first } = this.rates,
      plot = this.plots.rates;
    let top = 1;
    const lines = rows.map(({ population, recorded, counts }) => {
      const rates = counts.map((count) => (1000 * count) / bin / recorded);
      top = Math.max(top, ...rates);
      return [population, counts.map((_, k) => (first + k + 0.5) * bin), rates];
    });
    plot.begin(this.span(), [0, top * 1.08]);
    for (const [population, xs, ys] of lines) plot.line(xs, ys, colour(this.own[population]));
    legend(
      $("rates-legend"),
      rows.map(({ population }) => [
        this.own[population],
        this.nameOf(population),
      ]),
    );
  }

  drawTraces(traces) {
    const [from, to] = this.span(),
      plot = this.plots.traces,
      shown = traces.slice(0, 6);
    let low = Infinity,
      high = -Infinity;
    for (const { times, values } of shown)
      for (let i = 0; i < times.length; ++i)
        if (times[i] >= from) {
          low = Math.min(low, values[i]);
          high = Math.max(high, values[i]);
        }
    if (low > high) [low, high] = [-70, -50];
    const margin = Math.max(0.04 * (high - low), 1e-6 + 1e-3 * Math.abs(high));
    plot.begin([from, to], [low - margin, high + margin]);
    shown.forEach(({ times, values }, index) => {
      const first = times.findIndex((t) => t >= from);
      if (first >= 0) plot.line(times.slice(first), values.slice(first), colour(index));
    });
    const quantity = shown[0].quantity;
    $("traces-title").textContent = quantity === "V_m" ? "Voltage" : quantity;
    $("traces-note").textContent = quantity === "V_m" ? "mV" : "";
    legend(
      $("traces-legend"),
      shown.map(({ node }, index) => [index, `node ${node}`]),
    );
  }
}

function legend(into, entries) {
  into.replaceChildren(
    ...entries.map(([index, text]) => {
      const entry = document.createElement("span"),
        dash = document.createElement("i");
      dash.className = colourClass(index);
      entry.append(dash, text);
      return entry;
    }),
  );
}
