// The numbers and sentences of the live cell, which needs this text before its own: one unit forward and backward, held equal to
// Python by a test.

const sigmoid = z => 1 / (1 + Math.exp(-z));

// One step of one unit; W holds [W_x, W_h, b] of i, f, g and o.
export function lstmStep(x, hPrev, cPrev, W) {
  const [i, f, g, o] = W.map(([W_x, W_h, b], n) => (n === 2 ? Math.tanh : sigmoid)(x * W_x + hPrev * W_h + b));
  return withProducts({ x, h_prev: hPrev, c_prev: cPrev, i, f, g, o, c: f * cPrev + i * g, h: o * Math.tanh(f * cPrev + i * g) });
}

export function withProducts(step) {
  return { ...step, kept: step.f * step.c_prev, added: step.i * step.g, tanh_c: Math.tanh(step.c) };
}

// The gradients of one step: dh is all that reaches h, dcNext what comes along the belt.
export function lstmBack({ i, f, g, o, c, c_prev }, dh, dcNext) {
  const tanh_c = Math.tanh(c), dc_h = dh * o * (1 - tanh_c * tanh_c), dc = dcNext + dc_h;
  const [di, df, dg, d_o] = [dc * g, dc * c_prev, dc * i, dh * tanh_c];
  return { dh, dc_next: dcNext, dc_h, dc, di, df, dg, do: d_o, dc_prev: dc * f,
    dz_i: di * i * (1 - i), dz_f: df * f * (1 - f), dz_g: dg * (1 - g * g), dz_o: d_o * o * (1 - o) };
}

// All steps of one unit's trace: an object of numbers for each.
export function stepsOf(signals) {
  const names = Object.keys(signals);
  return signals.c.map((_, t) => withProducts(Object.fromEntries(names.map(name => [name, signals[name][t]]))));
}

// The gradients at all steps, for one setting of the switches: "1" or "0" for direct, i, f, g, o.
export function gradientsOf(steps, { loss, left }, on) {
  const found = [];
  let dcNext = 0;
  for (let t = steps.length - 1; t >= 0; t--) {
    found[t] = { ...lstmBack(steps[t], loss[t] + left[on][t + 1], dcNext), dh_prev: left[on][t] };
    if (on[0] === "0") found[t].dc_prev = 0;
    dcNext = found[t].dc_prev;
  }
  return found;
}

export function unitSteps(x, weights) {
  const W = [0, 3, 6, 9].map(n => weights.slice(n, n + 3)), steps = [];
  for (const number of x) steps.push(lstmStep(number, steps.at(-1)?.h ?? 0, steps.at(-1)?.c ?? 0, W));
  return steps;
}

const minus = text => text.replaceAll("-", "−");
export const written = number => minus((Math.abs(number) < 0.005 ? 0 : number).toFixed(2));

// A gradient may have any size: two digits where they are readable, else one and the power of ten.
export function short(number) {
  const size = Math.abs(number);
  return minus(size === 0 ? "0" : size >= 0.01 && size < 99.5 ? number.toPrecision(2) : number.toExponential(0).replace("+", ""));
}

const degree = (value, low, middle, high) => value < 0.25 ? low : value > 0.75 ? high : middle;

// What a step did, in words.
export function describe(s) {
  return `forget gate ${written(s.f)}: ${degree(s.f, "forgets", "keeps a part", "keeps")}; input gate ${written(s.i)}: `
    + `${degree(s.i, "shuts", "lets a part in", "lets in")}; c goes from ${written(s.c_prev)} to ${written(s.c)}; `
    + `output gate ${written(s.o)}: ${degree(s.o, "hides", "shows a part", "shows")}; h = ${written(s.h)}.`;
}

export function describeBack(s, d) {
  return `dh = ${short(d.dh)} and dc from the right = ${short(d.dc_next)} arrive; together dc = ${short(d.dc)}. `
    + `Forget gate ${written(s.f)}: along the belt leaves dc = ${short(d.dc_prev)}. `
    + `From the gates of all units leaves dh = ${short(d.dh_prev)}.`;
}
