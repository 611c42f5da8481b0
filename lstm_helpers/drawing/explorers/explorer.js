// One front end for every explorer. Who answers a move is handed in: Python in JupyterLab, recorded frames on the site.
// An answer, here a frame, is {picture, words, extra, error, places}: SVG, sentence, HTML, what went wrong, where controls stand.

const STYLE = `
.lstm-explorer { --night: invert(0.93) hue-rotate(180deg) saturate(1.5) brightness(1.15); line-height: 1.4; color: inherit; margin: 0.5em 0; }
.lstm-explorer .lx-both { display: flex; flex-wrap: wrap; gap: 0.5em 1.5em; align-items: flex-start; }
.lstm-explorer .lx-controls { container-type: inline-size; flex: 1 0 290px; max-width: 36em; display: flex; flex-direction: column; gap: 0.2em; }
.lstm-explorer .lx-shown { flex: 100 1 470px; min-width: 0; }
.lstm-explorer fieldset { border: none; margin: 0; padding: 0; min-width: 0; display: grid; align-items: center;
  grid-template-columns: fit-content(12em) minmax(200px, 1fr) minmax(3em, max-content); gap: 0 0.6em; }
.lstm-explorer fieldset.named { border-left: 5px solid var(--gate, currentColor); padding-left: 0.5em; margin-bottom: 0.2em; }
.lstm-explorer legend { grid-column: 1 / -1; font-weight: bold; padding: 0; font-size: 0.95em; }
.lstm-explorer input[type=range] { appearance: none; width: 100%; min-width: 0; height: 26px; margin: 0; border-radius: 4px;
  background: linear-gradient(var(--gate, #0072B2) 0 0) 0 50% / var(--done, 50%) 7px no-repeat,
    linear-gradient(#8888 0 0) 0 50% / 100% 7px no-repeat; }
.lstm-explorer input::-webkit-slider-thumb { appearance: none; width: 20px; height: 20px; border-radius: 50%; border: 2px solid white;
  background: var(--gate, #0072B2); }
.lstm-explorer input::-moz-range-thumb { width: 16px; height: 16px; border: 2px solid white; background: var(--gate, #0072B2); }
.lstm-explorer input[type=checkbox] { width: 24px; height: 24px; margin: 0; accent-color: var(--gate, #0072B2); }
.lstm-explorer select, .lstm-explorer input[type=text] { font: inherit; min-height: 28px; grid-column: 2 / -1; max-width: 100%; }
.lstm-explorer input[type=checkbox] + label { grid-column: 2 / -1; padding: 0.15em 0; }
.lstm-explorer output { font-variant-numeric: tabular-nums; white-space: nowrap; }
.lstm-explorer .lx-buttons { display: flex; flex-wrap: wrap; gap: 0.4em; margin-bottom: 0.2em; }
.lstm-explorer button { font: inherit; color: inherit; background: transparent; border: 1px solid currentColor; border-radius: 4px;
  padding: 0 0.7em; min-height: 28px; cursor: pointer; }
.lstm-explorer :is(button, input, select):focus-visible { outline: 3px solid #56B4E9; outline-offset: 1px; }
.lstm-explorer .lx-pictures { display: grid; }
.lstm-explorer .lx-pictures svg { grid-area: 1 / 1; width: 100%; height: auto; display: block; }
.lstm-explorer .lx-ghost { opacity: 0.3; }
.lstm-explorer .lx-words { min-height: 2.8em; }
.lstm-explorer .lx-error { border: 2px solid #C00000; padding: 0.4em; margin: 0.4em 0; }
.lstm-explorer .lx-note { font-size: 0.9em; opacity: 0.8; margin: 0.2em 0; }
.lstm-explorer .lx-spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@container (max-width: 430px) {
  .lstm-explorer label.long { grid-column: 1 / -1; } .lstm-explorer label.long + :is(input, select) { grid-column: 1 / 3; } }
body:is([data-jp-theme-light="false"], [data-theme="dark"]) .lstm-explorer .lx-pictures { filter: var(--night); }
@media (prefers-color-scheme: dark) { body[data-theme="auto"] .lstm-explorer .lx-pictures { filter: var(--night); } }
`;
const QUIET = 700, SPOKEN_EVERY = 1000, PLAY_EVERY = 120, PATIENCE = 3000;        // milliseconds
let explorers = 0;

function element(name, attributes = {}, ...inside) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function drawing(viewBox, attributes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox, "stroke-linejoin": "round", ...attributes })) svg.setAttribute(key, value);
  return svg;
}

// Put an explorer into a page. `ask` is given {places} or {button}, and calls its second argument with a frame, now or later.
export function mount(root, spec, ask, first) {
  const id = `lstm-explorer-${++explorers}`;
  const places = spec.controls.map(control => control.start);
  let wanted = null, waiting = false, last = first, lastMove = -Infinity, moved = false, playing = null;

  // --- the parts of the page
  const controls = spec.controls.map((control, n) => makeControl(control, `${id}-${n}`, place => move(n, place)));
  const background = drawing(spec.viewBox, { "aria-hidden": "true" });
  const ghost = drawing(spec.viewBox, { "aria-hidden": "true", class: "lx-ghost" });
  const picture = drawing(spec.viewBox, { role: "img" });
  const extra = element("div"), words = element("div", { class: "lx-words", "aria-hidden": "true" });
  const spoken = element("div", { class: "lx-spoken", "aria-live": "polite" });
  const error = element("div", { class: "lx-error", role: "alert", hidden: "" });
  const pictures = element("div", { class: "lx-pictures" }, background, ghost, picture);
  background.innerHTML = spec.background;
  pictures.style.maxWidth = `${spec.width}px`;
  root.classList.add("lstm-explorer");
  root.replaceChildren(element("style", {}, STYLE), element("div", { class: "lx-both" },
    element("div", { class: "lx-controls", role: "group", "aria-label": `${spec.name}: controls` }, makeButtons(), ...makeGroups(), error,
      ...(spec.note ? [element("p", { class: "lx-note" }, spec.note)] : [])),
    element("div", { class: "lx-shown" }, extra, pictures, words, spoken)));
  controls.forEach((control, n) => control.set(places[n]));
  show(first, true);

  function makeButtons() {
    const row = element("div", { class: "lx-buttons" });
    const add = (text, hint, press) => {
      const button = element("button", { type: "button", title: hint }, text);
      button.addEventListener("click", () => press(button));
      row.append(button);
    };
    for (const [text, there] of Object.entries(spec.presets)) add(text, `Set all: ${text}`, () => goTo(there));
    const runs = spec.controls.findIndex(control => control.play);
    if (runs >= 0) add("▶ Play", `Let ${spec.controls[runs].label} run`, button => play(runs, button));
    for (const text of spec.buttons) add(text, text, () => request({ button: text }));
    add("Reset", "Back to the first settings", () => { stop(); request({ button: "Reset" }); });
    return row;
  }

  function makeGroups() {
    return spec.groups.map(([legend, held]) => {
      const group = element("fieldset", legend ? { class: "named" } : {}, ...held.flatMap(n => controls[n].parts));
      if (legend) group.prepend(element("legend", {}, legend));
      if (spec.controls[held[0]].colour) group.style.setProperty("--gate", spec.controls[held[0]].colour);
      return group;
    });
  }

  // --- moving: at most one request is on its way, and at most one a frame; what came in between is left out
  function move(n, place) {
    places[n] = place;
    controls[n].set(place);
    request({ places: [...places] });
  }

  function goTo(there) {
    there.forEach((place, n) => { places[n] = place; controls[n].set(place); });
    request({ places: [...places] });
  }

  function request(what) {
    const now = performance.now();
    if (spec.ghost && now - lastMove > QUIET && !last.error) ghost.innerHTML = last.picture;
    [wanted, lastMove, moved] = [what, now, true];
    if (!waiting) { waiting = true; requestAnimationFrame(send); }
  }

  function send() {
    const what = wanted;
    wanted = null;
    const late = setTimeout(() => complain("Python does not answer. If it is not busy, run this cell again."), PATIENCE);
    ask(what, frame => {
      clearTimeout(late);
      show(frame, "button" in what || frame.others);
      if (wanted) requestAnimationFrame(send); else waiting = false;
    });
  }

  function show(frame, withControls) {
    if (withControls) frame.places.forEach((place, n) => { places[n] = place; controls[n].set(place); });
    complain(frame.error);
    if (frame.error) return;
    if (frame.picture !== last.picture || !picture.innerHTML) picture.innerHTML = frame.picture;
    last = frame;
    picture.setAttribute("aria-label", frame.words);
    words.textContent = frame.words;
    extra.innerHTML = frame.extra || "";
    if (moved) speak();
  }

  function complain(text) {
    error.hidden = !text;
    error.textContent = text ? `${text} The picture still shows the last settings that worked.` : "";
  }

  function speak() {
    if (speak.soon) return;
    speak.soon = setTimeout(() => { speak.soon = null; spoken.textContent = last.words; }, SPOKEN_EVERY);
  }

  // --- playing
  function play(n, button) {
    if (playing) { stop(); return; }
    const end = spec.controls[n].texts.length - 1;
    if (places[n] >= end) move(n, 0);
    button.textContent = "❚❚ Pause";
    playing = { button, timer: setInterval(() => places[n] < end ? move(n, places[n] + 1) : stop(), PLAY_EVERY) };
  }

  function stop() {
    if (!playing) return;
    clearInterval(playing.timer);
    playing.button.textContent = "▶ Play";
    playing = null;
  }

  return { show: frame => show(frame, true), stop };
}

// --- one control: the elements that it consists of, and how it is set

function makeControl(control, id, moved) {
  const label = element("label", { for: id, class: control.label.length > 9 && control.kind !== "checkbox" ? "long" : undefined }, control.label), value = element("output", { for: id });
  const input = { range: makeRange, checkbox: makeCheckbox, select: makeSelect, text: makeText }[control.kind](control, moved);
  input.node.id = id;
  input.node.setAttribute("data-lm-suppress-shortcuts", "true");          // JupyterLab would take its arrow keys
  if (control.colour) input.node.style.setProperty("--gate", control.colour);
  const parts = { range: [label, input.node, value], checkbox: [input.node, label] }[control.kind] ?? [label, input.node];
  return { parts, set: place => { input.set(place); value.textContent = control.texts[Number(place)] ?? ""; } };
}

function makeRange(control, moved) {
  const node = element("input", { type: "range", min: 0, max: control.texts.length - 1, step: 1 });
  node.addEventListener("input", () => moved(Number(node.value)));
  const set = place => {
    node.value = place;
    node.setAttribute("aria-valuetext", control.texts[place]);
    node.style.setProperty("--done", `${100 * place / Math.max(1, control.texts.length - 1)}%`);
  };
  return { node, set };
}

function makeCheckbox(control, moved) {
  const node = element("input", { type: "checkbox" });
  node.addEventListener("change", () => moved(Number(node.checked)));
  return { node, set: place => { node.checked = Boolean(place); } };
}

function makeSelect(control, moved) {
  const node = element("select", {}, ...control.texts.map((text, n) => element("option", { value: n }, text)));
  node.addEventListener("change", () => moved(Number(node.value)));
  return { node, set: place => { node.value = place; } };
}

function makeText(control, moved) {
  const node = element("input", { type: "text", autocomplete: "off", spellcheck: "false" });
  node.addEventListener("input", () => moved(node.value));
  return { node, set: place => { if (node.value !== place) node.value = place; } };
}

// --- JupyterLab: Python answers

export default {
  render({ model, el }) {
    const view = Math.random().toString(36).slice(2);
    let number = 0, waiting = null;
    const explorer = mount(el, model.get("spec"), (what, answer) => {
      waiting = answer;
      model.send({ ...what, view, number: ++number });
    }, model.get("frame"));
    const changed = () => {
      const frame = model.get("frame");
      if (frame.view !== view) explorer.show(frame);                       // another view or a line of Python moved it
      else if (frame.number === number && waiting) { const answer = waiting; waiting = null; answer(frame); }
    };
    model.on("change:frame", changed);
    return () => { explorer.stop(); model.off("change:frame", changed); };
  },
};
