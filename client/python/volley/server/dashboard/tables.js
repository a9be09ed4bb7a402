// The network as two tables: populations with their rates, and what connects them.
import { colourClass, colours, idsOf } from "./network.js";
import { number, time } from "./plot.js";

const MOST_ROWS = 200;

function table(into, head, rows) {
  const made = document.createElement("table");
  const add = (cells, tag) => {
    const row = made.insertRow();
    for (const [content, className] of cells) {
      const cell = document.createElement(tag);
      cell.className = className ?? "";
      cell.append(...[content].flat());
      if (cell.className.startsWith("name")) cell.title = cell.textContent; // it may be cut
      row.append(cell);
    }
  };
  if (rows.length) add(head, "th");
  for (const row of rows.slice(0, MOST_ROWS)) add(row, "td");
  into.replaceChildren(made);
}

function label(colour, text) {
  const dot = document.createElement("i");
  dot.className = `dot ${colourClass(colour)}`;
  return [dot, text];
}

export function listPopulations(into, { populations }) {
  const own = colours(populations);
  const head = [["model", "name"], ["nodes", "n"], ["ids", "n"], ["spikes/s", "n"]];
  table(
    into,
    head,
    populations.map((p, index) => {
      const rate = document.createElement("span");
      rate.dataset.population = index;
      return [[label(own[index], p.model), "name"], [number(p.size), "n"], [idsOf(p), "n quiet"], [rate, "n"]];
    }),
  );
}

// The mean rates of what is shown, where somebody records spikes.
export function showRates(into, { bin_ms: bin, populations }) {
  const means = new Map(
    populations.map(({ population, recorded, counts }) => [
      String(population),
      counts.length ? (1000 * counts.reduce((sum, n) => sum + n, 0)) / (counts.length * bin * recorded) : null,
    ]),
  );
  for (const cell of into.querySelectorAll("[data-population]")) {
    const mean = means.get(cell.dataset.population) ?? null;
    cell.textContent = mean === null ? "" : mean.toFixed(mean < 100 ? 1 : 0);
  }
}

export function listProjections(into, { populations, projections }) {
  const own = colours(populations),
    several = new Set(projections.map((link) => link.synapse)).size > 1;
  const end = (index) => [label(own[index], populations[index].model), "name"];
  const head = [["from", "name"], ["to", "name"], ["number", "n"], ["weight", "n"], ["delay", "n hide-narrow"]];
  if (several) head.push(["synapse", "name hide-narrow"]);
  const rows = projections
    .slice()
    .sort((a, b) => b.number - a.number)
    .map((link) => [
      end(link.from),
      end(link.to),
      [`${link.exact ? "" : "≈ "}${number(link.number)}`, "n"],
      [`${+link.weight.toPrecision(3)}`, "n"],
      [time(link.delay), "n hide-narrow"],
      ...(several ? [[link.synapse.replace(/_synapse$/, ""), "name hide-narrow"]] : []),
    ]);
  table(into, head, rows);
}
