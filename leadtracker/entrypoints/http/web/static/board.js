// Dropping a card on a column clicks the button for that state. A state without a button is not allowed.
"use strict";

let dragged = null;
let moved = null;

const columnOf = (event) => event.target.closest?.(".column");
const buttonFor = (column) => dragged.querySelector(`button[data-state="${column.dataset.state}"]`);

// One replacement for all three, because a name may hold a placeholder.
function forbidden(name, before, after) {
  const values = { name, before, after };
  return document.getElementById("board").dataset.forbidden.replace(/\{(name|before|after)\}/g, (_, key) => values[key]);
}

function showWarning(text) {
  const message = document.createElement("p");
  message.className = "message warning";
  message.textContent = text;
  document.getElementById("messages").replaceChildren(message);
}

function clear() {
  for (const column of document.querySelectorAll(".column")) column.classList.remove("target", "forbidden");
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.('.board-card[draggable="true"]');
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.name);
  dragged.classList.add("dragged");
  for (const column of document.querySelectorAll(".column")) {
    column.classList.toggle("forbidden", column !== dragged.closest(".column") && !buttonFor(column));
  }
});

document.addEventListener("dragover", (event) => {
  const column = columnOf(event);
  if (!dragged || !column) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".column")) other.classList.toggle("target", other === column);
});

document.addEventListener("drop", (event) => {
  const column = columnOf(event);
  if (!dragged || !column) return;
  event.preventDefault();
  const button = buttonFor(column);
  const from = dragged.closest(".column");
  if (button) button.form.requestSubmit(button);
  else if (column !== from) showWarning(forbidden(dragged.dataset.name, from.dataset.name, column.dataset.name));
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  clear();
});

// The response replaces the card by a new element, which gets the focus.
document.addEventListener("submit", (event) => {
  moved = event.submitter?.closest(".board-card")?.id ?? null;
});

document.addEventListener("htmx:after:swap", () => {
  if (moved) document.getElementById(moved)?.querySelector("a")?.focus();
  moved = null;
});
