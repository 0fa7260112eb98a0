// What a reader thinks of a reply: the dialog, and what is sent to the server.

const dialog = document.getElementById("judge");
const form = dialog.querySelector("form");
const said = document.getElementById("judge-said");

let opener = null;
let reply = "";
const given = new Map(); // reply -> what was said of it

export function openJudge(id, button) {
  [reply, opener] = [id, button];
  said.textContent = "";
  const before = given.get(id);
  for (const input of form.elements.verdict) input.checked = input.value === before?.verdict;
  form.elements.comment.value = before?.comment ?? "";
  dialog.showModal();
}

// What was said in an earlier visit.
export function remember(id, judged) {
  if (judged) given.set(id, judged);
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.id !== "judge-send") return;
  event.preventDefault();
  send();
});

async function send() {
  const judged = { verdict: form.elements.verdict.value, comment: form.elements.comment.value };
  try {
    const answer = await fetch("/feedback", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ reply, ...judged }),
    });
    if (!answer.ok) throw new Error(answer.status);
    given.set(reply, judged);
    said.textContent = form.dataset.thanks;
  } catch {
    said.textContent = form.dataset.failed;
  }
}

dialog.addEventListener("close", () => {
  if (opener?.isConnected) opener.focus();
});
dialog.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close(); // beside it
});
