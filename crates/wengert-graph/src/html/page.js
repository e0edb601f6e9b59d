"use strict";
// What users wrote comes as JSON and is only ever set as text: nothing here makes markup of it.
const { views } = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const [stage, slider, details, tip] = ["stage", "slider", "details", "tip"].map(byId);

const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
};

// ---- Formulas: LaTeX, as far as this page has it, becomes MathML.

const SYMBOLS = {
  partial: "∂", cdot: "⋅", pi: "π", psi: "ψ", varphi: "φ", Phi: "Φ", sigma: "σ", Gamma: "Γ", infty: "∞", ldots: "…",
  lt: "<", gt: ">", le: "≤", ast: "∗", vert: "|", lvert: "|", rvert: "|", lVert: "‖", rVert: "‖", lfloor: "⌊", rfloor: "⌋",
  lceil: "⌈", rceil: "⌉", lbrack: "[", rbrack: "]", prod: "∏", sum: "∑",
};
const OPERATORS = new Set([..."⋅<>≤∗|‖⌊⌋⌈⌉[]…"]);
const FUNCTIONS = new Set(
  "ln log sin cos tan arcsin arccos arctan sinh cosh tanh max min exp".split(" "));
const IN_TEXT = { textbackslash: "\\", textasciicircum: "^", textasciitilde: "~" };

const mathNode = (tag, children) => {
  const node = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  if (typeof children === "string") node.textContent = children; else node.append(...children);
  return node;
};

/** The formula as pieces of MathML; throws where it holds what this page does not know. */
const mathOf = (latex) => {
  const tokens = latex.match(/\\[a-zA-Z]+|\\.|\d+(\.\d+)?|\s+|[^]/gu) || [];
  let at = 0;
  const blank = () => { while (at < tokens.length && /^\s+$/.test(tokens[at])) at += 1; };
  const expect = (token) => { blank(); if (tokens[at] !== token) throw new Error("no " + token); at += 1; };
  const row = (ends) => {
    const nodes = [];
    for (blank(); at < tokens.length && !ends.includes(tokens[at]); blank()) {
      const node = scripts(atom());
      const before = nodes[nodes.length - 1];
      // A sign, not a difference.
      if (node.textContent === "−" && (!before || before.localName === "mo")) node.setAttribute("form", "prefix");
      nodes.push(node);
    }
    return nodes;
  };
  const group = () => { expect("{"); const nodes = row(["}"]); expect("}"); return mathNode("mrow", nodes); };
  const words = () => {
    expect("{");
    let text = "";
    for (; at < tokens.length && tokens[at] !== "}"; at += 1) {
      const token = tokens[at];
      if (token[0] !== "\\") text += token;
      else if (token.slice(1) in IN_TEXT) { text += IN_TEXT[token.slice(1)]; at += 2; }
      else text += token.slice(1);
    }
    expect("}");
    return text;
  };
  const fence = () => { blank(); const token = tokens[at]; at += 1; return mathNode("mo", SYMBOLS[token.slice(1)] || token); };
  const cases = () => {
    const rows = [[]];
    expect("{"); row(["}"]); expect("}");
    for (;;) {
      rows[rows.length - 1].push(mathNode("mtd", row(["&", "\\\\", "\\end"])));
      const end = tokens[at];
      at += 1;
      if (end === "\\\\") rows.push([]);
      if (end === "\\end") break;
      if (end === undefined) throw new Error("no end");
    }
    expect("{"); row(["}"]); expect("}");
    const table = mathNode("mtable", rows.map((cells) => mathNode("mtr", cells)));
    table.setAttribute("columnalign", "left");
    return mathNode("mrow", [mathNode("mo", "{"), table]);
  };
  const atom = () => {
    blank();
    const token = tokens[at];
    if (token === "{") return group();
    at += 1;
    if (token === undefined) throw new Error("it ends");
    const name = token[0] === "\\" ? token.slice(1) : null;
    if (name === null) {
      if (/^\d/.test(token)) return mathNode("mn", token);
      if (/^\p{L}/u.test(token)) return mathNode("mi", token);
      if (token === "+" && tokens[at] === "=") { at += 1; return mathNode("mo", "+="); }
      if (!"+-=(),|".includes(token)) throw new Error("unknown " + token);
      return mathNode("mo", token === "-" ? "−" : token);
    }
    if (name === "frac") return mathNode("mfrac", [group(), group()]);
    if (name === "sqrt") {
      if (tokens[at] !== "[") return mathNode("msqrt", [group()]);
      at += 1;
      const degree = row(["]"]);
      expect("]");
      return mathNode("mroot", [group(), mathNode("mrow", degree)]);
    }
    if (name === "left") {
      const open = fence(), inner = row(["\\right"]);
      expect("\\right");
      return mathNode("mrow", [open, ...inner, fence()]);
    }
    if (name === "text" || name === "mathrm") return mathNode("mtext", words());
    if (name === "operatorname") return mathNode("mi", words());
    if (name === "begin") return cases();
    if (name === "bmod") return mathNode("mo", "mod");
    if (FUNCTIONS.has(name)) return mathNode("mi", name);
    if (!(name in SYMBOLS)) throw new Error("unknown " + token);
    return mathNode(OPERATORS.has(SYMBOLS[name]) ? "mo" : "mi", SYMBOLS[name]);
  };
  const scripts = (base) => {
    for (;;) {
      blank();
      if (tokens[at] !== "^" && tokens[at] !== "_") return base;
      const tag = tokens[at] === "^" ? "msup" : "msub";
      at += 1;
      base = mathNode(tag, [base, atom()]);
    }
  };
  const nodes = row([]);
  if (at < tokens.length) throw new Error("unknown " + tokens[at]);
  // A piece for each side of an equation and each summand, so that long ones go on in the next line.
  const pieces = [[]];
  nodes.forEach((node, place) => {
    const breaks = node.localName === "mo" && ["=", "+=", "+", "−"].includes(node.textContent);
    if (breaks && place > 0 && node.getAttribute("form") !== "prefix") {
      node.setAttribute("form", "infix");
      pieces.push([]);
    }
    pieces[pieces.length - 1].push(node);
  });
  return pieces.map((piece) => mathNode("math", piece));
};

/** Shows a formula, a pair of plain text and LaTeX, in an element: as text where there is no LaTeX. */
const setFormula = (node, [text, latex]) => {
  node.dataset.plain = text;
  try {
    if (!latex) throw new Error("words");
    const formula = make("span", "math");
    formula.setAttribute("role", "math");
    formula.setAttribute("aria-label", text);
    // A blank between the pieces is where a line may end.
    formula.append(...mathOf(latex).flatMap((piece) => [piece, " "]));
    node.replaceChildren(formula);
  } catch {
    node.textContent = text;
  }
};

// ---- A view: the drawing, or the drawing with some group opened.

let current = 0;
let elements, links, moments, derivation, svg, original, cards, lines, sums;
let forward, valueAt, adjoints, linkAt, plays, written, offset;
let fullWidth, fullHeight;
const view = { x: 0, y: 0, scale: 1 };

const first = document.querySelector("#drawing > svg").cloneNode(true);
const drawingOf = (number) => (number === 0 ? first : byId("view-" + number).content.querySelector("svg"));

/** Takes a view's drawing and data in place of those before. */
const load = (number) => {
  current = number;
  ({ elements, links, moments, derivation } = views[number]);
  svg = drawingOf(number).cloneNode(true);
  byId("drawing").replaceChildren(svg);
  original = new XMLSerializer().serializeToString(svg);
  [cards, lines] = [[], []];
  svg.querySelectorAll("[data-element]").forEach((group) => { cards[group.dataset.element] = group; });
  svg.querySelectorAll("[data-link]").forEach((group) => { lines[group.dataset.link] = group; });
  // The page has tips of its own.
  svg.querySelectorAll("title").forEach((title) => title.remove());
  [fullWidth, fullHeight] = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
  svg.removeAttribute("width");
  svg.removeAttribute("height");
  // Cards stand in a group that is moved by the margin and the title.
  const moved = cards.length > 0 && cards[0].parentNode.transform.baseVal.consolidate();
  offset = moved ? { x: moved.matrix.e, y: moved.matrix.f } : { x: 0, y: 0 };
  sums = cards.map(placeForSum);
  cards.forEach((card, at) => card.classList.toggle("opens", elements[at].opens !== null));
  schedule();
  writeDerivation();
  writePath();
  chosen = null;
  hint();
  begin();
  go(moments.length);
  search();
};

/** Marks a card's numbers, and makes a place for a sum that is under way. */
const placeForSum = (card) => {
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
};

/** The way back from an opened group. */
const writePath = () => {
  const path = byId("path");
  const names = [];
  for (let at = current; views[at].parent !== null; at = views[at].parent) names.unshift(at);
  path.hidden = names.length === 0;
  const back = (text, to) => {
    const button = make("button", "", text);
    button.type = "button";
    button.addEventListener("click", () => load(to));
    return button;
  };
  path.replaceChildren(back("All", 0), ...names.map((at, place) =>
    (place === names.length - 1 ? make("span", "", views[at].name) : back(views[at].name, at))));
};

/** Opens a group and looks at what was in it. */
const open = (at) => {
  const before = new Set(elements.map((item) => item.name));
  load(elements[at].opens);
  const inside = elements.findIndex((item) => !before.has(item.name));
  if (inside >= 0 && !isWhole()) center(inside);
};

// ---- The slider. After so many moments, who has a value, and which adjoint?

const isForward = (moment) => moment.phase === "forward";
/** What a moment says: of the forward pass it is the equation of its card. */
const wordsOf = (moment) => moment.formula || elements[moment.element].formula || [elements[moment.element].name, null];

const schedule = () => {
  stop();
  forward = moments.filter(isForward).length;
  // What no moment computes is given.
  valueAt = cards.map(() => -1);
  [adjoints, linkAt] = [cards.map(() => []), []];
  moments.forEach((moment, at) => {
    if (isForward(moment)) valueAt[moment.element] = at;
    else if (moment.adjoint !== null) adjoints[moment.element].push([at, moment]);
    if (moment.link !== null) linkAt[moment.link] = at;
  });
  plays = moments.length > forward;
  slider.max = moments.length;
};

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
    card.classList.toggle("still", !atEnd && known.length === 0);
    card.classList.toggle("now", !atEnd && now !== undefined && now.element === at);
    if (isRunning && sums[at]) showSum(sums[at], known[known.length - 1][1]);
  });
  lines.forEach((line, at) => {
    line.classList.toggle("later", valueAt[links[at].to] >= done);
    line.classList.toggle("unswept", !atEnd && !(linkAt[at] < done));
    line.classList.toggle("now", !atEnd && now !== undefined && now.link === at);
  });
  showWords(done, now);
};

const showSum = (sum, moment) => {
  const kind = moment.sign === null ? "bad" : ["minus", "zero", "plus"][moment.sign + 1];
  const split = /^(−?\d+)(\.\d+)$/.exec(moment.adjoint);
  sum.whole.textContent = split ? split[1] : moment.adjoint;
  sum.whole.setAttribute("x", split ? sum.point : sum.right);
  sum.fraction.textContent = split ? split[2] : "";
  sum.whole.setAttribute("class", "sum whole " + kind);
  sum.fraction.setAttribute("class", "sum fraction " + kind);
};

const showWords = (done, now) => {
  const phases = { forward: "Forward", seed: "Seed", backward: "Reverse" };
  byId("phase").textContent = now === undefined ? "Start" : done === moments.length ? "Done" : phases[now.phase];
  const start = "The inputs are given. Play: values flow forward" + (plays ? ", then derivatives back." : ".");
  const words = now === undefined ? [start, null] : wordsOf(now);
  setFormula(byId("text"), words);
  byId("count").textContent = done + " / " + moments.length;
  slider.setAttribute("aria-valuetext", words[0]);
  markDerivation(done, now);
};

const go = (done) => {
  slider.value = Math.max(0, Math.min(moments.length, done));
  show(Number(slider.value));
  if (slider.value > 0 && done < moments.length) follow(moments[slider.value - 1]);
};
const step = (by) => { stop(); go(Number(slider.value) + by); };

let timer = null;
const stop = () => {
  clearTimeout(timer);
  timer = null;
  byId("play").classList.remove("playing");
  byId("play").setAttribute("aria-label", "Play");
};
const play = () => {
  if (timer) return stop();
  if (Number(slider.value) === moments.length) go(0);
  // Playing is watched from near.
  const first = moments[Number(slider.value)];
  if (view.scale < 0.6 && first) { view.scale = readable(); center(first.element); }
  byId("play").classList.add("playing");
  byId("play").setAttribute("aria-label", "Pause");
  tick();
};
const tick = () => {
  const pause = Math.max(60, Math.min(900, 40000 / moments.length)) / Number(byId("speed").value);
  timer = setTimeout(() => {
    go(Number(slider.value) + 1);
    if (Number(slider.value) === moments.length) stop(); else tick();
  }, pause);
};
slider.addEventListener("input", () => { stop(); go(Number(slider.value)); });
byId("first").addEventListener("click", () => step(-moments.length));
byId("back").addEventListener("click", () => step(-1));
byId("next").addEventListener("click", () => step(1));
byId("last").addEventListener("click", () => step(moments.length));
byId("play").addEventListener("click", play);

// ---- Beside the drawing: the derivation, line by line, and what is known of a card.

const formulaOf = (line) => line.formula || elements[line.element].formula || [elements[line.element].name, null];
const writeDerivation = () => {
  const list = byId("derivation");
  list.replaceChildren();
  const firstBackward = derivation.findIndex((line) => line.is_backward);
  written = derivation.map((line, at) => {
    const button = make("button", "line");
    button.type = "button";
    setFormula(button, formulaOf(line));
    button.addEventListener("click", () => { choose(line.element); center(line.element); });
    if (at === 0 && firstBackward !== 0) list.append(make("h3", "", "Forward: the values"));
    if (at === firstBackward) list.append(make("h3", "", "Backward: the chain rule"));
    list.append(button);
    return button;
  });
  if (written.length === 0) {
    list.append(make("h3", "", "Derivation"), make("p", "hint line", "The cards are groups of nodes: there is no line for each."));
  }
};

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
  if (item.formula) {
    const formula = make("p", "formula");
    setFormula(formula, item.formula);
    into.append(formula);
  }
  into.append(list);
  if (item.opens !== null) into.append(make("p", "hint", "A click opens it."));
};

const hint = () => details.replaceChildren(make("p", "hint",
  "Point at a node for what is known of it. A click marks what feeds it and what it feeds, and opens a group. Drag to move, scroll to zoom."));

byId("panel").addEventListener("click", () => togglePanel());
const togglePanel = () => {
  const alone = document.body.classList.toggle("alone");
  byId("panel").setAttribute("aria-pressed", String(!alone));
  begin();
};

byId("save").addEventListener("click", () => save());
const save = () => {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([original], { type: "image/svg+xml" }));
  link.download = (document.title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "graph").slice(0, 60) + ".svg";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

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
  const near = card === null ? [links[line].from, links[line].to] : [card, ...neighbours(card)];
  placeTip(card === null ? null : cards[card].getBoundingClientRect(), near.map((at) => cards[at].getBoundingClientRect()), event);
});
stage.addEventListener("pointerleave", () => { tip.hidden = true; });

const neighbours = (at) => links.filter((link) => link.from === at || link.to === at)
  .slice(0, 40).map((link) => (link.from === at ? link.to : link.from));

/** Puts the tip beside what it is about, where it covers least of that and of what is linked with it. */
const placeTip = (card, near, event) => {
  const { width, height } = tip.getBoundingClientRect();
  const at = card || { left: event.clientX, right: event.clientX, top: event.clientY, bottom: event.clientY };
  const inside = (x, most) => Math.max(8, Math.min(x, most - 8));
  const [xs, ys] = [[at.left, (at.left + at.right - width) / 2, at.right - width], [at.top, (at.top + at.bottom - height) / 2, at.bottom - height]];
  const spots = [
    ...xs.flatMap((x) => [[x, at.bottom + 14], [x, at.top - height - 14]]),
    ...ys.flatMap((y) => [[at.right + 14, y], [at.left - width - 14, y]]),
    [8, 8], [innerWidth, 8], [8, innerHeight], [innerWidth, innerHeight],
  ].map(([x, y]) => [inside(x, innerWidth - width), inside(y, innerHeight - height)]);
  const shared = (a, b, c, d) => Math.max(0, Math.min(b, d) - Math.max(a, c));
  const covered = ([x, y]) => near.reduce((sum, box) =>
    sum + shared(x, x + width, box.left, box.right) * shared(y, y + height, box.top, box.bottom), 0);
  const away = ([x, y]) => Math.hypot(x + width / 2 - event.clientX, y + height / 2 - event.clientY);
  const cost = (spot) => covered(spot) + 0.5 * away(spot);
  const [left, top] = spots.reduce((best, spot) => (cost(spot) < cost(best) ? spot : best));
  tip.style.left = left + "px";
  tip.style.top = top + "px";
};

// ---- Moving and zooming, by the drawing's view box.

const look = () => {
  const { width, height } = stage.getBoundingClientRect();
  svg.setAttribute("viewBox", [view.x, view.y, width / view.scale, height / view.scale].join(" "));
};
const wholeScale = () => {
  const { width, height } = stage.getBoundingClientRect();
  return Math.min(1.6, width / fullWidth, height / fullHeight);
};
const isWhole = () => view.scale <= wholeScale() * 1.001;
/** The scale at which a drawing fills the height, if its text can then be read. */
const readable = () => Math.max(0.8, Math.min(1.25, stage.getBoundingClientRect().height / fullHeight));
const fit = () => {
  const { width, height } = stage.getBoundingClientRect();
  view.scale = wholeScale();
  view.x = (fullWidth - width / view.scale) / 2;
  view.y = (fullHeight - height / view.scale) / 2;
  look();
};
/** All of it where that can be read; else as large as the height allows, with the end in view: the output. */
const begin = () => {
  fit();
  if (view.scale >= 0.72 || cards.length === 0) return;
  view.scale = readable();
  center(cards.length - 1);
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
/** Moves the view to the cards of a moment where they do not lie well within it. */
const follow = (moment) => {
  const ends = moment.link === null ? [moment.element] : [links[moment.link].to, moment.element];
  const around = stage.getBoundingClientRect();
  const [dx, dy] = [Math.min(40, around.width / 12), Math.min(24, around.height / 12)];
  const isIn = (at) => {
    const card = cards[at].getBoundingClientRect();
    return card.left >= around.left + dx && card.right <= around.right - dx
      && card.top >= around.top + dy && card.bottom <= around.bottom - dy;
  };
  if (!isWhole() && !ends.every(isIn)) center(moment.element);
};
/** Moves a card to the middle; where the drawing fits in one direction, it stays whole in that one. */
const center = (at) => {
  const { width, height } = stage.getBoundingClientRect();
  const box = cards[at].getBBox();
  const along = (middle, room, full) => {
    const shown = room / view.scale;
    return shown >= full ? (full - shown) / 2 : Math.max(0, Math.min(full - shown, middle - shown / 2));
  };
  view.x = along(box.x + box.width / 2 + offset.x, width, fullWidth);
  view.y = along(box.y + box.height / 2 + offset.y, height, fullHeight);
  look();
};

let drag = null;
const pointers = new Map();
const spread = () => {
  const [a, b] = [...pointers.values()];
  return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
};
stage.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.target.closest("#path")) return;
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
  if (event.type !== "pointerup" || far >= 4) return;
  tip.hidden = true;
  if (from.card !== null && elements[from.card].opens !== null) return open(from.card);
  choose(from.card === chosen ? null : from.card);
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
addEventListener("resize", () => begin());

// ---- Searching.

let found = [], turn = -1;
const search = () => {
  const wanted = byId("search").value.trim().toLowerCase();
  found = wanted === "" ? [] : elements.flatMap((item, at) => (item.words.includes(wanted) ? [at] : []));
  turn = -1;
  cards.forEach((card, at) => card.classList.toggle("found", found.includes(at)));
  byId("found").textContent = wanted === "" ? "" : found.length + " found";
};
byId("search").addEventListener("input", search);
byId("search").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || found.length === 0) return;
  turn = (turn + (event.shiftKey ? found.length - 1 : 1)) % found.length;
  choose(found[turn]);
  center(found[turn]);
  byId("found").textContent = turn + 1 + " of " + found.length;
});

// ---- Keys.

const escape = () => {
  if (chosen !== null) return choose(null);
  if (views[current].parent !== null) load(views[current].parent);
};
const keys = {
  " ": play, ",": () => step(-1), ".": () => step(1),
  Home: () => step(-moments.length), End: () => step(moments.length),
  "+": () => zoomMiddle(1.3), "=": () => zoomMiddle(1.3), "-": () => zoomMiddle(1 / 1.3), 0: fit,
  "/": () => byId("search").focus(), p: togglePanel, s: save,
  Escape: escape,
};
addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement && event.target.type === "search";
  const isButton = event.target instanceof HTMLButtonElement && event.key === " ";
  const isChoice = event.target instanceof HTMLSelectElement;
  const isSlider = event.target === slider && (event.key === "Home" || event.key === "End");
  if (event.ctrlKey || event.metaKey || event.altKey || isButton || isSlider || isChoice) return;
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

load(0);
