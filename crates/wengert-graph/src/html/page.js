"use strict";
// What users wrote comes as JSON and is only ever set as text: nothing here makes markup of it.
const { elements, links, moments, derivation } = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const [stage, slider, details, tip] = ["stage", "slider", "details", "tip"].map(byId);
const svg = stage.querySelector("svg");
const cards = [], lines = [];
svg.querySelectorAll("[data-element]").forEach((group) => { cards[group.dataset.element] = group; });
svg.querySelectorAll("[data-link]").forEach((group) => { lines[group.dataset.link] = group; });
// The page has tips of its own.
svg.querySelectorAll("title").forEach((title) => title.remove());

const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
};

// ---- The drawing: where a card's numbers are, and a place for sums that are under way.

const sums = cards.map((card) => {
  const key = [...card.querySelectorAll(".wg-key")].find((text) => text.textContent.includes("grad"));
  card.querySelectorAll("text:not(.wg-key):not(.wg-name):not(.wg-sign):not(.wg-note)")
    .forEach((text) => text.classList.add("number"));
  if (!key) return null;
  const y = Number(key.getAttribute("y"));
  const isNear = (node, of) => Math.abs(Number(node.getAttribute("y")) - of) < 0.3;
  const row = [...card.querySelectorAll("text.number")].filter((text) => isNear(text, y));
  const tint = [...card.querySelectorAll("rect.wg-fill")];
  [...row, ...tint].forEach((node) => node.classList.add("of-adjoint"));
  // Where the numbers of the card have their points, so that sums stand in the same column.
  const fraction = [...card.querySelectorAll("text.number")].find((text) => text.textContent.startsWith("."));
  const box = card.querySelector(".wg-band").getBBox();
  const place = (name, x) => {
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("x", x);
    text.setAttribute("y", y);
    text.setAttribute("class", "sum " + name);
    card.append(text);
    return text;
  };
  const right = box.x + box.width - 10;
  const point = fraction ? Number(fraction.getAttribute("x")) : right;
  return { right, point, whole: place("whole", point), fraction: place("fraction", point) };
});

// ---- The slider. After so many moments, who has a value, and which adjoint?

const isForward = (moment) => moment.phase === "forward";
const forward = moments.filter(isForward).length;
const valueAt = [], adjoints = cards.map(() => []), linkAt = [];
moments.forEach((moment, at) => {
  if (isForward(moment)) valueAt[moment.element] = at;
  else if (moment.adjoint !== null) adjoints[moment.element].push([at, moment]);
  if (moment.link !== null) linkAt[moment.link] = at;
});
const plays = moments.length > forward;
slider.max = moments.length;

/** Shows the picture after the first `done` moments. */
const show = (done) => {
  const atEnd = done === moments.length;
  const now = moments[done - 1];
  cards.forEach((card, at) => {
    card.classList.toggle("later", valueAt[at] >= done);
    const known = adjoints[at].filter(([when]) => when < done);
    // Once all has been added, the card shows what it shows at the end.
    const isRunning = known.length > 0 && known.length < adjoints[at].length;
    card.classList.toggle("running", isRunning);
    card.classList.toggle("still", plays && !atEnd && known.length === 0);
    card.classList.toggle("now", !atEnd && now !== undefined && now.element === at);
    if (isRunning && sums[at]) showSum(sums[at], known[known.length - 1][1]);
  });
  lines.forEach((line, at) => {
    line.classList.toggle("later", valueAt[links[at].to] >= done);
    line.classList.toggle("unswept", plays && !atEnd && !(linkAt[at] < done));
    line.classList.toggle("now", !atEnd && now !== undefined && now.link === at);
  });
  showWords(done, now);
};

const showSum = (sum, moment) => {
  const kind = moment.sign === null ? "bad" : ["minus", "zero", "plus"][moment.sign + 1];
  const split = /^(−?\d+)(\.\d+)?$/.exec(moment.adjoint);
  sum.whole.textContent = split ? split[1] : moment.adjoint;
  sum.whole.setAttribute("x", split ? sum.point : sum.right);
  sum.fraction.textContent = split && split[2] ? split[2] : "";
  sum.whole.setAttribute("class", "sum whole " + kind);
  sum.fraction.setAttribute("class", "sum fraction " + kind);
};

const showWords = (done, now) => {
  const phases = { forward: "Forward", seed: "Seed", backward: "Reverse" };
  byId("phase").textContent = now === undefined ? "Start" : done === moments.length ? "Done" : phases[now.phase];
  byId("text").textContent = now === undefined
    ? "The inputs are given. Play: values flow forward" + (plays ? ", then derivatives back." : ".")
    : now.text;
  byId("count").textContent = done + " / " + moments.length;
  slider.setAttribute("aria-valuetext", byId("text").textContent);
  markDerivation(done, now);
};

const go = (done) => {
  slider.value = Math.max(0, Math.min(moments.length, done));
  show(Number(slider.value));
  if (slider.value > 0 && done < moments.length) follow(moments[slider.value - 1].element);
};
const step = (by) => { stop(); go(Number(slider.value) + by); };

let timer = null;
const stop = () => {
  clearInterval(timer);
  timer = null;
  byId("play").classList.remove("playing");
  byId("play").setAttribute("aria-label", "Play");
};
const play = () => {
  if (timer) return stop();
  if (Number(slider.value) === moments.length) go(0);
  byId("play").classList.add("playing");
  byId("play").setAttribute("aria-label", "Pause");
  timer = setInterval(() => {
    go(Number(slider.value) + 1);
    if (Number(slider.value) === moments.length) stop();
  }, Math.max(60, Math.min(900, 40000 / moments.length)));
};
slider.addEventListener("input", () => { stop(); go(Number(slider.value)); });
byId("first").addEventListener("click", () => step(-moments.length));
byId("back").addEventListener("click", () => step(-1));
byId("next").addEventListener("click", () => step(1));
byId("last").addEventListener("click", () => step(moments.length));
byId("play").addEventListener("click", play);

// ---- Beside the drawing: the derivation, line by line, and what is known of a card.

const written = derivation.map((line) => {
  const button = make("button", "line", line.text);
  button.type = "button";
  button.addEventListener("click", () => { choose(line.element); center(line.element); });
  return button;
});
const firstBackward = derivation.findIndex((line) => line.is_backward);
written.forEach((button, at) => {
  if (at === 0 && firstBackward !== 0) byId("derivation").append(make("h3", "", "Forward: the values"));
  if (at === firstBackward) byId("derivation").append(make("h3", "", "Backward: the chain rule"));
  byId("derivation").append(button);
});
if (written.length === 0) {
  byId("derivation").append(make("h3", "", "Derivation"), make("p", "hint line", "The cards are groups of nodes: there is no line for each."));
}

const markDerivation = (done, now) => {
  const atEnd = done === moments.length;
  derivation.forEach((line, at) => {
    const known = line.is_backward
      ? atEnd || !plays || adjoints[line.element].some(([when]) => when < done)
      : valueAt[line.element] < done;
    written[at].classList.toggle("later", !known);
    const isNow = !atEnd && now !== undefined && now.element === line.element && isForward(now) !== line.is_backward;
    written[at].classList.toggle("now", isNow);
    if (isNow) reveal(written[at], byId("derivation"));
  });
};

/** Scrolls a list, and nothing else, until one of its lines can be seen. */
const reveal = (line, list) => {
  const [inner, outer] = [line, list].map((node) => node.getBoundingClientRect());
  if (inner.top < outer.top + 30) list.scrollTop -= outer.top + 30 - inner.top;
  if (inner.bottom > outer.bottom - 30) list.scrollTop += inner.bottom - outer.bottom + 30;
};

const describe = (at, into) => {
  const item = elements[at];
  const title = make("h2", "", item.name);
  title.prepend(make("span", "role", item.role));
  const list = make("dl");
  let last = "";
  item.facts.forEach(([what, much]) => {
    list.append(make("dt", "", what === last ? "" : what), make("dd", "", much));
    last = what;
  });
  into.replaceChildren(title);
  if (item.formula) into.append(make("p", "formula", item.formula));
  into.append(list);
};

const hint = () => details.replaceChildren(make("p", "hint",
  "Point at a node for what is known of it. A click marks what feeds it and what it feeds. Drag to move, scroll to zoom."));

// ---- A click: what leads to a card and what it leads to, by links, with a list instead of recursion.

const reach = (start, from, to) => {
  const next = elements.map(() => []);
  links.forEach((link) => next[link[from]].push(link[to]));
  const seen = new Set([start]), open = [start];
  while (open.length > 0) {
    next[open.pop()].forEach((at) => { if (!seen.has(at)) { seen.add(at); open.push(at); } });
  }
  return seen;
};

let chosen = null;
const choose = (at) => {
  chosen = at;
  const feeds = at === null ? new Set() : reach(at, "to", "from");
  const fed = at === null ? new Set() : reach(at, "from", "to");
  cards.forEach((card, i) => {
    card.classList.toggle("chosen", i === at);
    card.classList.toggle("feeds", i !== at && feeds.has(i));
    card.classList.toggle("fed", i !== at && fed.has(i));
    card.classList.toggle("aside", at !== null && !feeds.has(i) && !fed.has(i));
  });
  lines.forEach((line, i) => {
    const { from, to } = links[i];
    const isIn = (feeds.has(from) && feeds.has(to)) || (fed.has(from) && fed.has(to));
    line.classList.toggle("aside", at !== null && !isIn);
  });
  if (at === null) return hint();
  describe(at, details);
  const key = make("div", "key");
  key.append(make("b", "feeds", feeds.size - 1 + " feed it"), make("b", "fed", fed.size - 1 + " fed by it"));
  details.append(key);
  details.scrollTop = 0;
};

// ---- Pointing.

const under = (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const card = target && target.closest("[data-element]");
  const line = target && target.closest("[data-link]");
  return { card: card ? Number(card.dataset.element) : null, line: line ? Number(line.dataset.link) : null };
};

stage.addEventListener("pointermove", (event) => {
  const { card, line } = under(event);
  tip.hidden = drag !== null || (card === null && line === null);
  if (tip.hidden) return;
  if (card !== null) describe(card, tip); else tip.replaceChildren(make("div", "", links[line].text));
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = Math.max(6, Math.min(event.clientX + 16, innerWidth - width - 8)) + "px";
  const below = event.clientY + 18;
  tip.style.top = (below + height < innerHeight - 8 ? below : Math.max(6, event.clientY - height - 14)) + "px";
});
stage.addEventListener("pointerleave", () => { tip.hidden = true; });

// ---- Moving and zooming, by the drawing's view box.

const whole = svg.viewBox.baseVal;
const [fullWidth, fullHeight] = [whole.width, whole.height];
const view = { x: 0, y: 0, scale: 1 };
svg.removeAttribute("width");
svg.removeAttribute("height");
const look = () => {
  const { width, height } = stage.getBoundingClientRect();
  svg.setAttribute("viewBox", [view.x, view.y, width / view.scale, height / view.scale].join(" "));
};
const fit = () => {
  const { width, height } = stage.getBoundingClientRect();
  view.scale = Math.min(1.6, width / fullWidth, height / fullHeight);
  view.x = (fullWidth - width / view.scale) / 2;
  view.y = (fullHeight - height / view.scale) / 2;
  look();
};
const zoom = (by, x, y) => {
  const old = view.scale;
  view.scale = Math.max(0.02, Math.min(8, old * by));
  view.x += x / old - x / view.scale;
  view.y += y / old - y / view.scale;
  look();
};
const zoomMiddle = (by) => {
  const { width, height } = stage.getBoundingClientRect();
  zoom(by, width / 2, height / 2);
};
/** Moves the view to a card that lies outside of it. */
const follow = (at) => {
  const [card, around] = [cards[at], stage].map((node) => node.getBoundingClientRect());
  const isIn = card.left >= around.left && card.right <= around.right
    && card.top >= around.top && card.bottom <= around.bottom;
  if (!isIn) center(at);
};
const center = (at) => {
  const { width, height } = stage.getBoundingClientRect();
  const box = cards[at].getBBox();
  view.x = box.x + box.width / 2 + offset.x - width / view.scale / 2;
  view.y = box.y + box.height / 2 + offset.y - height / view.scale / 2;
  look();
};
// Cards stand in a group that is moved by the margin and the title.
const offset = (() => {
  const moved = cards.length > 0 && cards[0].parentNode.transform.baseVal.consolidate();
  return moved ? { x: moved.matrix.e, y: moved.matrix.f } : { x: 0, y: 0 };
})();

let drag = null;
const pointers = new Map();
const spread = () => {
  const [a, b] = [...pointers.values()];
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
};
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  pointers.set(event.pointerId, event);
  drag = { x: event.clientX, y: event.clientY, far: 0, from: under(event), spread: pointers.size === 2 ? spread() : 0 };
});
addEventListener("pointermove", (event) => {
  if (!drag || !pointers.has(event.pointerId)) return;
  const before = pointers.get(event.pointerId);
  pointers.set(event.pointerId, event);
  if (pointers.size === 2) {
    const box = stage.getBoundingClientRect();
    const [a, b] = [...pointers.values()];
    zoom(spread() / drag.spread, (a.clientX + b.clientX) / 2 - box.x, (a.clientY + b.clientY) / 2 - box.y);
    drag.spread = spread();
    drag.far = 99;
    return;
  }
  const [dx, dy] = [event.clientX - before.clientX, event.clientY - before.clientY];
  drag.far += Math.abs(dx) + Math.abs(dy);
  if (drag.far < 4) return;
  stage.classList.add("moving");
  tip.hidden = true;
  view.x -= dx / view.scale;
  view.y -= dy / view.scale;
  look();
});
const release = (event) => {
  pointers.delete(event.pointerId);
  if (!drag || pointers.size > 0) return;
  const { far, from } = drag;
  drag = null;
  stage.classList.remove("moving");
  if (event.type === "pointerup" && far < 4) choose(from.card === chosen ? null : from.card);
};
addEventListener("pointerup", release);
addEventListener("pointercancel", release);
stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = stage.getBoundingClientRect();
  const lines = event.deltaMode === 1 ? 18 : 1;
  zoom(Math.exp(-event.deltaY * lines * 0.0016), event.clientX - box.x, event.clientY - box.y);
}, { passive: false });
byId("in").addEventListener("click", () => zoomMiddle(1.3));
byId("out").addEventListener("click", () => zoomMiddle(1 / 1.3));
byId("fit").addEventListener("click", fit);
addEventListener("resize", fit);

// ---- Searching.

let found = [], turn = -1;
byId("search").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  found = wanted === "" ? [] : elements.flatMap((item, at) => (item.words.includes(wanted) ? [at] : []));
  turn = -1;
  cards.forEach((card, at) => card.classList.toggle("found", found.includes(at)));
  byId("found").textContent = wanted === "" ? "" : found.length + " found";
});
byId("search").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || found.length === 0) return;
  turn = (turn + (event.shiftKey ? found.length - 1 : 1)) % found.length;
  choose(found[turn]);
  center(found[turn]);
  byId("found").textContent = turn + 1 + " of " + found.length;
});

// ---- Keys.

const keys = {
  " ": play, ",": () => step(-1), ".": () => step(1),
  Home: () => step(-moments.length), End: () => step(moments.length),
  "+": () => zoomMiddle(1.3), "=": () => zoomMiddle(1.3), "-": () => zoomMiddle(1 / 1.3), 0: fit,
  "/": () => byId("search").focus(),
  Escape: () => choose(null),
};
addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement && event.target.type === "search";
  const isButton = event.target instanceof HTMLButtonElement && event.key === " ";
  const isSlider = event.target === slider && (event.key === "Home" || event.key === "End");
  if (event.ctrlKey || event.metaKey || event.altKey || isButton || isSlider) return;
  if (isTyping && event.key !== "Escape") return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
stage.addEventListener("keydown", (event) => {
  const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  view.x += move[0] / view.scale;
  view.y += move[1] / view.scale;
  look();
});

hint();
fit();
// Of a drawing too large to be read as a whole, the end is shown first: the output.
if (view.scale < 0.35) {
  view.scale = 0.7;
  center(cards.length - 1);
}
go(moments.length);
