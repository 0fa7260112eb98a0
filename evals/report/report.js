"use strict";
// Without this file all rows are there and can be opened; it filters them.
{
  const form = document.querySelector("#filters");
  const status = document.querySelector("#shown");
  const rows = [...document.querySelectorAll("tbody.case")];
  const texts = new Map();

  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };

  const filter = () => {
    const asked = Object.fromEntries(new FormData(form));
    const words = asked.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const data = row.dataset;
      const fits =
        ["product", "split", "outcome", "blame"].every(
          (name) => !asked[name] || data[name] === asked[name],
        ) &&
        (!asked.topic || data.topics.split("\n").includes(asked.topic)) &&
        (!asked.failed || data.failed === "yes") &&
        words.every((word) => textOf(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    status.textContent = `Showing ${shown} of ${rows.length} cases.`;
  };

  // A link to a case shows it, whatever the filters say, and opens it.
  const follow = () => {
    const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!row?.matches("tbody.case")) return;
    if (row.hidden) form.reset();
    row.hidden = false;
    const details = row.querySelector("details");
    details.open = true;
    details.querySelector("summary").focus();
    row.scrollIntoView();
  };

  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  addEventListener("hashchange", follow);
  filter();
  follow();
}
