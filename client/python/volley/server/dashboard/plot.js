// A canvas with axes: sharp on any display, in the colours of the page.
export const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const colour = (index) => css(index === null || index === undefined ? "--other" : `--c${index % 8}`);

const steps = (low, high, about) => {
  const raw = (high - low) / Math.max(1, about),
    power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5, 10].find((m) => m * power >= raw) ?? 10);
};

export function number(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return `${+(value / 1e9).toPrecision(3)} G`;
  if (size >= 1e6) return `${+(value / 1e6).toPrecision(3)} M`;
  if (size >= 1e4) return `${+(value / 1e3).toPrecision(3)} k`;
  return `${+value.toPrecision(4)}`;
}
// A time in ms, in the unit of another one that stands beside it.
export const time = (ms, like = ms) =>
  Math.abs(like) >= 10000 ? `${+(ms / 1000).toFixed(2)} s` : `${+ms.toFixed(1)} ms`;

export class Plot {
  constructor(canvas) {
    this.canvas = canvas;
    this.height = Number(canvas.getAttribute("height"));
    canvas.height = 0;
    canvas.style.height = `${this.height}px`;
  }

  // x: [from, to] in ms; y: [from, to]; ticks: whether y has numbers.
  begin(x, y, ticks = true) {
    const width = this.canvas.clientWidth,
      scale = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(this.height * scale);
    const c = (this.context = this.canvas.getContext("2d"));
    c.scale(scale, scale);
    c.font = "11px system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif";
    [this.x0, this.x1] = x[1] > x[0] ? x : [x[0], x[0] + 1];
    [this.y0, this.y1] = y[1] > y[0] ? y : [y[0] - 1, y[0] + 1];
    this.left = 46;
    this.right = width - 38;
    this.top = 6;
    this.bottom = this.height - 22;
    this.grid(ticks);
    return c;
  }

  px = (x) => this.left + ((x - this.x0) / (this.x1 - this.x0)) * (this.right - this.left);
  py = (y) => this.bottom - ((y - this.y0) / (this.y1 - this.y0)) * (this.bottom - this.top);

  grid(ticks) {
    const c = this.context;
    c.strokeStyle = css("--grid");
    c.fillStyle = css("--quiet");
    c.lineWidth = 1;
    const seconds = this.x1 > 10000,
      unit = seconds ? 1000 : 1;
    const dx = steps(this.x0 / unit, this.x1 / unit, (this.right - this.left) / 90);
    c.textAlign = "center";
    c.textBaseline = "top";
    for (let k = Math.ceil(this.x0 / unit / dx - 1e-9); k * dx * unit <= this.x1 + 1e-9; ++k) {
      const x = this.px(k * dx * unit),
        text = `${+(k * dx).toFixed(6)}`;
      this.segment(x, this.top, x, this.bottom);
      c.fillText(text, x, this.bottom + 6);
    }
    c.textAlign = "right";
    c.fillText(seconds ? "s" : "ms", this.right + 36, this.bottom + 6);
    if (!ticks) return;
    const dy = steps(this.y0, this.y1, (this.bottom - this.top) / 38);
    c.textBaseline = "middle";
    for (let k = Math.ceil(this.y0 / dy - 1e-9); k * dy <= this.y1 + 1e-9 * dy; ++k) {
      const y = this.py(k * dy);
      this.segment(this.left, y, this.right, y);
      c.fillText(number(k * dy), this.left - 7, y);
    }
  }

  segment(xa, ya, xb, yb) {
    const c = this.context;
    c.beginPath();
    c.moveTo(Math.round(xa) + 0.5, Math.round(ya) + 0.5);
    c.lineTo(Math.round(xb) + 0.5, Math.round(yb) + 0.5);
    c.stroke();
  }

  // A word in the middle, where there is nothing to draw.
  say(text) {
    this.context.textAlign = "center";
    this.context.textBaseline = "middle";
    this.context.fillText(text, (this.left + this.right) / 2, (this.top + this.bottom) / 2);
  }

  clip(draw) {
    const c = this.context;
    c.save();
    c.beginPath();
    c.rect(this.left, this.top - 2, this.right - this.left, this.bottom - this.top + 4);
    c.clip();
    draw(c);
    c.restore();
  }

  // A line through points; where there are many on a pixel, between their lowest and their highest.
  line(xs, ys, style) {
    this.clip((c) => {
      c.strokeStyle = style;
      c.lineWidth = 1.4;
      c.lineJoin = "round";
      c.beginPath();
      let column = null,
        low = 0,
        high = 0,
        last = 0,
        begun = false;
      const flush = () => {
        if (column === null) return;
        begun ? c.lineTo(column, this.py(low)) : c.moveTo(column, this.py(low));
        begun = true;
        if (high > low) c.lineTo(column, this.py(high));
        c.lineTo(column, this.py(last));
      };
      for (let i = 0; i < xs.length; ++i) {
        const here = Math.round(this.px(xs[i]) * 2) / 2;
        if (here !== column) {
          flush();
          column = here;
          low = high = ys[i];
        }
        low = Math.min(low, ys[i]);
        high = Math.max(high, ys[i]);
        last = ys[i];
      }
      flush();
      c.stroke();
    });
  }
}
