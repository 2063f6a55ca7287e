// Optional behaviour of dashboard pages; every page works without JavaScript.
"use strict";

function showScriptedControls() {
  for (const hidden of document.querySelectorAll("[data-print], [data-all]")) hidden.hidden = false;
}

// Forms that delete something ask for confirmation.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// The check box in the header of the list selects all leads of the page.
document.addEventListener("change", (event) => {
  if (!event.target.closest("[data-all]")) return;
  for (const box of document.querySelectorAll('[name="lead"]')) box.checked = event.target.checked;
});

document.addEventListener("htmx:after:swap", showScriptedControls);
showScriptedControls();
