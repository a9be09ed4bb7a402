// The network as boxes and arrows: stimulators to the left, neurons in the middle, recorders to the right.
import { number, time } from "./plot.js";

const SVG = "http://www.w3.org/2000/svg";
const ORDER = { stimulator: 0, neuron: 1, recorder: 2 };
const BOX_H = 38,
  GAP = 22,
  MOST_LINKS = 220,
  ABOVE = 12,
  BESIDE = 52;

const element = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

// Neurons have colours, one a population; others none.
export function colours(populations) {
  let next = 0;
  return populations.map((p) => (p.kind === "neuron" ? next++ : null));
}
export const colourClass = (index) => (index === null ? "cx" : `c${index % 8}`);
export const nameOf = (p) => `${p.model}${p.size > 1 ? ` × ${number(p.size)}` : ""}`;
export const idsOf = (p) => (p.first === p.last ? `${p.first}` : `${p.first}–${p.last}`);

const kindOf = (link, populations) =>
  populations[link.to].kind === "recorder" || populations[link.from].kind === "recorder"
    ? "other"
    : link.weight < 0
      ? "inhibits"
      : link.weight > 0
        ? "excites"
        : "other";

// Boxes as wide as there is room for, so that their text keeps its size.
function place(populations, W) {
  const BOX_W = Math.round(Math.max(92, Math.min(150, 0.285 * W)));
  const columns = [[], [], []];
  populations.forEach((p, index) => columns[ORDER[p.kind] ?? 1].push(index));
  // A long middle column becomes two, as long as three columns fit beside each other.
  const shown = columns.filter((column) => column.length > 0);
  const tallest = Math.max(1, ...shown.map((column) => column.length));
  const height = tallest * (BOX_H + GAP) + GAP;
  // Neurons at the edge need room beside them for arrows along their column.
  const left = columns[0].length ? 2 : BESIDE,
    right = W - BOX_W - (columns[2].length ? 2 : BESIDE);
  const boxes = [];
  shown.forEach((column, k) => {
    const x = shown.length === 1 ? (W - BOX_W) / 2 : left + (k * (right - left)) / (shown.length - 1);
    column.forEach((index, row) => {
      boxes[index] = { x, y: ((row + 0.5) * height) / column.length - BOX_H / 2, width: BOX_W, column: k };
    });
  });
  return { boxes, height };
}

function path(a, b, bend) {
  if (a === b) {
    // to itself: a loop above
    const x = a.x + a.width / 2 + 22;
    return `M${x - 12},${a.y} C${x - 16},${a.y - 24} ${x + 16},${a.y - 24} ${x + 12},${a.y - 1}`;
  }
  if (a.column === b.column) {
    // along the column, beside it; there and back on different sides
    const down = b.y > a.y,
      side = down ? a.x + a.width : a.x,
      out = (down ? 1 : -1) * (18 + Math.min(22, 0.1 * Math.abs(b.y - a.y)));
    const ya = a.y + BOX_H / 2,
      yb = b.y + BOX_H / 2;
    return `M${side},${ya + bend} C${side + out},${ya} ${side + out},${yb} ${side + (down ? 2 : -2)},${yb + bend}`;
  }
  const right = b.x > a.x,
    xa = right ? a.x + a.width : a.x,
    xb = right ? b.x - 2 : b.x + b.width + 2;
  const ya = a.y + BOX_H / 2 + bend,
    yb = b.y + BOX_H / 2 + bend,
    half = (xb - xa) / 2;
  return `M${xa},${ya} C${xa + half},${ya} ${xb - half},${yb} ${xb},${yb}`;
}

function heads(svg) {
  const defs = svg.appendChild(element("defs", {}));
  for (const kind of ["excites", "inhibits", "other"]) {
    const marker = element("marker", {
      id: `head-${kind}`,
      class: `${kind}-head`,
      viewBox: "0 0 8 8",
      refX: 6.5,
      refY: 4,
      markerWidth: 8,
      markerHeight: 8,
      markerUnits: "userSpaceOnUse",
      orient: "auto",
    });
    marker.append(element("path", { d: kind === "inhibits" ? "M3,0 H6.5 V8 H3 Z" : "M0,0 L8,4 L0,8 Z" }));
    defs.append(marker);
  }
}

const tooltip = (link, populations) =>
  `${nameOf(populations[link.from])} → ${nameOf(populations[link.to])}\n` +
  `${link.exact ? "" : "about "}${number(link.number)} × ${link.synapse}` +
  `\nmean weight ${+link.weight.toPrecision(4)}, mean delay ${time(link.delay)}`;

export function draw(into, { populations, projections }) {
  const W = Math.max(280, into.clientWidth),
    { boxes, height } = place(populations, W),
    own = colours(populations);
  const svg = element("svg", {
    viewBox: `0 ${-ABOVE} ${W} ${height + ABOVE}`,
    role: "img",
    "aria-label": "populations and their connections",
  });
  heads(svg);
  const most = Math.max(1, ...projections.map((l) => l.number));
  projections
    .slice()
    .sort((a, b) => b.number - a.number)
    .slice(0, MOST_LINKS)
    .forEach((link) => {
      const kind = kindOf(link, populations),
        bend = kind === "inhibits" ? 6 : kind === "excites" ? -6 : 0;
      const width = 1 + (2.6 * Math.log1p(link.number)) / Math.log1p(most);
      const line = element("path", {
        class: `link ${kind}`,
        d: path(boxes[link.from], boxes[link.to], bend),
        "stroke-width": width.toFixed(2),
        "marker-end": `url(#head-${kind})`,
      });
      line.append(element("title", {}, tooltip(link, populations)));
      svg.append(line);
    });
  populations.forEach((p, index) => {
    const { x, y, width } = boxes[index],
      box = svg.appendChild(element("g", { class: `box ${colourClass(own[index])}` }));
    box.append(
      element("rect", { x, y, width, height: BOX_H, rx: 8 }),
      element("rect", { class: "tag", x: x + 6, y: y + 9, width: 4, height: BOX_H - 18, rx: 2 }),
    );
    const letters = Math.floor((width - 20) / 6.5);
    const name = p.model.length > letters ? `${p.model.slice(0, letters - 1)}…` : p.model;
    box.append(element("text", { x: x + 15, y: y + 16 }, name));
    box.append(
      element(
        "text",
        { class: "size", x: x + 15, y: y + 30 },
        p.size === 1 ? `node ${p.first}` : `${number(p.size)} nodes`,
      ),
    );
    box.append(element("title", {}, `${nameOf(p)}\n${p.kind}, ${p.size > 1 ? "nodes" : "node"} ${idsOf(p)}`));
  });
  into.replaceChildren(svg);
}
