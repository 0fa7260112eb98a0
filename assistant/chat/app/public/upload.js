// Adding a document to a conversation: the dialog, and what is sent to the server.

const dialog = document.getElementById("upload");
const form = dialog?.querySelector("form");
const said = document.getElementById("upload-said");
const button = document.getElementById("upload-send");

let secret = ""; // with which one document is taken

function ask() {
  secret = "";
  window.postMessage({ from: "page", kind: "upload" }, location.origin);
}

// The server's word that a document may be added: to this conversation, or for all.
export function mayUpload(data) {
  secret = data.secret;
  document.getElementById("upload-who").hidden = !data.for_all;
}

async function send() {
  const file = form.elements.file.files[0];
  if (file.size > Number(form.dataset.largest)) return form.dataset.large;
  const everybody = form.elements.everybody.value;
  try {
    const query = new URLSearchParams({ name: file.name, ...(everybody && { everybody }) });
    const sent = await fetch(`/upload/${secret}?${query}`, { method: "POST", body: file });
    const answer = await sent.json();
    if (sent.ok) form.reset();
    return answer.line ?? answer.detail;
  } catch {
    return form.dataset.failed;
  } finally {
    ask(); // for the next one, and for what there is to choose from now
  }
}

function openUpload() {
  said.textContent = "";
  dialog.showModal();
  ask();
}

document.getElementById("upload-open")?.addEventListener("click", openUpload);
form?.addEventListener("submit", async (event) => {
  if (event.submitter?.id !== "upload-send") return;
  event.preventDefault();
  if (button.disabled) return;
  button.disabled = true;
  said.textContent = form.dataset.working;
  said.textContent = await send();
  button.disabled = false;
});
dialog?.addEventListener("close", () => document.getElementById("upload-open").focus());
dialog?.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close(); // beside it
});
