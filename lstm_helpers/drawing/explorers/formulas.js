// The pictures of one unit, computed where nobody answers: there are too many settings to record. Each function is given the
// controls' values and its data, and returns {lines: {name: numbers}, words}. A test holds all of it equal to Python.

const sigmoid = z => 1 / (1 + Math.exp(-z));

// A number in two decimals as Python rounds it (exact halves to even), with a true minus sign.
export function written(number, decimals = 2) {
  const half = decimals === 2 && Math.abs(number * 8) % 2 === 1;
  const text = (half ? 2 * Math.round(number * 50) / 100 : number).toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

function leaving(line, [low, high]) {
  const step = line.findIndex(value => value < low || value > high);
  return step < 0 ? "" : `, out of the picture from step ${step + 1} on`;
}

function range(line) {
  const [low, high] = [written(Math.min(...line)), written(Math.max(...line))];
  return low === high ? low : `from ${low} to ${high}`;
}

export const FORMULAS = {
  rnnUnit([W_x, W_h, b], { x }) {
    const h = [];
    x.forEach((number, t) => h.push(Math.tanh(number * W_x + (t ? h[t - 1] : 0) * W_h + b)));
    const loud = h.findLastIndex(value => Math.abs(value) >= 0.01);
    const seen = loud < 0 ? "the state never reaches 0.01" : loud + 1 < h.length ? `the state stays below 0.01 after step ${loud + 1}`
      : `after ${h.length} steps the state is ${written(h[h.length - 1])}`;
    return { lines: { h }, words: `W_x = ${written(W_x, 1)}, W_h = ${written(W_h, 1)}, b = ${written(b, 1)}: ${seen}.` };
  },

  belt([f, i, g], { steps, ylim }) {
    const c = [];
    for (let t = 0; t < steps; t++) c.push((t ? f * c[t - 1] : 0) + i * g);
    return { lines: { c }, words: `f = ${written(f)}, i = ${written(i)}, g = ${written(g, 1)}: in ${steps} steps c goes from `
      + `${written(c[0])} to ${written(c[steps - 1])}${leaving(c, ylim)}.` };
  },

  latch([w_i, b_i, b_f], { offered, write, ylim }) {
    const c = [], last = write.lastIndexOf(1), end = write.length;
    write.forEach((flag, t) => c.push((t ? sigmoid(b_f) * c[t - 1] : 0) + sigmoid(w_i * flag + b_i) * offered[t]));
    const seen = last < 0 ? `after step ${end} c is ${written(c[end - 1])}`
      : `after the last flag (step ${last + 1}) c is ${written(c[last])}, after step ${end} it is ${written(c[end - 1])}`;
    return { lines: { c }, words: `Weight of the flag ${written(w_i, 1)}, bias of the input gate ${written(b_i, 1)}, forget bias `
      + `${written(b_f, 1)}: ${seen}${leaving(c, ylim)}.` };
  },

  lstmUnit(weights, { x, ylim }) {
    const lines = { i: [], f: [], g: [], o: [], c: [], h: [] };
    let [h, c] = [0, 0];
    for (const number of x) {
      const z = [0, 3, 6, 9].map(n => number * weights[n] + h * weights[n + 1] + weights[n + 2]);
      const [i, f, g, o] = [sigmoid(z[0]), sigmoid(z[1]), Math.tanh(z[2]), sigmoid(z[3])];
      c = f * c + i * g;
      h = o * Math.tanh(c);
      for (const [name, value] of Object.entries({ i, f, g, o, c, h })) lines[name].push(value);
    }
    const gates = ["i", "f", "g", "o"].map(name => `${name} ${range(lines[name])}`).join(", ");
    return { lines, words: `${gates}; c ${range(lines.c)}, ${written(c)} at the end${leaving(lines.c, ylim)}; h ${range(lines.h)}, `
      + `${written(h)} at the end.` };
  },
};

// Return the frame of a setting: the picture with the lines drawn into it, and the sentence.
export function compute({ name, template, settings, lines, first, ...data }, places) {
  const found = FORMULAS[name](places.map((place, n) => settings[n][place]), data);
  const picture = template.replace(/\{(\w+)\}/g, (_, line) => asPath(found.lines[line], lines[line], first));
  return { picture, words: found.words, places, extra: "", error: "" };
}

function asPath(values, [left, wide, top, down], first) {
  return values.map((value, n) => `${n ? "L" : "M"} ${(left + wide * (first + n)).toFixed(1)} ${bounded(top + down * value)}`).join(" ");
}

const bounded = place => Math.max(-1e4, Math.min(1e4, place)).toFixed(1);        // far beyond the picture is as good as farther
