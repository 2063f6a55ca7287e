"use strict";

// Swagger UI has dark colours, which a class of the root element chooses.
const dark = matchMedia("(prefers-color-scheme: dark)");
const followScheme = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", followScheme);
followScheme();

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: false,
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null, // nothing leaves this origin
  onComplete: () => document.getElementById("servers")?.setAttribute("aria-label", "Server"),
});
