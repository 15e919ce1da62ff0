"use strict";
// Searches the speakers and claims of all articles, which stand in the page as JSON.
// Whatever comes from there is put on the page as text.
(() => {
  const byId = (id) => document.getElementById(id);
  const bar = byId("page-bar");
  const { pages, speakers, claims } = JSON.parse(byId("page-data").textContent);
  const rows = [...document.querySelectorAll("#page-articles tbody tr")];
  const MOST = 100;
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // One name is one person only as far as the name tells.
  const people = new Map();
  for (const [page, anchor, name, quotes] of speakers) {
    const key = folded(name);
    if (!people.has(key)) people.set(key, { name, key, quotes: 0, places: [] });
    const person = people.get(key);
    person.quotes += quotes;
    person.places.push({ page, anchor, quotes });
  }
  const ranked = [...people.values()].sort((a, b) => b.quotes - a.quotes);
  const stated = claims.map(([page, anchor, text, by, worthy]) => {
    return { page, anchor, text, by, worthy, key: folded(`${text} ${by}`) };
  });
  const titles = rows.map((row) => folded(row.textContent));

  const node = (name, content, values = {}) => {
    const made = Object.assign(document.createElement(name), values);
    made.append(...[content].flat());
    return made;
  };
  const link = ({ page, anchor }, text) =>
    node("a", text, { href: `${pages[page][0]}#${anchor}`, dir: "auto" });
  const many = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  function person({ name, quotes, places }) {
    const where = places.map((place) => link(place, pages[place.page][1]));
    const all = [node("span", many(quotes, "quote")), ...where.map((one) => node("span", one))];
    return node("li", [
      node("p", node("strong", name, { dir: "auto" })),
      node("p", all.flatMap((one) => [one, " "]), { className: "by" }),
    ]);
  }

  function claim(one) {
    const about = [node("span", one.by, { dir: "auto" })];
    if (one.worthy) about.push(node("span", "worth checking", { className: "worthy" }));
    about.push(node("span", link({ page: one.page, anchor: "" }, pages[one.page][1])));
    return node("li", [
      node("p", link(one, one.text)),
      node("p", about.flatMap((part) => [part, " "]), { className: "by" }),
    ]);
  }

  function list(id, found, make) {
    const section = byId(id);
    const shown = found.slice(0, MOST).map(make);
    if (found.length > MOST) {
      const rest = (found.length - MOST).toLocaleString("en");
      shown.push(node("li", `and ${rest} more: search for more words`, { className: "more" }));
    }
    section.hidden = !found.length;
    section.querySelector("small").textContent = found.length.toLocaleString("en");
    section.querySelector("ol").replaceChildren(...shown);
  }

  function search() {
    const words = folded(bar.elements.text.value).split(/\s+/).filter(Boolean);
    const worthy = bar.elements.worthy.checked;
    const fits = (key) => words.every((word) => key.includes(word));
    const asked = words.length > 0;
    list("page-speakers", asked ? ranked.filter((one) => fits(one.key)) : [], person);
    const wanted = asked || worthy;
    list(
      "page-claims",
      wanted ? stated.filter((one) => (one.worthy || !worthy) && fits(one.key)) : [],
      claim,
    );
    const found = new Set();
    rows.forEach((row, index) => {
      row.hidden = !fits(titles[index]);
      if (!row.hidden) found.add(index);
    });
    byId("page-articles").hidden = !found.size;
    const nothing = wanted && [...document.querySelectorAll("main section")].every((one) => one.hidden);
    byId("page-count").value = nothing ? "nothing found" : "";
  }

  const asked = () => {
    const parts = new URLSearchParams();
    if (bar.elements.text.value) parts.set("text", bar.elements.text.value);
    if (bar.elements.worthy.checked) parts.set("worthy", "1");
    return parts;
  };

  function follow() {
    const values = new URLSearchParams(location.hash.slice(1));
    bar.elements.text.value = values.get("text") ?? "";
    bar.elements.worthy.checked = values.has("worthy");
    search();
  }

  bar.addEventListener("input", () => {
    history.replaceState(null, "", "#" + asked());
    search();
  });
  bar.addEventListener("reset", (event) => {
    event.preventDefault();
    history.pushState(null, "", "#");
    follow();
  });
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    document.querySelector("main section:not([hidden]) a")?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isField = event.target.closest("input");
    if (event.key === "/" && !isField) bar.elements.text.focus();
    else if (event.key === "Escape" && isField) event.target.blur();
    else if (event.key === "Escape") bar.reset();
    else return;
    event.preventDefault();
  });
  addEventListener("hashchange", follow);

  bar.hidden = false;
  follow();
})();
