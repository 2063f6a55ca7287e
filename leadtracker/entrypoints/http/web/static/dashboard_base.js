// Optional behaviour of dashboard pages; every page works without JavaScript.
"use strict";

function showScriptedControls() {
  for (const hidden of document.querySelectorAll("[data-print], [data-all]")) hidden.hidden = false;
}

// Forms that delete something ask first; without a script, a page does.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Going back to the errors of a form opens its page, instead of asking whether to send the form again.
if (document.body.dataset.address) history.replaceState(null, "", document.body.dataset.address);

// A choice with nothing beside it is sent at once.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// Escape closes the menu of a narrow screen.
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".bar-menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.firstElementChild.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// The check box in the header of the list selects all leads of the page; the form shows how many are selected.
document.addEventListener("change", (event) => {
  const boxes = [...document.querySelectorAll('[name="lead"]')];
  if (event.target.closest("[data-all]")) for (const box of boxes) box.checked = event.target.checked;
  const shown = document.querySelector(".chosen");
  if (!shown || !event.target.closest(".choose")) return;
  const number = boxes.filter((box) => box.checked).length;
  shown.hidden = number === 0;
  shown.textContent = number === 1 ? shown.dataset.one : shown.dataset.many.replace("{number}", number);
});

document.addEventListener("htmx:after:swap", showScriptedControls);
showScriptedControls();
