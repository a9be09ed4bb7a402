// The page: asks where the kernel is, and shows it.
import { Refused, keepToken, look, post } from "./api.js";
import { Activity } from "./activity.js";
import { runExample } from "./example.js";
import { draw } from "./network.js";
import { number, time } from "./plot.js";
import { listPopulations, listProjections, showRates } from "./tables.js";

const FAST_MS = 250,
  SLOW_MS = 1000;
const $ = (id) => document.getElementById(id);
const activity = new Activity(() => {
  shown.events = ""; // other rates are wanted
});
const shown = { network: null, events: "" };
let kernel = ""; // the one that is looked at; "": the first, which the server uses itself
let pace = []; // [seconds of the clock, ms of the model], lately
let lastFactor = null;
let network = { populations: [], projections: [] };
let cancelling = false,
  lagging = false;

const of = (path) => `${path}${path.includes("?") ? "&" : "?"}kernel=${kernel}`;

function pick(name) {
  kernel = name;
  pace = [];
  shown.network = lastFactor = null;
  shown.events = "";
  activity.clear();
}

function listKernels(names) {
  const choice = $("kernel");
  choice.hidden = names.length < 2;
  if (choice.options.length !== names.length || names.some((name, i) => choice.options[i].value !== name))
    choice.replaceChildren(...names.map((name) => new Option(name, name)));
  choice.value = kernel || names[0];
}

function show(what) {
  for (const id of ["door", "empty", "board"]) $(id).hidden = id !== what;
}

function setPill(kind, text) {
  $("pill").className = `pill ${kind}`;
  $("pill").lastChild.textContent = text;
}

// Seconds of the wall a second of the model takes, over the last few seconds.
function realTimeFactor(state) {
  if (!state.running || (pace.length && state.now_ms < pace[pace.length - 1][1])) pace = [];
  if (!state.running) return lastFactor;
  if (!pace.length || state.now_ms > pace[pace.length - 1][1]) pace.push([performance.now() / 1000, state.now_ms]);
  while (pace.length > 2 && pace[pace.length - 1][0] - pace[0][0] > 4) pace.shift();
  const [from, to] = [pace[0], pace[pace.length - 1]];
  return to[1] > from[1] ? (lastFactor = (1000 * (to[0] - from[0])) / (to[1] - from[1])) : null;
}

function showRun(state) {
  const { running, began_ms: began, now_ms: now, end_ms: end, may } = state,
    factor = realTimeFactor(state);
  const fraction = running ? (end > began ? (now - began) / (end - began) : 0) : now > 0 ? 1 : 0;
  setPill(running ? "running" : "idle", running ? (cancelling ? "ending" : "running") : "at rest");
  $("time").textContent = running && end > now ? `${time(now, end)} of ${time(end)}` : now > 0 ? time(now) : "";
  const left = running ? remaining((factor * (end - now)) / 1000) : "last run";
  $("pace").textContent = factor === null ? "" : `real-time factor ${brief(factor)}, ${left}`;
  $("pace").title = "seconds that a second of the network's time takes";
  $("done").style.width = `${100 * fraction}%`;
  $("done").parentElement.setAttribute("aria-valuenow", Math.round(100 * fraction));
  $("cancel").disabled = !(state.job && may.change) || cancelling;
  $("cancel").title =
    running && !state.job
      ? "another client runs it: end it there (Ctrl-C)"
      : may.change
        ? ""
        : "this token lets you look";
  document.title = running ? `${Math.floor(100 * fraction)} % – Volley` : "Volley";
}

const brief = (factor) => (factor < 100 ? +factor.toPrecision(2) : Math.round(factor));
const remaining = (s) =>
  s < 1
    ? "almost there"
    : s < 90
      ? `${Math.round(s)} s left`
      : s < 5400
        ? `${Math.round(s / 60)} min left`
        : `${(s / 3600).toFixed(1)} h left`;

function showTiles(state) {
  const s = state.status,
    bytes = ["memory_nodes", "memory_connections", "memory_events"].reduce((sum, key) => sum + (s[key] ?? 0), 0);
  const tiles = [
    [number(s.network_size), "nodes"],
    [s.num_connections === undefined ? "…" : number(s.num_connections), "connections"],
    [number(s.local_spike_counter), state.running ? "spikes, this run" : "spikes, last run"],
    [`${+s.resolution.toPrecision(3)} ms`, "resolution"],
    [s.total_num_virtual_procs, s.total_num_virtual_procs === 1 ? "VP" : "VPs", "virtual processes"],
    [bytes ? size(bytes) : "…", "memory"],
  ];
  $("tiles").replaceChildren(
    ...tiles.map(([value, label, title]) => {
      const tile = document.createElement("div"),
        text = document.createElement("b"),
        under = document.createElement("span");
      tile.className = "tile";
      tile.title = title ?? "";
      text.textContent = value;
      under.textContent = label;
      tile.append(text, under);
      return tile;
    }),
  );
}

const size = (bytes) =>
  bytes >= 2 ** 30
    ? `${(bytes / 2 ** 30).toFixed(1)} GiB`
    : bytes >= 2 ** 20
      ? `${(bytes / 2 ** 20).toFixed(1)} MiB`
      : `${Math.ceil(bytes / 1024)} KiB`;

async function showNetwork(state) {
  if (state.network === shown.network) return;
  network = await look(of("/live/network"));
  shown.network = network.network;
  activity.know(network.populations);
  draw($("network"), network);
  listPopulations($("populations"), network);
  listProjections($("projections"), network);
  const kinds = network.populations.filter((p) => p.kind === "neuron").length;
  const sampled = network.projections.some((p) => !p.exact) ? ", connections counted up from a sample" : "";
  $("network-note").textContent = network.populations.length
    ? `${kinds} ${kinds === 1 ? "population" : "populations"} of neurons${sampled}`
    : "it is being built";
}

async function showActivity(state) {
  const mark = `${state.generation}/${state.network}/${state.now_ms}/${state.running}`;
  if (mark === shown.events) return;
  const news = await look(of(`/live/events?${activity.wants()}`));
  activity.take(news);
  showRates($("populations"), news.rates);
  // What lags behind, since there is much, comes with the next looks.
  lagging = news.now_ms < state.now_ms;
  shown.events = lagging ? "" : mark;
}

async function update() {
  const state = await look(of("/live/state"));
  $("version").textContent = state.version;
  if (!state.running) cancelling = false;
  listKernels(state.kernels);
  showRun(state);
  $("try").hidden = !state.may.change || kernel !== "";
  if (state.address) $("address").textContent = state.address + (kernel ? ` VOLLEY_KERNEL=${kernel}` : "");
  if (state.status.network_size === 0) {
    show("empty");
    shown.network = lastFactor = null;
    activity.clear();
    return state;
  }
  show("board");
  showTiles(state);
  await showNetwork(state);
  await showActivity(state);
  return state;
}

async function go() {
  let wait = SLOW_MS;
  try {
    wait = (await update()).running || lagging ? FAST_MS : SLOW_MS;
  } catch (failure) {
    if (failure instanceof Refused && failure.status === 403) {
      show("door");
      setPill("offline", "no token");
      return;
    }
    if (failure instanceof Refused && failure.status === 404 && kernel) pick(""); // it was dropped
    console.error(failure);
    setPill("offline", failure instanceof Refused ? failure.message : "no connection");
    $("cancel").disabled = true;
  }
  setTimeout(go, document.hidden ? 4 * wait : wait);
}

$("token-form").onsubmit = (event) => {
  event.preventDefault();
  keepToken($("token").value);
  $("token").value = "";
  $("token-error").textContent = "";
  go().then(() => {
    if (!$("door").hidden) $("token-error").textContent = "This token opens nothing here.";
  });
};
$("cancel").onclick = () => {
  cancelling = true;
  $("cancel").disabled = true;
  post("/live/cancel").catch((failure) => setPill("offline", failure.message));
};
$("kernel").onchange = () => pick($("kernel").selectedIndex === 0 ? "" : $("kernel").value);
$("example").onclick = async () => {
  $("example").disabled = true;
  $("example-error").textContent = "";
  try {
    await runExample();
  } catch (failure) {
    if (failure.status !== 409) $("example-error").textContent = failure.message; // 409: cancelled, as wished
  }
  $("example").disabled = false;
};
const redraw = () => {
  if ($("board").hidden) return;
  draw($("network"), network);
  activity.draw();
};
addEventListener("resize", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
go();
