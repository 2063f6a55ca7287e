// What the pages about leads do with JavaScript: printing, and choosing all leads of a page.
"use strict";

function install() {
  for (const hidden of document.querySelectorAll("[data-print], [data-all]")) hidden.hidden = false;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  if (!event.target.closest("[data-all]")) return;
  for (const box of document.querySelectorAll('[name="lead"]')) box.checked = event.target.checked;
});

document.addEventListener("htmx:after:swap", install);
install();
