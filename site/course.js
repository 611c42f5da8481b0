// What a page adds to itself: which pages were read, and a way for the keyboard into boxes that scroll. Works without storage, too.

const KEY = "lstm-read";
const nameOf = address => new URL(address, location).pathname.split("/").pop().replace(".html", "");

function stored() {
  try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; }
}

const read = new Set(stored());

function markRead() {
  for (const link of document.querySelectorAll(".sidebar-tree a, a.card")) {
    if (!read.has(nameOf(link.href)) || link.querySelector(".read")) continue;
    link.insertAdjacentHTML("beforeend", '<span class="read" title="read to the end"><span class="for-ears">, read</span></span>');
  }
}

function remember(name) {
  read.add(name);
  try { localStorage.setItem(KEY, JSON.stringify([...new Set([...stored(), ...read])])); } catch { /* no storage: until it is closed */ }
  markRead();
}

function letTheKeyboardIn() {
  for (const box of document.querySelectorAll("article :is(pre, .output, .equations, .table-wrapper)")) {
    const scrolls = box.scrollWidth > box.clientWidth && /auto|scroll/.test(getComputedStyle(box).overflowX);
    if (!scrolls || box.tabIndex === 0) continue;
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", "scrolls sideways");
  }
}

function stackTablesThatAreTooWide() {
  for (const table of document.querySelectorAll("article table.docutils")) {
    table.classList.remove("stacked");
    const columns = [...table.querySelectorAll("thead tr > *")].map(cell => cell.textContent);
    table.querySelectorAll("tbody tr").forEach(row => [...row.cells].forEach((cell, n) => { cell.dataset.column = columns[n] || ""; }));
    table.classList.toggle("stacked", table.scrollWidth > table.parentElement.clientWidth + 1);
  }
}

function fit() {
  stackTablesThatAreTooWide();
  letTheKeyboardIn();
}

markRead();
fit();
addEventListener("resize", fit);
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(fold => { fold.open = true; }));

const end = document.querySelector("footer .related-pages");
if (end) {
  new IntersectionObserver(([seen]) => seen.isIntersecting && scrollY > 0 && remember(nameOf(location))).observe(end);
}
