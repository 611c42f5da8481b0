// Where no Python runs: an explorer's frames are loaded as a script when it comes into view, and answer every move.

function answers({ spec, frames, formula, oneAtATime }) {
  const starts = spec.controls.map(control => control.start);
  let before = starts;
  return ({ places = starts, button }, answer) => {
    if (oneAtATime && !(places.join() in frames)) {
      const moved = places.findIndex((place, n) => place !== before[n]);
      places = starts.map((start, n) => n === moved ? places[n] : start);
    }
    const others = Boolean(button) || places.join() !== before.join();
    before = places;
    if (formula) { answer({ ...compute(formula, places), others }); return; }
    const [picture, words, extra = ""] = frames[places.join()];
    answer({ picture, words, extra, error: "", places, others });
  };
}

const first = recorded => recorded.formula ? compute(recorded.formula, recorded.first.places) : recorded.first;

window.lstmExplorer = (name, recorded) => {
  for (const place of document.querySelectorAll(`[data-explorer="${name}"]`)) {
    if (recorded.liveCell) window.liveCell(place, recorded.liveCell);
    else mount(place, recorded.spec, answers(recorded), first(recorded));
  }
};

const inView = new IntersectionObserver(entries => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    inView.unobserve(target);
    document.head.append(Object.assign(document.createElement("script"), { src: target.dataset.frames }));
  }
}, { rootMargin: "600px" });
for (const place of document.querySelectorAll("[data-frames]")) inView.observe(place);
