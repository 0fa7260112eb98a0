// The list of conversations, as somebody who cannot see or point meets it.

// A conversation in the list: Chainlit nests what can be done with it in the button in the link.
export function nameConversations() {
  for (const row of document.querySelectorAll("[data-sidebar=menu-item][id^=thread-]")) {
    const name = row.querySelector("[data-sidebar=menu-button] > span");
    if (!name || name.id) continue;
    name.id = `name-${row.id}`;
    row.querySelector("a")?.setAttribute("aria-labelledby", name.id);
    row.querySelector("#thread-options")?.setAttribute("aria-describedby", name.id);
  }
}

// The list of conversations has its button within, and another one when it is closed.
document.addEventListener("click", ({ target }) => {
  if (!target.closest("#sidebar-trigger-button")) return;
  setTimeout(() => {
    if (document.querySelector("[role=dialog]")) return; // on a phone, which looks after itself
    const button = document.querySelector("#header #sidebar-trigger-button");
    (button ?? document.getElementById("sidebar-trigger-button"))?.focus();
  }, 50);
});
