// What the pages of the staff do with JavaScript; without it they work, too.
"use strict";

// A form that deletes something asks first.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
