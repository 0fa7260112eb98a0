// Runs before Chainlit's application and says what that looks for.
window.global = window;
window.transports = ["websocket"];
try {
  // Light or dark as the computer is, until somebody chooses.
  if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");
} catch {
  // Storage is switched off in this browser: the page works without.
}

// A server that cannot be reached is no reason to be sent to where one signs in: wait for it.
// Chainlit may take up the conversation again that it is deleting: begin anew once it is gone.
const plainFetch = window.fetch;
window.fetch = async (...asked) => {
  const { pathname } = new URL(asked[0].url ?? asked[0], location.href);
  for (;;) {
    try {
      const reply = await plainFetch(...asked);
      if (pathname === "/project/thread" && asked[1]?.method === "DELETE" && reply.ok) {
        const { threadId } = JSON.parse(asked[1].body);
        if (location.pathname === `/thread/${threadId}`) location.assign("/");
      }
      return reply;
    } catch (error) {
      if (pathname !== "/user") throw error;
      await new Promise((again) => setTimeout(again, 2000));
    }
  }
};
