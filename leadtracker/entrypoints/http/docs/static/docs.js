"use strict";

// Swagger UI has dark colours, which a class of the root element chooses.
const dark = matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followScheme);
followScheme();

// The name of an operation is a part of its button. Swagger UI makes a link of it, but controls must not be nested:
// the button itself already puts the operation into the address.
const namesWithoutLinks = (system) => ({
  components: { DeepLink: ({ text }) => system.React.createElement("span", null, text) },
});

// What screen readers need and Swagger UI leaves out: levels of headings without gaps, names of regions and fields,
// and the keyboard for what scrolls.
const fieldName = (element) => element.closest("[data-param-name]")?.dataset.paramName;
const attributes = [
  [".information-container > section", "aria-label", () => "About this API"],
  ["section.schemes", "aria-label", () => "Server and authorization"],
  ["#servers", "aria-label", () => "Server"],
  ["h3.opblock-tag, .models > h4", "aria-level", () => "2"],
  [".opblock h4, .auth-container h4", "aria-level", () => "3"],
  [".opblock h5", "aria-level", () => "4"],
  [".modal-ux-header > h3", "aria-level", () => "2"],
  ["[data-param-name] :is(select, input, textarea)", "aria-label", fieldName],
  [".body-param__text", "aria-label", () => "Request body"],
  [".close-modal", "aria-label", () => "Close"],
  ["pre.microlight", "tabindex", () => "0"],
];
const complete = () => {
  for (const [selector, name, value] of attributes) {
    for (const element of document.querySelectorAll(selector)) {
      if (!element.hasAttribute(name)) element.setAttribute(name, value(element));
    }
  }
};
let frame = 0;
new MutationObserver(() => {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(complete);
}).observe(document.getElementById("docs"), { childList: true, subtree: true });

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [namesWithoutLinks],
  validatorUrl: null, // nothing leaves this origin
});
