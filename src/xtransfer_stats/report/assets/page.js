// Each chart takes the width of its box; panels that would be too narrow stand one below the other.
const NARROW = 640;
const GAP = 26;
const RUNS = "language_runs";
const CHOICE = "language";
const views = {};
let chosen;
window.xstats = { views, choose };

// A row's name of several parts takes two lines where its chart would have little room beside it.
const PARTS = "split(datum.label, ', ')";
const TWO_LINES = `length(${PARTS}) > 1 ? [${PARTS}[0], join(slice(${PARTS}, 1), ', ')] : datum.label`;

function folded(spec, box) {
  const usual = spec.usermeta.labels + 12;
  if (box >= NARROW || spec.usermeta.folded === undefined) return usual;
  spec.config.axisY = { ...spec.config.axisY, labelExpr: TWO_LINES, labelFontSize: 10, labelLineHeight: 10 };
  return spec.usermeta.folded + 12;
}

function wide(spec) {
  return spec.concat ? spec.concat[0].width : spec.width;
}

function fitted(source, box) {
  const spec = structuredClone(source);
  const labels = folded(spec, box);
  spec.config.background = null; // the page's own, light or dark
  delete spec.title; // the heading and the caption of the figure say it
  if (!spec.concat) {
    spec.width = Math.max(120, Math.min(box - labels, spec.width));
    return spec;
  }
  const columns = box < NARROW ? 1 : spec.columns;
  const room = Math.floor((box - GAP * (columns - 1)) / columns) - labels;
  const most = columns === 1 ? room : Math.max(wide(spec), room);
  spec.columns = columns;
  for (const panel of spec.concat) panel.width = Math.max(90, Math.min(room, most));
  return spec;
}

// A language that is clicked in any chart is the one whose runs are shown; a redrawn chart keeps it.
function remember(view) {
  if (chosen !== undefined) view.signal(CHOICE, chosen).run();
  chosen = view.signal(CHOICE);
  view.addSignalListener(CHOICE, (name, value) => { chosen = value; });
}

// Of a mark, of its row, or of the axis's own label: whichever is a language.
function clicked(datum) {
  const names = [datum?.language, datum?.label, datum?.value].map((name) => /\(([^()]+)\)$/.exec(name)?.[1] ?? name);
  return names.find((name) => languages.includes(name));
}

async function choose(language) {
  if (languages.includes(language)) await views[RUNS]?.signal(CHOICE, language).runAsync();
}

function specification(name) {
  return JSON.parse(document.getElementById(`spec-${name}`)?.textContent ?? "{}");
}

async function draw(figure) {
  const source = specification(figure.dataset.chart);
  const width = Math.floor(figure.clientWidth || main.clientWidth); // a folded chart is as wide as the page
  if (figure.dataset.width === String(width)) return;
  figure.dataset.width = String(width);
  const options = { mode: "vega-lite", renderer: "svg", actions: false };
  const { view } = await window.vegaEmbed(figure, fitted(source, width), options);
  views[figure.dataset.chart] = view;
  if (figure.dataset.chart === RUNS) remember(view);
  else view.addEventListener("click", (event, item) => choose(clicked(item?.datum)));
  figure.dataset.drawn = "yes";
}

// What is folded opens for a link to it, and for paper.
function unfold() {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const inside = place?.querySelector(":scope > details");
  for (let one = inside ?? place?.closest("details"); one; one = one.parentElement?.closest("details")) one.open = true;
  place?.scrollIntoView();
}

function whole(paper) {
  for (const one of document.querySelectorAll("details")) {
    if (paper && !one.open) one.dataset.folded = "yes";
    one.open = paper || one.dataset.folded !== "yes";
    if (!paper) delete one.dataset.folded;
  }
}

async function copy(button) {
  const said = button.textContent;
  const { copy: name, form, cite } = button.dataset;
  const text = cite ? cited(cite) : sources[name][form];
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "The browser forbids it";
  }
  setTimeout(() => { button.textContent = said; }, 1500);
}

// The sentence and the signature below a heading.
function cited(id) {
  const sentence = document.getElementById(id).nextElementSibling;
  return `${sentence.textContent} ${sentence.nextElementSibling.textContent}`;
}

const main = document.getElementById("main");
const sources = JSON.parse(document.getElementById("sources")?.textContent ?? "{}");
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
window.addEventListener("hashchange", unfold);
window.addEventListener("beforeprint", () => whole(true));
window.addEventListener("afterprint", () => whole(false));
if (location.hash) unfold();

const languages = specification(RUNS).params?.find((one) => one.name === CHOICE)?.bind.options ?? [];
const figures = [...document.querySelectorAll("[data-chart]")];
await Promise.all(figures.map(draw));
const resized = new ResizeObserver((entries) => entries.forEach((entry) => draw(entry.target)));
for (const figure of figures) resized.observe(figure);
