// Shows what was typed as the password; without JavaScript there is no such choice.
"use strict";

const choice = document.getElementById("show-password");
const password = document.getElementById("password");

function show(isShown) {
  password.type = isShown ? "text" : "password";
}

choice.closest(".show-password").hidden = false;
choice.addEventListener("change", () => {
  show(choice.checked);
  password.focus();
});

// A shown password must not become an entry of the browser's list of earlier inputs.
password.form.addEventListener("submit", () => show(false));

// A page from the history comes back as it was left.
window.addEventListener("pageshow", () => {
  show(choice.checked);
});
