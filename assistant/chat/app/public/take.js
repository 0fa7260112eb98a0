// Saving an answer or a plan as a file: the dialog, and what the server makes of a link to one.

const dialog = document.getElementById("take");
const form = dialog.querySelector("form");
const said = document.getElementById("take-said");
const copyButton = document.getElementById("take-copy");
const part = (id) => document.getElementById(`take-${id}`);

// Whether a file can be printed, and so be on a paper and in large print.
const PRINTED = ["docx", "pdf", "pptx"];

let opener = null;
let offer = null;

// Opens the dialog for what the server keeps. `use` has the words and what chat.js can do.
export function openDialog(kept, button, use) {
  [offer, opener] = [kept, button];
  said.textContent = "";
  for (const input of form.elements.format) {
    const offered = kept.formats.includes(input.value);
    input.closest("label").hidden = !offered;
    input.disabled = !offered;
  }
  if (!kept.formats.includes(form.elements.format.value)) {
    form.elements.format.value = kept.formats[0];
  }
  form.elements.whole.value = "";
  part("what").hidden = !kept.whole;
  part("undated").hidden = kept.whole || kept.formats.includes("ics");
  part("download").onclick = () => save(address(), use.words, say);
  copyButton.onclick = () => copyText(use);
  fit();
  dialog.showModal();
}

function fit() {
  const format = form.elements.format.value;
  part("layout").hidden = !PRINTED.includes(format);
  copyButton.hidden = !["txt", "md"].includes(format);
}

function address() {
  const { format, paper, large, whole } = form.elements;
  const asked = new URLSearchParams();
  if (PRINTED.includes(format.value)) {
    asked.set("paper", paper.value);
    if (large.checked) asked.set("large", "1");
  }
  if (offer.whole && whole.value) asked.set("whole", "1");
  return `/take/${offer.token}.${format.value}?${asked}`;
}

function say(text) {
  said.textContent = text;
}

async function copyText(use) {
  try {
    const reply = await fetch(address());
    if (!reply.ok) say(await why(reply, use.words));
    else if (await use.copied(await reply.text(), form)) say(use.words.copied);
    else say(use.words.copy_failed);
  } catch {
    say(use.words.take_failed);
  }
}

// Fetches a file and hands it to the browser, so that a page that says why there is none does not
// take the place of the chat. `tell` is given each word on how it goes.
export async function save(from, words, tell) {
  tell(words.take_working);
  try {
    const reply = await fetch(from);
    if (!reply.ok) {
      tell(await why(reply, words));
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await reply.blob());
    link.download = nameIn(reply.headers.get("content-disposition") ?? "");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    tell(words.take_saved);
  } catch {
    tell(words.take_failed);
  }
}

async function why(reply, words) {
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return page.querySelector("main p")?.textContent ?? words.take_failed;
}

function nameIn(disposition) {
  const [, name] = disposition.match(/filename\*=UTF-8''([^;]+)/) ?? [];
  return decodeURIComponent(name ?? "");
}

form.addEventListener("change", () => {
  say("");
  fit();
});
dialog.addEventListener("close", () => {
  if (opener?.isConnected) opener.focus();
});
dialog.addEventListener("click", ({ target }) => {
  if (target === dialog) dialog.close(); // beside it
});
