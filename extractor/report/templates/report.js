"use strict";
// Filters what was found, and leads from the words to the findings and back. All of it
// is on the page already; what is shown, and where the reader is, stands in the address.
(() => {
  const byId = (id) => document.getElementById(id);
  const bar = byId("page-bar");
  const card = byId("page-now");
  const article = byId("page-article");
  const panel = byId("page-findings");
  const ALL = "all";
  const fields = ["task", "speaker", "kind"].filter((name) => bar.elements[name]);
  const words = { quote: "", claim: "", worthy: "", trigger: "", evidence: "", mention: "speaker of ", cue: "reporting word of ", participant: "taking part in ", anchor: "words of ", nearest: "nearest to " };

  const items = [...panel.querySelectorAll("[data-n]")].map((node, place) => {
    return {
      node,
      id: node.id,
      place, // in the panel
      rank: -1, // of its label in the article
      link: node.querySelector(".tag"),
      links: [...node.querySelectorAll("a")],
      tag: null,
      pieces: new Set(),
      shown: true,
      values: {
        task: [node.dataset.task],
        speaker: node.dataset.speaker.split("\n"),
        kind: node.dataset.kind.split("\n"),
      },
    };
  });
  const numbered = new Map(items.map((item) => [item.node.dataset.n, item]));
  const byText = []; // in the order of their labels in the article
  for (const tag of article.querySelectorAll(".tag")) {
    const item = numbered.get(tag.dataset.n);
    item.tag = tag;
    item.rank = byText.push(item);
  }
  const pieces = new Map();
  for (const node of article.querySelectorAll(".m[data-m]")) {
    const marks = node.dataset.m.split(" ").map((mark) => {
      const [number, role] = mark.split(":");
      return { item: numbered.get(number), role };
    });
    const piece = { node, marks };
    pieces.set(node, piece);
    for (const mark of marks) mark.item.pieces.add(piece);
  }
  const known = new Map(items.map((item) => [item.id, item]));
  const parents = [...panel.querySelectorAll(".stop, .person, .group")];
  let current = null;
  let hot = [];

  // What the reader asks for, in the fields and in the address.

  const asked = () => ({
    ...Object.fromEntries(fields.map((name) => [name, bar.elements[name].value])),
    text: bar.elements.text.value.trim(),
  });
  const initial = asked();
  const isInitial = () => Object.entries(asked()).every(([name, value]) => value === initial[name]);

  function choose(values) {
    for (const name of fields) {
      const field = bar.elements[name];
      field.value = values[name] ?? ALL;
      if (!field.value) field.value = ALL;
    }
    bar.elements.text.value = values.text ?? "";
  }

  function address() {
    if (isInitial()) return "#" + (current ? current.id : "");
    const parts = new URLSearchParams();
    for (const [name, value] of Object.entries(asked())) {
      if (value !== initial[name]) parts.set(name, value);
    }
    if (current) parts.set("at", current.id);
    return "#" + parts;
  }

  // A page in a notebook's frame has no address of its own.
  const isFramed = location.protocol === "about:";
  const keep = () => isFramed || history.replaceState(null, "", address());
  const add = () => isFramed || history.pushState(null, "", address());

  // Showing what fits.

  function holds(item, text) {
    item.words ??= item.node.textContent.toLowerCase();
    return item.words.includes(text);
  }

  function draw(piece) {
    const roles = new Set(piece.marks.filter((mark) => mark.item.shown).map((mark) => mark.role));
    piece.node.className = ["m", ...roles].join(" ");
  }

  function show() {
    const values = asked();
    const text = values.text.toLowerCase();
    const changed = new Set();
    point([]);
    for (const item of items) {
      const shown =
        fields.every((name) => values[name] === ALL || item.values[name].includes(values[name])) &&
        (!text || holds(item, text));
      if (shown === item.shown) continue;
      item.shown = shown;
      if (item.tag) item.tag.hidden = !shown;
      for (const piece of item.pieces) changed.add(piece);
    }
    for (const piece of changed) draw(piece);
    for (const item of items) {
      // Whoever speaks heads the quotes that are shown.
      const heads = item.node.classList.contains("who") && item.node.nextElementSibling;
      const own = heads ? heads.querySelectorAll(".item") : [];
      item.node.hidden = !item.shown && ![...own].some((node) => known.get(node.id).shown);
    }
    for (const node of parents) {
      const own = node.querySelectorAll(".item");
      if (own.length) node.hidden = [...own].every((one) => one.hidden);
    }
    byId("page-none").hidden = items.some((item) => item.shown) || !items.length;
    if (current && !current.shown) leave();
    else if (current) paint(current, "current", true);
    rove();
    tell();
  }

  function tell() {
    const all = order();
    const place = all.indexOf(current) + 1;
    byId("page-count").value = `${place ? place + " of " : ""}${all.length}`;
    byId("page-count").title = `${all.length} of ${items.length} findings shown`;
  }

  // Going to an item.

  const isNarrow = () => matchMedia("(max-width: 60rem)").matches;
  const isInText = () => article.contains(document.activeElement);
  const order = () => (isInText() ? byText : items).filter((item) => item.shown);

  function paint(item, name, on) {
    for (const node of [item.node, item.tag]) node?.classList.toggle(name, on);
    for (const piece of item.pieces) piece.node.classList.toggle(name, on);
  }

  function point(next) {
    for (const item of hot) paint(item, "hot", false);
    hot = next;
    for (const item of hot) paint(item, "hot", true);
  }

  // One stop for the Tab key on either side: the current finding, else the first.
  function rove() {
    const here = current ?? items.find((item) => item.shown);
    const label = current?.tag ?? byText.find((item) => item.shown)?.tag;
    for (const item of items) {
      for (const link of item.links) link.tabIndex = item === here ? 0 : -1;
      if (item.tag) item.tag.tabIndex = item.tag === label ? 0 : -1;
    }
  }

  function leave() {
    if (current) paint(current, "current", false);
    current = null;
    card.hidden = true;
  }

  function go(item, inText = isInText()) {
    leave();
    current = item;
    point([]);
    paint(item, "current", true);
    rove();
    const target = inText && item.tag ? item.tag : item.link;
    target.focus({ preventScroll: true });
    if (isNarrow() && inText && item.tag) {
      const copy = item.node.cloneNode(true);
      copy.removeAttribute("id");
      for (const link of copy.querySelectorAll("a")) link.tabIndex = -1;
      card.replaceChildren(copy);
      card.hidden = false;
      item.tag.scrollIntoView({ block: "start" });
    } else if (isNarrow()) {
      item.node.scrollIntoView({ block: "center" });
    } else {
      item.tag?.scrollIntoView({ block: "center" });
      item.node.scrollIntoView({ block: "nearest" });
    }
    tell();
  }

  function walk(step) {
    const all = order();
    if (!all.length) return;
    const rank = isInText() ? (item) => item.rank : (item) => item.place;
    const here = current ? rank(current) : -1;
    const after = all.find((item) => rank(item) > here) ?? all[0];
    const before = all.findLast((item) => rank(item) < here) ?? all.at(-1);
    go(step > 0 ? after : before);
    keep();
  }

  // From the address: at first, on a link of the page, and on the way back.

  function follow() {
    const hash = location.hash.slice(1);
    const values = hash.includes("=") ? Object.fromEntries(new URLSearchParams(hash)) : {};
    const target = known.get(values.at ?? hash.replace(/^t-/, ""));
    leave();
    choose(values);
    show();
    if (target?.shown) go(target, hash.startsWith("t-"));
  }

  function open(id, inText) {
    const item = known.get(id);
    if (!item) return false;
    if (!item.shown) {
      choose({});
      show();
    }
    go(item, inText);
    keep();
    return true;
  }

  // What the reader does.

  function press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (byId("page-help").open) return;
    if (event.target.closest("input[type=search], select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const isArrow = event.key.startsWith("Arrow");
    if (isArrow && !event.target.closest(".tag")) return;
    const actions = {
      j: () => walk(1),
      k: () => walk(-1),
      ArrowDown: () => walk(1),
      ArrowUp: () => walk(-1),
      "/": () => bar.elements.text.focus(),
      "?": () => byId("page-help").showModal(),
      Escape: () => bar.reset(),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  const under = (node) => {
    const piece = pieces.get(node.closest?.(".m[data-m]"));
    if (piece) return piece.marks.filter((mark) => mark.item.shown);
    const own = node.closest?.("[data-n]");
    return own && !card.contains(own) ? [{ item: numbered.get(own.dataset.n), role: "" }] : [];
  };

  function hover(event) {
    const marks = under(event.target);
    point([...new Set(marks.map((mark) => mark.item))]);
    const node = event.target.closest(".m[data-m]");
    if (!node) return;
    node.title = marks.map(({ item, role }) => words[role] + item.link.textContent).join(", ");
  }

  function click(event) {
    const link = event.target.closest("a[href^='#']");
    if (link) {
      const id = link.getAttribute("href").slice(1);
      // On a narrow screen the finding comes to its words, not the reader to the panel.
      const inText = id.startsWith("t-") || (isNarrow() && article.contains(link));
      if (open(id.replace(/^t-/, ""), inText)) event.preventDefault();
      else if (isFramed) {
        event.preventDefault();
        byId(id)?.focus();
      }
      return;
    }
    if (event.target.closest("a, button, #page-now") || !getSelection().isCollapsed) return;
    // The shortest is on top; once it is current, the next one below.
    const found = under(event.target).map((mark) => mark.item).reverse();
    if (!found.length) return;
    const next = found[(found.indexOf(current) + 1) % found.length];
    go(next, article.contains(event.target));
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
    if (first) go(first, false);
    keep();
  });
  for (const button of document.querySelectorAll("[data-walk]")) {
    // The focus stays where it is, so that the side that has it leads.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => walk(Number(button.dataset.walk)));
  }
  byId("page-ask").addEventListener("click", () => byId("page-help").showModal());
  document.addEventListener("keydown", press);
  document.addEventListener("click", click);
  document.addEventListener("mouseover", hover);
  document.addEventListener("focusin", (event) => point(under(event.target).map((m) => m.item)));
  addEventListener("hashchange", follow);
  addEventListener("popstate", () => location.hash || follow());

  bar.hidden = false;
  follow();
})();
