"use strict";
// Filters the items of the page and walks through them. Everything is on the page
// already; what is shown, and where the reader is, stands in the address.
(() => {
  const byId = (id) => document.getElementById(id);
  const bar = byId("page-bar");
  const card = byId("page-now");
  const ALL = "all";
  const NAMES = ["layer", "class", "slice", "side", "change", "article"];
  const fields = NAMES.filter((name) => bar.elements[name]);
  const items = [...document.querySelectorAll("main .item")].map((node, index) => ({
    node,
    index,
    id: node.id,
    values: Object.fromEntries(
      NAMES.map((name) => [name, (node.dataset[name] ?? "").split("\n")]),
    ),
    marks: [],
    shown: true,
  }));
  const known = new Map(items.map((item) => [item.id, item]));
  for (const mark of document.querySelectorAll("main .m[data-i]")) {
    items[mark.dataset.i].marks.push(mark);
  }
  const articles = [...document.querySelectorAll("main .article")].map((node) => ({
    node,
    items: [...node.querySelectorAll(".item")].map((own) => known.get(own.id)),
  }));
  const compared = Boolean(bar.elements.change);
  let current = null;

  // What the reader asks for, in the fields and in the address.

  const asked = () => ({
    ...Object.fromEntries(fields.map((name) => [name, bar.elements[name].value])),
    text: bar.elements.text.value.trim(),
  });
  const initial = asked();

  function choose(values) {
    for (const name of fields) {
      const field = bar.elements[name];
      const value = values[name] ?? initial[name];
      field.value = value;
      if (field.value !== value) field.value = ALL;
    }
    bar.elements.text.value = values.text ?? "";
  }

  function address() {
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(asked())) {
      if (value !== initial[name]) parts.set(name, value);
    }
    if (!parts.toString()) return "#" + (current ? encodeURIComponent(current.id) : "");
    if (current) parts.set("at", current.id);
    return "#" + parts;
  }

  const keep = () => history.replaceState(null, "", address());
  const add = () => history.pushState(null, "", address());

  // Showing what fits.

  // `speaker` stands for `speaker.other` too, `!speaker` for all that is neither.
  const isOf = (own, value) => own.some((one) => one === value || one.startsWith(value + "."));
  const fits = (own, value) =>
    value === ALL || (value[0] === "!" ? !isOf(own, value.slice(1)) : isOf(own, value));

  function holds(item, text) {
    item.words ??= item.node.textContent.toLowerCase();
    return item.words.includes(text);
  }

  function show() {
    const values = asked();
    const text = values.text.toLowerCase();
    for (const item of items) {
      const shown =
        fields.every((name) => fits(item.values[name], values[name])) &&
        (!text || holds(item, text));
      if (shown === item.shown) continue;
      item.shown = shown;
      item.node.hidden = !shown;
      for (const mark of item.marks) mark.classList.toggle("off", !shown);
    }
    const narrowed = text || fields.some((name) => name !== "layer" && values[name] !== ALL);
    for (const { node, items: own } of articles) {
      node.hidden = Boolean(narrowed) && !own.some((item) => item.shown);
    }
    if (current && !current.shown) leave();
    tell();
  }

  const stops = () =>
    items.filter((item) => item.shown && (compared || item.values.class[0] === "error"));

  function tell() {
    const all = stops();
    const place = all.indexOf(current) + 1;
    const shown = items.filter((item) => item.shown).length;
    byId("page-count").value =
      `${place ? place + " of " : ""}${all.length} ${compared ? "items" : "errors"}`;
    byId("page-count").title = `${shown} of ${items.length} items shown`;
  }

  // Going to an item.

  function leave() {
    if (!current) return;
    for (const node of [current.node, ...current.marks]) node.classList.remove("current");
    current = null;
    card.hidden = true;
  }

  function go(item) {
    leave();
    current = item;
    for (const node of [item.node, ...item.marks]) node.classList.add("current");
    if (item.marks.length) {
      const copy = item.node.cloneNode(true);
      copy.removeAttribute("id");
      card.replaceChildren(copy);
      card.hidden = false;
      const list = item.node.parentElement;
      const down = item.node.getBoundingClientRect().top - list.getBoundingClientRect().top;
      if (list.scrollHeight > list.clientHeight) list.scrollTop += down - 8;
    }
    const isNarrow = card.offsetHeight > 0;
    const place = item.marks[0] ?? item.node;
    place.scrollIntoView({ block: isNarrow ? "start" : "center" });
    if (!isNarrow) item.node.scrollIntoView({ block: "nearest" });
    tell();
  }

  function walk(step) {
    const all = stops();
    if (!all.length) return;
    const here = current ? current.index : -1;
    const next =
      step > 0
        ? (all.find((item) => item.index > here) ?? all[0])
        : (all.findLast((item) => item.index < here) ?? all.at(-1));
    go(next);
    keep();
  }

  // From the address: at first, on a link of the page, and on the way back.

  function plain(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  function follow() {
    const hash = location.hash.slice(1);
    const isFilter = hash.includes("=");
    const values = isFilter ? Object.fromEntries(new URLSearchParams(hash)) : {};
    const target = known.get(isFilter ? values.at : plain(hash));
    leave();
    choose(values);
    show();
    if (target && !target.shown) {
      choose({ layer: target.values.layer[0] });
      show();
    }
    const first = isFilter ? items.find((item) => item.shown) : null;
    if (target ?? first) go(target ?? first);
    else byId(plain(hash))?.scrollIntoView();
  }

  // What the reader does.

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (byId("page-help").open) return;
    if (event.target.closest("input[type=search], select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const actions = {
      j: () => walk(1),
      n: () => walk(1),
      k: () => walk(-1),
      p: () => walk(-1),
      "/": () => bar.elements.text.focus(),
      "?": () => byId("page-help").showModal(),
      Escape: () => bar.reset(),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  function point(event) {
    if (event.target.closest("#page-now")) card.hidden = !event.target.closest("a");
    if (event.target.closest("a, button") || !getSelection().isCollapsed) return;
    const mark = event.target.closest("main .m[data-i]:not(.off)");
    const node = event.target.closest("main .item");
    const item = mark ? items[mark.dataset.i] : node && known.get(node.id);
    if (!item) return;
    go(item);
    keep();
  }

  bar.addEventListener("input", (event) => {
    show();
    (event.target.name === "text" ? keep : add)();
  });
  bar.addEventListener("reset", (event) => {
    event.preventDefault();
    leave();
    choose(initial);
    show();
    add();
  });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    bar.elements.text.blur();
    const first = items.find((item) => item.shown);
    if (first) go(first);
    keep();
  });
  for (const button of document.querySelectorAll("[data-walk]")) {
    button.addEventListener("click", () => walk(Number(button.dataset.walk)));
  }
  byId("page-ask").addEventListener("click", () => byId("page-help").showModal());
  document.addEventListener("keydown", press);
  document.addEventListener("click", point);
  addEventListener("hashchange", follow);

  bar.hidden = false;
  follow();
})();
