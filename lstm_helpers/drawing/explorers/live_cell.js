// The drawing of the LSTM cell, moving: forward with the numbers of a trace or of one unit computed here, or backward with gradients.
// spec: {svg, kind: "trace" | "unit" | "backward", words, start, play, units, signals: [{i: [T], …}] and, backward, back: [{loss: [T],
// left: {"11111": [T+1]}}]: dL/dh that leaves each step to the left, for each setting of the switches; a unit: x, weights, presets}

const STYLE = `
.live-cell { container-type: inline-size; color: inherit; line-height: 1.4; margin: 0.5em 0; max-width: 60em; }
.live-cell.with-sliders { max-width: 88em; }
.live-cell .said { font-size: 1.05em; margin: 0 0 0.3em; display: flex; flex-wrap: wrap; gap: 0 0.4em; padding: 0; }
.live-cell .said > * { border: none; border-bottom: 3px solid transparent; background: none; color: inherit; font: inherit; opacity: 0.65; padding: 0 1px; }
.live-cell .said button { border: 1px solid #8888; min-width: 26px; min-height: 26px; cursor: pointer; }
.live-cell .said > .now { opacity: 1; font-weight: bold; border-bottom: 3px solid currentColor; }
.live-cell svg { display: block; width: 100%; height: auto; overflow: visible; }
.live-cell .off { opacity: 0.2; }
.live-cell .row { display: flex; flex-wrap: wrap; gap: 0.4em 0.6em; align-items: center; margin: 0.4em 0; }
.live-cell button, .live-cell select { font: inherit; color: inherit; background: transparent; border: 1px solid currentColor; border-radius: 4px;
  padding: 0 0.7em; min-height: 28px; cursor: pointer; }
.live-cell option { color: #000; background: #fff; }
.live-cell label { white-space: nowrap; }
.live-cell :is(button, input, select):focus-visible { outline: 3px solid #56B4E9; outline-offset: 1px; }
.live-cell input[type=checkbox] { width: 24px; height: 24px; margin: 0 0.3em 0 0; vertical-align: middle; }
.live-cell input[type=range] { height: 26px; margin: 0; min-width: 0; accent-color: var(--gate, #777); }
.live-cell .strip { display: grid; grid-template-columns: max-content minmax(0, 1fr) 4em; gap: 3px 0.6em; align-items: center; font-size: 0.9em; }
.live-cell .strip svg { height: 30px; grid-column: 2; }
.live-cell .strip output { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.live-cell .track { grid-column: 2; grid-row: 1 / 7; align-self: stretch; position: relative; cursor: ew-resize; touch-action: pan-y; }
.live-cell .cursor { position: absolute; top: 0; bottom: 0; background: currentColor; opacity: 0.22; min-width: 3px; }
.live-cell .words { min-height: 4.2em; margin: 0.4em 0; }
.live-cell .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.live-cell fieldset { border: none; border-left: 5px solid var(--gate); margin: 0 0 0.4em; padding: 0 0 0 0.6em; min-width: 0;
  display: grid; grid-template-columns: 2.2em minmax(100px, 1fr) 3.2em; gap: 0 0.5em; align-items: center; }
.live-cell legend { font-weight: bold; padding: 0; font-size: 0.9em; }
.live-cell fieldset output { text-align: right; font-variant-numeric: tabular-nums; }
@container (min-width: 58em) { .live-cell .sides { display: grid; grid-template-columns: minmax(0, 2fr) minmax(18em, 1fr); gap: 1.5em; } }
@container (min-width: 34em) and (max-width: 58em) { .live-cell .sliders { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.5em; } }
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
  ["dc_h", "tanh-shown read-tanh", 0.22, 0.32, "c"], ["dc", "sum-read kept-sum", 0.34, 0.62, "c"], ["dc", "added-sum", 0.46, 0.58, "i"],
  ["di", "i-added", 0.6, 0.78, "i"], ["dg", "g-added", 0.6, 0.7, "g"], ["df", "f-kept", 0.64, 0.82, "f"],
  ["dc_prev", "c_prev-kept", 0.68, 1, "c"], ["dh_prev", BUS_BACK, 0.8, 1, "h"]];
const BELTS = { "c_prev-kept": ["c_prev", 0], "kept-sum": ["kept", 0.6], "sum-read": ["c", 0.76], "read-c": ["c", 0.84] };
const BELTS_BACK = { "read-c": ["dc_next", 0.08], "sum-read": ["dc", 0.34], "kept-sum": ["dc", 0.5], "c_prev-kept": ["dc_prev", 0.68] };
const PATHS = { direct: ["direct path", "c_prev-kept read-c"], i: ["through i", "i-added to_i-i"], f: ["through f", "f-kept to_f-f"],
  g: ["through g", "g-added to_g-g"], o: ["through o", "o-shown to_g-o"] };
const STEP_TAKES = 2200, REST = 0.15, JUMP_EVERY = 900, SPOKEN_EVERY = 1000;          // milliseconds; the rest is a share of a step

function element(name, attributes = {}, ...inside) {
  const made = ["svg", "path", "rect", "g", "text", "clipPath"].includes(name) && attributes !== null
    ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  if (["button", "input", "select"].includes(name)) made.setAttribute("data-lm-suppress-shortcuts", "true");   // JupyterLab takes keys
  made.append(...inside);
  return made;
}

const between = (a, b, share) => a + (b - a) * Math.min(1, Math.max(0, share));
const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

// Put a live cell into an element; returns {go, stop}.
export function liveCell(root, spec) {
  const id = `live-cell-${Math.random().toString(36).slice(2, 8)}`, back = spec.kind === "backward", ahead = back ? -1 : 1;
  const still = matchMedia("(prefers-reduced-motion: reduce)"), prefix = back ? "d" : "";
  const weights = [...spec.weights ?? []], x = [...spec.x ?? []], on = { direct: true, i: true, f: true, g: true, o: true };
  const T = spec.x ? x.length : spec.signals[0].c.length, first = back ? T - 1 : 0, last = T - 1 - first;
  let unit = spec.unit ?? 0, t = spec.start ?? first, share = 1, playing = false, frame = 0, before = 0, spoken = 0, soon = 0;
  let steps, shown, widest, texts = {};

  // --- the parts of the page
  const drawing = element("div", { class: "drawing" });
  drawing.innerHTML = spec.svg.replace(/(id="|"#)/g, `$1${id}-`);        // two cells on a page share no id
  const part = name => drawing.querySelector(`[id="${id}-${name}"]`);
  const svg = drawing.firstElementChild;
  svg.setAttribute("role", "img");
  const said = element("div", { class: "said" }), words = element("div", { class: "words", "aria-hidden": "true" });
  const live = element("div", { class: "spoken", "aria-live": "polite" });
  const range = element("input", { type: "range", min: 0, max: T - 1, step: 1, id: `${id}-step` });
  const count = element("output", { for: range.id });
  const cursor = element("div", { class: "cursor", style: `width: ${100 / T}%` }), track = element("div", { class: "track" }, cursor);
  range.style.cssText = `grid-column: 2; margin-left: calc(${50 / T}% - 8px); width: calc(${100 * (T - 1) / T}% + 16px)`;
  const rows = Object.keys(NAMES).map(name => makeRow(name)), gates = ["i", "f", "g", "o"].map(makeFill);
  const belts = Object.entries(back ? BELTS_BACK : BELTS).map(([wire, [key, start]]) => makeBelt(wire, key, start));
  const numbers = [...svg.querySelectorAll("text")].map(node => [node, node.id.replace(`${id}-number-`, "")]);
  const rides = (back ? BACKWARD : FORWARD).map(makeRide);
  const starts = Object.fromEntries([...rides].reverse().map(({ key, start }) => [key, start]));
  const play = button("▶ Play", () => playing ? pause() : begin());
  const speed = choose("speed", { 0.5: "half", 1: "normal", 2: "double", 4: "fourfold" }, 1);
  const view = element("div", { class: "view" }, said, drawing,
    element("div", { class: "row" }, play, button(back ? "Step ◀" : "Step ▶", () => step()), button("Back", () => { pause(); go(t - ahead); }),
      ...speed.parts, ...makeUnits(), ...(back ? makeSwitches() : [])),
    element("div", { class: "strip" }, ...rows.flatMap(row => row.parts), track, element("label", { for: range.id, style: "grid-column: 1" }, "step"),
      range, count), words, live);
  root.classList.add("live-cell");
  root.classList.toggle("with-sliders", spec.kind === "unit");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", spec.name);
  const sliders = spec.weights ? makeSliders() : null;
  root.replaceChildren(element("style", {}, STYLE), element("div", sliders ? { class: "sides" } : {}, view, ...(sliders ? [sliders] : [])));
  range.addEventListener("input", () => { pause(); go(Number(range.value)); });
  for (const kind of ["pointerdown", "pointermove"]) track.addEventListener(kind, drag);
  compute();
  if (spec.play && !still.matches) begin();

  function button(text, press, attributes = {}) {
    const made = element("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", () => press(made));
    return made;
  }

  function choose(text, options, chosen) {
    const select = element("select", { id: `${id}-${text}` }, ...Object.entries(options).map(([value, name]) => element("option", { value }, name)));
    select.value = chosen;
    return { select, parts: [element("span", {}, element("label", { for: select.id }, `${text} `), select)] };
  }

  function makeUnits() {
    if (!spec.units || spec.units.length < 2) return [];
    const units = choose("unit", { ...spec.units }, unit);
    units.select.addEventListener("change", () => { unit = Number(units.select.value); compute(); });
    return units.parts;
  }

  function makeSwitches() {
    return Object.entries(PATHS).map(([name, [text, wires]]) => {
      const box = element("input", { type: "checkbox", checked: "" });
      const hit = wires.split(" ").flatMap(wire => [part(`wire-${wire}`), part(`head-${wire}`)]).concat(part(`node-${name}`));
      box.addEventListener("change", () => {
        on[name] = box.checked;
        hit.forEach(node => node?.classList.toggle("off", !box.checked));
        compute();
      });
      return element("label", {}, box, text);
    });
  }

  function makeSliders() {
    const inputs = weights.map((weight, n) => {
      const input = element("input", { type: "range", min: -12, max: 12, step: 0.5, value: weight, id: `${id}-weight-${n}` });
      const text = ["W_x", "W_h", "b"][n % 3], value = element("output", { for: input.id });
      input.show = () => { value.textContent = minus(weights[n].toFixed(1)); input.value = weights[n]; input.setAttribute("aria-valuetext", value.textContent); };
      input.addEventListener("input", () => { weights[n] = Number(input.value); input.show(); compute(); });
      input.show();
      input.parts = [element("label", { for: input.id, "aria-label": `${text} of the ${Object.values(NAMES)[Math.floor(n / 3)]}` }, text), input, value];
      return input;
    });
    const presets = Object.entries(spec.presets).map(([name, values]) => button(name, () => {
      weights.splice(0, 12, ...values);
      inputs.forEach(input => input.show());
      compute();
    }));
    return element("div", {}, element("div", { class: "row" }, ...presets), element("div", { class: "sliders" }, ...["i", "f", "g", "o"].map((name, n) =>
      element("fieldset", { style: `--gate: ${COLOURS[name]}` }, element("legend", {}, NAMES[name]), ...inputs.slice(3 * n, 3 * n + 3).flatMap(input => input.parts)))));
  }

  function makeRow(name) {
    const line = element("path", { fill: COLOURS[name], "fill-opacity": 0.25, stroke: COLOURS[name], "stroke-width": 2, "vector-effect": "non-scaling-stroke" });
    const plot = element("svg", { viewBox: `0 0 ${T} 1`, preserveAspectRatio: "none", "aria-hidden": "true" }, line), value = element("output");
    return { name, line, value, parts: [element("span", {}, back ? `d${name}` : `${name} ${NAMES[name].split(" ")[0]}`), plot, value] };
  }

  function makeFill(name) {
    const box = part(`node-${name}`).querySelector("path"), places = box.getAttribute("d").match(/-?[\d.]+/g).map(Number);
    const [xs, ys] = [0, 1].map(odd => places.filter((_, n) => n % 2 === odd)), top = Math.min(...ys), tall = Math.max(...ys) - top;
    const clip = element("clipPath", { id: `${id}-clip-${name}` }, box.cloneNode());
    const fill = element("rect", { x: Math.min(...xs), width: Math.max(...xs) - Math.min(...xs), fill: COLOURS[name], "fill-opacity": 0.55, "clip-path": `url(#${clip.id})` });
    box.before(clip, fill);
    const level = value => name === "g" ? 0.5 + value / 2 : value;       // the candidate fills up or down from its middle
    return { name, set(value) {
      const [low, high] = [level(0), level(value)].sort((a, b) => a - b);
      fill.setAttribute("y", (top + tall * (1 - high)).toFixed(2));
      fill.setAttribute("height", (tall * (high - low)).toFixed(2));
    } };
  }

  function makeBelt(wire, key, start) {
    const path = part(`wire-${wire}`).querySelector("path"), [x1, y, x2] = path.getAttribute("d").match(/-?[\d.]+/g).map(Number);
    const belt = element("rect", { x: Math.min(x1, x2), width: Math.abs(x2 - x1), fill: "currentColor", stroke: "currentColor" });
    path.after(belt);
    path.style.visibility = "hidden";                                       // it stays, for what rides on it
    return { key, start, set(value) {
      const width = Math.min(1, Math.abs(value) / widest) * 12;
      belt.setAttribute("y", (y - width / 2).toFixed(2));
      belt.setAttribute("height", width.toFixed(2));
      belt.setAttribute("fill-opacity", value < 0 ? 0.2 : 1);             // below zero it is hollow
    } };
  }

  function makeRide([key, wires, start, end, colour]) {
    const box = element("rect", { height: 16, y: -8, rx: 5, fill: COLOURS[colour] }), text = element("text", { "text-anchor": "middle", y: 4 });
    const group = element("g", { class: `ride ride-${key}`, visibility: "hidden" }, box, text);
    text.style.cssText = `font: 11.5px 'DejaVu Sans', Verdana, sans-serif; fill: ${colour === "c" ? "var(--paper)" : "xo".includes(colour) ? "#fff" : "#000"}`;
    svg.append(group);
    let route = null, seen = "";
    return { key, start, end, set(now, number) {
      const moving = now > start && now < end && number !== undefined;
      group.setAttribute("visibility", moving ? "visible" : "hidden");
      if (!moving) return;
      if (seen !== number) {
        [seen, text.textContent] = [number, number];
        box.setAttribute("width", 9 + 7.4 * number.length);
        box.setAttribute("x", -4.5 - 3.7 * number.length);
      }
      const [px, py] = along(route ??= routeOf(wires), (now - start) / (end - start));
      group.setAttribute("transform", `translate(${px.toFixed(1)} ${py.toFixed(1)})`);
    } };
  }

  function routeOf(wires) {                                                // [[length so far, x, y]]: asked for once, not at every frame
    const points = wires.split(" ").flatMap(wire => {
      const path = part(`wire-${wire}`).querySelector("path"), length = path.getTotalLength();
      return Array.from({ length: 17 }, (_, n) => path.getPointAtLength(length * n / 16));
    });
    let length = 0;
    return points.map((p, n) => [length += n ? Math.hypot(p.x - points[n - 1].x, p.y - points[n - 1].y) : 0, p.x, p.y]);
  }

  function along(route, part) {
    const wanted = part * route.at(-1)[0], n = Math.max(1, route.findIndex(([length]) => length >= wanted));
    const [[a, ...from], [b, ...to]] = [route[n - 1], route[n]];
    return from.map((place, axis) => between(place, to[axis], b > a ? (wanted - a) / (b - a) : 1));
  }

  // --- numbers
  function compute() {
    steps = spec.x ? unitSteps(x, weights) : stepsOf(spec.signals[unit]);
    const switches = Object.values(on).map(Number).join("");
    shown = back ? gradientsOf(steps, spec.back[unit], switches) : steps;
    const largest = name => Math.max(...shown.map(step => Math.abs(step[prefix + name]))) || 1;
    widest = back ? Math.max(...gradientsOf(steps, spec.back[unit], "11111").map(step => Math.abs(step.dc))) || 1 : Math.max(1, largest("c"));
    for (const { name, line } of rows) {
      const top = back ? largest(name) : name === "c" ? widest : 1, low = !back && "ifo".includes(name) ? 0 : -top;
      const height = value => (0.95 - 0.9 * (value - low) / (top - low)).toFixed(4);
      line.setAttribute("d", `M0 ${height(0)}${shown.map((step, n) => `V${height(step[prefix + name])}H${n + 1}`).join("")}V${height(0)}Z`);
    }
    makeSaid();
    go(t);
  }

  function wordOf(n) { return spec.x ? `x = ${minus(String(x[n]))}` : spec.words?.[n]; }

  function makeSaid() {
    said.replaceChildren(...Array.from({ length: spec.x || spec.words ? T : 0 }, (_, n) => spec.x
      ? button(minus(String(x[n])), made => { x[n] = x[n] ? 0 : spec.x[n] || 1; compute(); said.children[n].focus(); }, { "aria-label": `x at step ${n + 1}: ${x[n]}, change` })
      : element("span", {}, spec.words[n])));
  }

  // --- moving
  function go(to, from = 1) {
    t = Math.min(T - 1, Math.max(0, to));
    share = from;
    const s = shown[t], word = wordOf(t);
    texts = Object.fromEntries(Object.entries(s).map(([key, value]) => [key, (back ? short : written)(value)]));
    if (!back) texts.word = spec.x ? minus(String(x[t])) : spec.words?.[t];
    if (!on.direct) texts.dc_next = texts.dc_prev = undefined;
    for (const name of "ifgo") if (!on[name]) texts[`d${name}`] = undefined;
    const place = `step ${t + 1} of ${T}${word === undefined ? "" : spec.x ? `, ${word}` : `, word '${word}'`}`;
    range.value = t;
    range.setAttribute("aria-valuetext", place);
    count.textContent = `${t + 1} of ${T}`;
    cursor.style.left = `${100 * t / T}%`;
    [...said.children].forEach((node, n) => node.classList.toggle("now", n === t));
    rows.forEach(({ name, value }) => setText(value, texts[prefix + name] ?? "off"));
    tell(`${place[0].toUpperCase()}${place.slice(1)}: ${back ? describeBack(steps[t], s) : describe(s)}`);
    const light = (getComputedStyle(root).color.match(/[\d.]+/g) ?? [0]).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    root.style.setProperty("--paper", light > 380 ? "#111" : "#fff");
    draw();
  }

  function tell(sentence) {
    setText(words, sentence);
    svg.setAttribute("aria-label", sentence);
    clearTimeout(soon);
    soon = setTimeout(() => { spoken = performance.now(); live.textContent = sentence; }, Math.max(300, SPOKEN_EVERY - (performance.now() - spoken)));
  }

  function draw() {
    const at = still.matches ? 1 : share;                                  // no travelling where motion is not wanted
    const old = shown[t - ahead], now = shown[t], format = back ? short : written;
    const ease = (key, start, value, rest) => between(old ? old[key] ?? rest : rest, value, (at - start) / 0.14);
    for (const [node, key] of numbers) setText(node, at > (starts[key] ?? 0) ? key in now ? texts[key] ?? "off" : "" : old && key in old ? format(old[key]) : "");
    for (const { name, set } of gates) set(between(steps[t - ahead]?.[name] ?? 0, steps[t][name], (at - 0.24) / 0.14));
    for (const { key, start, set } of belts) set(ease(key, start, now[key], 0));
    for (const { key, set } of rides) set(at, texts[key]);
  }

  function tick(time) {
    share += before ? Math.min(time - before, 100) * Number(speed.select.value) / (still.matches ? JUMP_EVERY : STEP_TAKES) : 0;
    before = time;
    if (share >= 1 + REST && playing && t !== last) go(t + ahead, 0);
    draw();
    if (share < 1 || (playing && t !== last)) frame = requestAnimationFrame(tick); else { frame = 0; share = 1; draw(); pause(); }
  }

  function run() {
    before = 0;
    if (!frame) frame = requestAnimationFrame(tick);
  }

  function begin() {
    playing = true;
    play.textContent = "❚❚ Pause";
    go(t === last ? first : t, 0);
    run();
  }

  function pause() {
    playing = false;
    play.textContent = "▶ Play";
  }

  function step() {
    pause();
    if (t === last) return;
    go(t + ahead, still.matches ? 1 : 0);
    if (!still.matches) run();
  }

  function drag(event) {
    if (event.type === "pointermove" && !event.buttons) return;
    track.setPointerCapture?.(event.pointerId);
    const box = track.getBoundingClientRect();
    pause();
    go(Math.floor(T * (event.clientX - box.left) / box.width));
  }

  return { go, stop() { pause(); cancelAnimationFrame(frame); clearTimeout(soon); } };
}
