// Dragging a card presses the button that would move it there. What has no button is not allowed.
"use strict";

let dragged = null;
let moved = null;

const laneOf = (event) => event.target.closest?.(".lane");
const buttonFor = (lane) => dragged.querySelector(`button[data-state="${lane.dataset.state}"]`);

function tell(text) {
  const message = document.createElement("p");
  message.className = "message warning";
  message.textContent = text;
  document.getElementById("messages").replaceChildren(message);
}

function clear() {
  for (const lane of document.querySelectorAll(".lane")) lane.classList.remove("target", "forbidden");
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.('.ticket[draggable="true"]');
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.name);
  dragged.classList.add("dragged");
  for (const lane of document.querySelectorAll(".lane")) {
    lane.classList.toggle("forbidden", lane !== dragged.closest(".lane") && !buttonFor(lane));
  }
});

document.addEventListener("dragover", (event) => {
  const lane = laneOf(event);
  if (!dragged || !lane) return;
  event.preventDefault();
  for (const other of document.querySelectorAll(".lane")) other.classList.toggle("target", other === lane);
});

document.addEventListener("drop", (event) => {
  const lane = laneOf(event);
  if (!dragged || !lane) return;
  event.preventDefault();
  const button = buttonFor(lane);
  const from = dragged.closest(".lane");
  if (button) button.form.requestSubmit(button);
  else if (lane !== from) tell(`${dragged.dataset.name} cannot move from ${from.dataset.name} to ${lane.dataset.name}.`);
});

document.addEventListener("dragend", () => {
  dragged?.classList.remove("dragged");
  dragged = null;
  clear();
});

// The card is another element afterwards; whoever moved it goes on from there.
document.addEventListener("submit", (event) => {
  moved = event.submitter?.closest(".ticket")?.id ?? null;
});

document.addEventListener("htmx:after:swap", () => {
  if (moved) document.getElementById(moved)?.querySelector("a")?.focus();
  moved = null;
});
