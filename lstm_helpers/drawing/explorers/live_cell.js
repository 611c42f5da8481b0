// The drawing of the LSTM cell, moving: forward with the numbers of a trace, or of one unit, or backward with gradients.
// spec: {name, svg, kind: "trace" | "unit" | "backward", start: first step shown, play: by itself?,
//   of a trace: words: [T] or null, units: [text], unit: which is shown, signals: [{i: [T], f: …} of each unit],
//   backward also: back: [{loss: [T], left: {"11111": [T+1], …}} of each unit]: left[on][t] is what leaves step t to the left, and
//     left[on][T] what comes in at the last step, for each setting of the switches,
//   of one unit: x: [T], weights: [12], presets: {name: [12]}}

const STEP_TAKES = 2200, REST = 0.15, JUMP_EVERY = 900, SPOKEN_EVERY = 1000;      // milliseconds; the rest: a share of a step

const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

// Put a live cell into an element; returns {go, stop}.
export function liveCell(root, spec) {
  const id = `live-cell-${Math.random().toString(36).slice(2, 8)}`, back = spec.kind === "backward", ahead = back ? -1 : 1;
  const still = matchMedia("(prefers-reduced-motion: reduce)"), prefix = back ? "d" : "";
  const weights = [...spec.weights ?? []], x = [...spec.x ?? []], on = { direct: true, i: true, f: true, g: true, o: true };
  const T = spec.x ? x.length : spec.signals[0].c.length, first = back ? T - 1 : 0, last = T - 1 - first;
  let unit = spec.unit ?? 0, t = spec.start ?? first, share = 1, playing = false, frame = 0, before = 0, spoken = 0, soon = 0;
  let steps, shown, widest, texts = {}, zoom = 1, moved = false;

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
  const cursor = element("div", { class: "cursor", style: `width: ${100 / T}%` });
  const track = element("div", { class: "track" }, cursor);
  range.style.cssText = `grid-column: 2; margin-left: calc(${50 / T}% - 10px); width: calc(${100 * (T - 1) / T}% + 20px)`;
  const rows = Object.keys(NAMES).map(makeRow), gates = ["i", "f", "g", "o"].map(name => ({ name, ...makeFill(part, name) }));
  const belts = Object.entries(back ? BELTS_BACK : BELTS)
    .map(([wire, [key, start]]) => ({ key, start, ...makeBelt(part, wire) }));
  const numbers = [...svg.querySelectorAll("text")].map(node => [node, node.id.replace(`${id}-number-`, "")]);
  const rides = (back ? BACKWARD : FORWARD).map(ride => makeRide(part, svg, ride));
  const starts = Object.fromEntries([...rides].reverse().map(({ key, start }) => [key, start]));
  const play = button("▶ Play", () => playing ? pause() : begin());
  const speed = choose("speed", { 0.5: "half", 1: "normal", 2: "double", 4: "fourfold" }, 1);
  const buttons = [play, button(back ? "Step ◀" : "Step ▶", step), button(back ? "Back ▶" : "◀ Back", stepBack)];
  const note = `The belt is as wide as |${prefix}c|, and hollow below zero. Gates are filled as far as they are open.`;
  const view = element("div", {}, said, drawing,
    element("div", { class: "row" }, ...buttons, ...speed.parts, ...makeUnits(), ...(back ? makeSwitches() : [])),
    element("div", { class: "strip" }, ...rows.flatMap(row => row.parts), track,
      element("label", { for: range.id, style: "grid-column: 1" }, "step"), range, count),
    element("p", { class: "note" }, note), words, live);
  root.classList.add("live-cell");
  root.classList.toggle("with-sliders", spec.kind === "unit");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", spec.name);
  root.replaceChildren(element("style", {}, STYLE), spec.x ? element("div", { class: "sides" }, view, makeSliders()) : view);
  range.addEventListener("input", () => { pause(); go(Number(range.value)); });
  for (const kind of ["pointerdown", "pointermove"]) track.addEventListener(kind, drag);
  compute();
  moved = true;
  if (spec.play && !still.matches) begin();

  function button(text, press, attributes = {}) {
    const made = element("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", press);
    return made;
  }

  function choose(text, options, chosen) {
    const select = element("select", { id: `${id}-${text}` });
    select.append(...Object.entries(options).map(([value, name]) => element("option", { value }, name)));
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
    const sliders = weights.map((_, n) => makeSlider(n));
    const presets = Object.entries(spec.presets).map(([name, values]) => button(name, () => {
      weights.splice(0, 12, ...values);
      sliders.forEach(slider => slider.show());
      compute();
    }));
    const groups = ["i", "f", "g", "o"].map((name, n) => element("fieldset", { style: `--gate: ${COLOURS[name]}` },
      element("legend", {}, NAMES[name]), ...sliders.slice(3 * n, 3 * n + 3).flatMap(slider => slider.parts)));
    return element("div", {}, element("div", { class: "row" }, ...presets), element("div", { class: "sliders" }, ...groups));
  }

  function makeSlider(n) {
    const text = ["W_x", "W_h", "b"][n % 3], name = `${text} of the ${Object.values(NAMES)[Math.floor(n / 3)]}`;
    const input = element("input", { type: "range", min: -12, max: 12, step: 0.5, id: `${id}-weight-${n}`, "aria-label": name });
    const value = element("output", { for: input.id });
    const show = () => {
      [input.value, value.textContent] = [weights[n], minus(weights[n].toFixed(1))];
      input.setAttribute("aria-valuetext", value.textContent);
      input.style.setProperty("--done", `${(weights[n] + 12) / 0.24}%`);
    };
    input.addEventListener("input", () => { weights[n] = Number(input.value); show(); compute(); });
    show();
    return { show, parts: [element("label", { for: input.id }, text), input, value] };
  }

  function makeRow(name, n) {
    const line = element("path", { fill: COLOURS[name], "fill-opacity": 0.25, stroke: COLOURS[name], "stroke-width": 2 });
    const plot = element("svg", { viewBox: `0 0 ${T} 1`, preserveAspectRatio: "none", "aria-hidden": "true" }, line);
    const value = element("span");
    line.setAttribute("vector-effect", "non-scaling-stroke");
    const parts = [element("span", {}, back ? `d${name}` : `${name} ${NAMES[name].split(" ")[0]}`), plot, value];
    parts.forEach(node => { node.style.gridRow = n + 1; });
    return { name, line, value, parts };
  }

  // --- numbers
  function compute() {
    steps = spec.x ? unitSteps(x, weights) : stepsOf(spec.signals[unit]);
    const switches = Object.values(on).map(Number).join("");
    shown = back ? gradientsOf(steps, spec.back[unit], switches) : steps;
    const largest = name => Math.max(...shown.map(step => Math.abs(step[prefix + name]))) || 1;
    const all = back ? gradientsOf(steps, spec.back[unit], "11111") : steps;             // switches change no scale
    widest = Math.max(back ? 0 : 1, ...all.map(step => Math.abs(step[`${prefix}c`]))) || 1;
    for (const { name, line } of rows) {
      const top = back ? largest(name) : name === "c" ? widest : 1, low = !back && "ifo".includes(name) ? 0 : -top;
      const height = value => (0.95 - 0.9 * (value - low) / (top - low)).toFixed(4);
      const stairs = shown.map((step, n) => `V${height(step[prefix + name])}H${n + 1}`).join("");
      line.setAttribute("d", `M0 ${height(0)}${stairs}V${height(0)}Z`);
    }
    makeSaid();
    go(t);
  }

  function wordOf(n) { return spec.x ? `x = ${minus(String(x[n]))}` : spec.words?.[n]; }

  function makeSaid() {
    if (spec.x) said.replaceChildren(...x.map((number, n) => button(minus(String(number)), () => {
      x[n] = number ? 0 : spec.x[n] || 1;
      compute();
      said.children[n].focus();
    }, { "aria-label": `x at step ${n + 1} is ${number}: change it` })));
    else said.replaceChildren(...(spec.words ?? []).map(word => element("span", {}, word)));
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
    range.style.setProperty("--done", `${100 * t / Math.max(1, T - 1)}%`);
    range.setAttribute("aria-valuetext", place);
    count.textContent = `${t + 1} of ${T}`;
    cursor.style.left = `${100 * t / T}%`;
    [...said.children].forEach((node, n) => node.classList.toggle("now", n === t));
    rows.forEach(({ name, value }) => setText(value, texts[prefix + name] ?? "off"));
    tell(`${place[0].toUpperCase()}${place.slice(1)}: ${back ? describeBack(steps[t], s) : describe(s)}`);
    const ink = getComputedStyle(root).color.match(/[\d.]+/g) ?? [0];
    root.style.setProperty("--paper", ink[0] > 127 ? "#111" : "#fff");
    zoom = root.clientWidth < 544 ? 1.2 : 1;
    draw();
  }

  function tell(sentence) {
    setText(words, sentence);
    svg.setAttribute("aria-label", sentence);
    clearTimeout(soon);
    const speak = () => { spoken = performance.now(); live.textContent = sentence; };
    if (moved) soon = setTimeout(speak, Math.max(300, spoken + SPOKEN_EVERY - performance.now()));
  }

  function draw() {
    const at = still.matches ? 1 : share;                                  // no travelling where motion is not wanted
    const old = shown[t - ahead], now = shown[t], format = back ? short : written;
    const ease = (key, start, value) => between(old?.[key] ?? 0, value, (at - start) / 0.14);
    for (const [node, key] of numbers) {
      const came = at > (starts[key] ?? 0), before = old && key in old ? format(old[key]) : "";
      setText(node, !(key in now) ? "" : came ? texts[key] ?? "off" : before);
    }
    for (const { name, set } of gates) set(between(steps[t - ahead]?.[name] ?? 0, steps[t][name], (at - 0.24) / 0.14));
    for (const { key, start, set } of belts) set(ease(key, start, now[key]) / widest);
    for (const { key, set } of rides) set(at, texts[key], zoom);
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

  function stepBack() {
    pause();
    go(t - ahead);
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
