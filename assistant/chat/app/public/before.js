// Runs before Chainlit's application and says what that looks for.
window.global = window;
window.transports = ["websocket"];
try {
  // Light or dark as the computer is, until somebody chooses.
  if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");
} catch {
  // Storage is switched off in this browser: the page works without.
}
