"use strict";
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const order = ["info", "low", "medium", "high", "critical"];
  const items = [...document.querySelectorAll("[data-severity]")];
  const groups = [...document.querySelectorAll("[data-group]")].reverse();
  const names = ["measure", "severity", "verdict", "text"];
  const texts = new Map();

  const text = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };

  const matches = (item, wanted) =>
    (!wanted.measure || item.dataset.measures.split(" ").includes(wanted.measure)) &&
    (!wanted.severity || order.indexOf(item.dataset.severity) >= order.indexOf(wanted.severity)) &&
    (!wanted.verdict || item.dataset.verdict === wanted.verdict) &&
    (!wanted.text || text(item).includes(wanted.text.toLowerCase()));

  const wanted = () => {
    const fields = names.map((name) => [name, form.elements[name].value.trim()]);
    return Object.fromEntries(fields.filter(([, value]) => value));
  };

  const apply = (fields) => {
    let shown = 0;
    for (const item of items) {
      item.hidden = !matches(item, fields);
      if (!item.hidden) shown += 1;
    }
    const active = Object.keys(fields).length > 0;
    for (const group of groups) {
      group.hidden = !group.querySelector("[data-severity]:not([hidden])");
      const fold = group.querySelector(":scope > details");
      if (fold && active) fold.open = true;
    }
    form.elements.shown.value = active ? `${shown} of ${items.length} shown` : `${shown} entries`;
  };

  const fromAddress = () => {
    const fields = new URLSearchParams(location.hash.slice(1));
    for (const name of names) form.elements[name].value = fields.get(name) ?? "";
    apply(wanted());
  };

  const changed = () => {
    const fields = wanted();
    history.replaceState(null, "", "#" + new URLSearchParams(fields));
    apply(fields);
  };

  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(changed));
  addEventListener("hashchange", () => {
    if (!location.hash || location.hash.includes("=")) return fromAddress();
    const fold = document.getElementById(location.hash.slice(1))?.querySelector(":scope > details");
    if (fold) fold.open = true;
  });
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.paper")) fold.open = true;
  });
  form.hidden = false;
  fromAddress();
})();
