// Optional behaviour of the form, which works without JavaScript: upload progress, and errors without reload.
"use strict";

const $ = (id) => document.getElementById(id);
let isSending = false;

function show(text, isError = false) {
  const status = document.querySelector(".status");
  status.textContent = text;
  status.classList.toggle("field-error", isError);
}

function setSending(value) {
  isSending = value;
  $("send").setAttribute("aria-disabled", String(value));
  if (!value) document.querySelector(".sending").hidden = true;
}

// Replaces the form by the one of the response, but keeps the chosen files: browsers forget it on a reload.
function showResponse(html, oldFile) {
  const received = new DOMParser().parseFromString(html, "text/html");
  if (!received.getElementById("form")) return show($("form").dataset.failed, true);
  document.querySelector("main").replaceWith(document.adoptNode(received.querySelector("main")));
  document.title = received.title;
  const newFile = $("resume");
  if (newFile.getAttribute("aria-invalid") !== "true") {
    newFile.replaceWith(oldFile);
    document.querySelector("#hint-resume strong")?.remove();
  }
  listen();
  $("form-errors")?.focus();
}

function send(form, file) {
  const request = new XMLHttpRequest();
  const progress = $("progress");
  document.querySelector(".sending").hidden = false;
  show(file.files.length > 1 ? form.dataset.sendingFiles : form.dataset.sendingFile);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = Math.round((100 * event.loaded) / event.total);
  });
  request.addEventListener("load", () => {
    setSending(false);
    const wasStored = request.status === 200 && !request.responseURL.startsWith(form.action);
    if (wasStored) window.location.assign(request.responseURL);
    else showResponse(request.responseText, file);
  });
  request.addEventListener("error", () => {
    setSending(false);
    show(form.dataset.notSent, true);
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "text/html");
  request.send(new FormData(form));
}

function submit(event) {
  const form = event.currentTarget, input = $("resume"), files = Array.from(input.files);
  if (isSending) return event.preventDefault();
  const large = files.find((file) => file.size > Number(form.dataset.maxBytes));
  const excess = files[Number(form.dataset.maxFiles)];
  if (large || excess) {
    event.preventDefault();
    show(large ? form.dataset.tooLarge.replace("{file}", large.name) : form.dataset.tooMany.replace("{file}", excess.name), true);
    return input.focus();
  }
  setSending(true);
  // Scripts cannot follow a redirect to another site, so the browser sends such a form.
  if (!files.length || form.elements.redirect_to) return show(form.dataset.sending);
  event.preventDefault();
  return send(form, input);
}

function listen() {
  $("form").addEventListener("submit", submit);
}

// A page that the browser restores from its cache (bfcache) has no request in progress.
window.addEventListener("pageshow", () => { setSending(false); show(""); });
listen();
