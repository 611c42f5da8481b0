// What the live cell is made of, beside its numbers: styles, which number takes which wires, and the parts that move.

const STYLE = `
.live-cell { container-type: inline-size; color: inherit; line-height: 1.4; margin: 0.5em 0; max-width: 60em; }
.live-cell.with-sliders { max-width: 88em; }
.live-cell .said { font-size: 1.05em; margin: 0 0 0.3em; display: flex; flex-wrap: wrap; gap: 0 0.4em; padding: 0; }
.live-cell .said > span { border-bottom: 3px solid transparent; padding: 0 1px; opacity: 0.8; }
.live-cell .said > button { border: 1px solid #8888; border-bottom-width: 3px; min-width: 26px; padding: 0; }
.live-cell .said > .now { opacity: 1; font-weight: bold; border-bottom-color: currentColor; }
.live-cell svg { display: block; width: 100%; height: auto; overflow: visible; }
.live-cell .off { opacity: 0.2; }
.live-cell .row { display: flex; flex-wrap: wrap; gap: 0.4em 0.6em; align-items: center; margin: 0.4em 0; }
.live-cell button, .live-cell select { font: inherit; color: inherit; background: transparent; border: 1px solid currentColor;
  border-radius: 4px; padding: 0 0.7em; min-height: 28px; cursor: pointer; }
.live-cell option { color: #000; background: #fff; }
.live-cell label { white-space: nowrap; }
.live-cell :is(button, input, select):focus-visible { outline: 3px solid #56B4E9; outline-offset: 1px; }
.live-cell input[type=checkbox] { width: 24px; height: 24px; margin: 0 0.3em 0 0; vertical-align: middle; }
.live-cell input[type=range] { appearance: none; height: 26px; margin: 0; min-width: 0; border-radius: 4px;
  background: linear-gradient(var(--gate, #777) 0 0) 0 50% / var(--done, 50%) 7px no-repeat,
    linear-gradient(#8888 0 0) 0 50% / 100% 7px no-repeat; }
.live-cell input::-webkit-slider-thumb { appearance: none; width: 20px; height: 20px; border-radius: 50%; border: 2px solid white;
  background: var(--gate, #777); }
.live-cell input::-moz-range-thumb { width: 16px; height: 16px; border: 2px solid white; background: var(--gate, #777); }
.live-cell .strip { display: grid; grid-template-columns: max-content minmax(0, 1fr) 4em; gap: 3px 0.6em; align-items: center;
  font-size: 0.9em; }
.live-cell .strip svg { height: 30px; grid-column: 2; }
.live-cell .strip :is(output, svg + span) { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.live-cell .track { grid-column: 2; grid-row: 1 / 7; align-self: stretch; position: relative; cursor: ew-resize;
  touch-action: pan-y; }
.live-cell .cursor { position: absolute; top: 0; bottom: 0; background: currentColor; opacity: 0.22; min-width: 3px; }
.live-cell .words { min-height: 4.2em; margin: 0.4em 0; }
.live-cell .note { font-size: 0.85em; margin: 0.4em 0; }
.live-cell .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.live-cell fieldset { border: none; border-left: 5px solid var(--gate); margin: 0 0 0.4em; padding: 0 0 0 0.6em; min-width: 0;
  display: grid; grid-template-columns: 2.2em minmax(100px, 1fr) 3.2em; gap: 0 0.5em; align-items: center; }
.live-cell legend { font-weight: bold; padding: 0; font-size: 0.9em; }
.live-cell fieldset output { text-align: right; font-variant-numeric: tabular-nums; }
@container (max-width: 34em) { .live-cell .drawing > svg > text { font-size: 13.5px !important; } }
@container (min-width: 58em) {
  .live-cell .sides { display: grid; grid-template-columns: minmax(0, 2fr) minmax(18em, 1fr); gap: 1.5em; } }
@container (min-width: 34em) and (max-width: 58em) {
  .live-cell .sliders { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.5em; } }
`;
const COLOURS = { i: "#009E73", f: "#D55E00", g: "#E69F00", o: "#0072B2", c: "currentColor", h: "#CC79A7", x: "#666666" };
const NAMES = { i: "input gate", f: "forget gate", g: "candidate", o: "output gate", c: "cell state", h: "hidden state" };
const BUS = "to_f-to_i to_i-to_g to_g-o", BUS_BACK = "to_g-o to_i-to_g to_f-to_i joined-to_f h_prev-joined";
// What rides: [number, the wires it takes, when it starts and arrives (shares of a step), whose colour]
const FORWARD = [["word", "x-joined", 0, 0.22, "x"], ["h_prev", `h_prev-joined joined-to_f ${BUS}`, 0, 0.32, "h"],
  ["f", "f-kept", 0.36, 0.58, "f"], ["c_prev", "c_prev-kept", 0.36, 0.58, "c"], ["i", "i-added", 0.36, 0.56, "i"],
  ["g", "g-added", 0.44, 0.56, "g"], ["kept", "kept-sum", 0.6, 0.74, "c"], ["added", "added-sum", 0.58, 0.74, "i"],
  ["c", "sum-read read-c", 0.76, 1, "c"], ["o", "o-shown", 0.62, 0.86, "o"], ["tanh_c", "read-tanh tanh-shown", 0.82, 0.9, "c"],
  ["h", "shown-h", 0.9, 1, "h"]];
const BACKWARD = [["dh", "shown-h", 0, 0.2, "h"], ["dc_next", "read-c", 0.08, 0.32, "c"], ["do", "o-shown", 0.22, 0.42, "o"],
  ["dc_h", "tanh-shown read-tanh", 0.22, 0.32, "c"], ["dc", "sum-read kept-sum", 0.34, 0.62, "c"],
  ["dc", "added-sum", 0.46, 0.58, "i"],
  ["di", "i-added", 0.6, 0.78, "i"], ["dg", "g-added", 0.6, 0.7, "g"], ["df", "f-kept", 0.64, 0.82, "f"],
  ["dc_prev", "c_prev-kept", 0.68, 1, "c"], ["dh_prev", BUS_BACK, 0.8, 1, "h"]];
// The belt: which number each piece shows, from which share of a step on
const BELTS = { "c_prev-kept": ["c_prev", 0], "kept-sum": ["kept", 0.6], "sum-read": ["c", 0.76], "read-c": ["c", 0.84] };
const BELTS_BACK = { "read-c": ["dc_next", 0.08], "sum-read": ["dc", 0.34], "kept-sum": ["dc", 0.5],
  "c_prev-kept": ["dc_prev", 0.68] };
// The switches: what each says, and the wires that go pale with it
const PATHS = { direct: ["direct path", "c_prev-kept read-c"], i: ["through i", "i-added to_i-i"], f: ["through f", "f-kept to_f-f"],
  g: ["through g", "g-added to_g-g"], o: ["through o", "o-shown to_g-o"] };

function element(name, attributes = {}, ...inside) {
  const drawn = ["svg", "path", "rect", "g", "text", "clipPath"].includes(name);
  const made = document.createElementNS(`http://www.w3.org/${drawn ? "2000/svg" : "1999/xhtml"}`, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (["button", "input", "select"].includes(name)) made.setAttribute("data-lm-suppress-shortcuts", "");    // of JupyterLab
  made.append(...inside);
  return made;
}

const between = (a, b, share) => a + (b - a) * Math.min(1, Math.max(0, share));

// What fills a gate: `set` is given its value.
function makeFill(part, name) {
  const node = part(`node-${name}`), box = node.querySelector("path");
  const places = box.getAttribute("d").match(/-?[\d.]+/g).map(Number);
  const [left, right, top, bottom] = [0, 1].flatMap(odd => {
    const along = places.filter((_, n) => n % 2 === odd);
    return [Math.min(...along), Math.max(...along)];
  });
  const clip = element("clipPath", { id: `${node.id}-clip` }, box.cloneNode()), tall = bottom - top;
  const fill = element("rect", { x: left, width: right - left, fill: COLOURS[name], "fill-opacity": 0.55 });
  fill.setAttribute("clip-path", `url(#${clip.id})`);
  box.before(clip, fill);
  const level = value => name === "g" ? 0.5 + value / 2 : value;       // the candidate fills up or down from its middle
  return { set(value) {
    const [low, high] = [level(0), level(value)].sort((a, b) => a - b);
    fill.setAttribute("y", (top + tall * (1 - high)).toFixed(2));
    fill.setAttribute("height", (tall * (high - low)).toFixed(2));
  } };
}

// A piece of the belt: `set` is given its value as a share of the widest.
function makeBelt(part, wire) {
  const path = part(`wire-${wire}`).querySelector("path"), [x1, y, x2] = path.getAttribute("d").match(/-?[\d.]+/g).map(Number);
  const belt = element("rect", { x: Math.min(x1, x2), width: Math.abs(x2 - x1), fill: "currentColor", stroke: "currentColor" });
  const head = part(`head-${wire}`)?.querySelector("path");
  path.after(belt);
  head?.setAttribute("stroke", "currentColor");
  path.style.visibility = "hidden";                                       // it stays, for what rides on it
  return { set(value) {
    const width = Math.max(1, 12 * Math.min(1, Math.abs(value)));
    belt.setAttribute("y", (y - width / 2).toFixed(2));
    belt.setAttribute("height", width.toFixed(2));
    for (const node of [belt, head]) node?.setAttribute("fill-opacity", value < 0 ? 0.2 : 1);      // below zero it is hollow
  } };
}

// What rides on wires: `set` is given the share of the step, the number as text, and its size.
function makeRide(part, svg, [key, wires, start, end, colour]) {
  const box = element("rect", { height: 16, y: -8, rx: 5, fill: COLOURS[colour] });
  const text = element("text", { "text-anchor": "middle", y: 4 });
  const ink = { c: "var(--paper)", x: "#fff", o: "#fff" }[colour] ?? "#000";
  const group = element("g", { class: `ride ride-${key}`, visibility: "hidden" }, box, text);
  text.style.cssText = `font: 11.5px 'DejaVu Sans', Verdana, sans-serif; fill: ${ink}`;
  svg.append(group);
  let route = null, seen = "";
  return { key, start, end, set(now, number, zoom) {
    const moving = now > start && now < end && number !== undefined;
    group.setAttribute("visibility", moving ? "visible" : "hidden");
    if (!moving) return;
    if (seen !== number) {
      [seen, text.textContent] = [number, number];
      box.setAttribute("width", 9 + 7.4 * number.length);
      box.setAttribute("x", -4.5 - 3.7 * number.length);
    }
    const [px, py] = along(route ??= routeOf(part, wires), (now - start) / (end - start));
    group.setAttribute("transform", `translate(${px.toFixed(1)} ${py.toFixed(1)}) scale(${zoom})`);
  } };
}

function routeOf(part, wires) {                                            // [[length so far, x, y]], asked for once
  const points = wires.split(" ").flatMap(wire => {
    const path = part(`wire-${wire}`).querySelector("path"), length = path.getTotalLength();
    return Array.from({ length: 17 }, (_, n) => path.getPointAtLength(length * n / 16));
  });
  let length = 0;
  return points.map((p, n) => [length += n ? Math.hypot(p.x - points[n - 1].x, p.y - points[n - 1].y) : 0, p.x, p.y]);
}

function along(route, share) {
  const wanted = share * route.at(-1)[0], n = Math.max(1, route.findIndex(([length]) => length >= wanted));
  const [[a, ...from], [b, ...to]] = [route[n - 1], route[n]];
  return from.map((place, axis) => between(place, to[axis], b > a ? (wanted - a) / (b - a) : 1));
}
