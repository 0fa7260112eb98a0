// What Chainlit's page lacks: names for screen readers, sources beside the answer, a choice of what
// is answered from, copying with sources, and plain words when something was interrupted.

import { openJudge, remember } from "./judge.js";
import { nameConversations } from "./list.js";
import { openDialog, save } from "./take.js";
import { mayUpload } from "./upload.js";

const words = JSON.parse(document.getElementById("strings").textContent);
const root = document.getElementById("root");
const panel = document.getElementById("source-panel");
const content = document.getElementById("source-content");
const notes = document.getElementById("notes");
const announcer = document.getElementById("announcer");
const scope = document.getElementById("scope");
const choice = document.getElementById("scope-choice");
const narrow = matchMedia("(max-width: 48rem)");
const roomy = matchMedia("(min-width: 64rem) and (min-height: 40rem)"); // as in chat.css

// --- names and roles ------------------------------------------------------------------

const NAMES = [
  ["#chat-input", "aria-label", words.question],
  ["#chat-submit", "aria-label", words.send],
  ["#stop-button", "aria-label", words.stop],
  ["#new-chat-button", "aria-label", words.new_chat],
  ["#theme-toggle", "aria-label", words.theme],
  // Without a list of conversations Chainlit's page has no landmarks.
  ["#root:not(:has(main)) #header", "role", "banner"],
  ["#root:not(:has(main)) [data-panel-group]", "role", "main"],
  ["#root:not(:has(main)) [data-panel-group]", "aria-label", words.conversation],
  ["#root main", "aria-label", words.conversation],
  ["#root [data-sidebar=sidebar]", "role", "navigation"],
  ["#root [data-sidebar=sidebar]", "aria-label", words.conversations],
  ["[data-sidebar] #sidebar-trigger-button", "aria-label", words.list_close],
  ["#header #sidebar-trigger-button", "aria-label", words.list_open],
  ["[data-mobile=true]", "aria-label", words.conversations],
  ["[cmdk-input]", "aria-label", words.list_search],
  ["#search-chats-button", "aria-label", words.list_search],
  ["#user-nav-button", "aria-label", words.account],
  ["[data-sidebar=menu]:has(> #thread-history)", "role", "presentation"],
  ["[data-sidebar=menu-button]", "role", "link"],
  ["[data-sidebar=menu-button]", "tabindex", "-1"],
  ["#thread-options", "role", "button"],
  ["#thread-options", "tabindex", "0"],
  ["#thread-options", "aria-label", words.list_change],
  ["#root img", "alt", ""],
  ["[data-step-type=user_message]", "role", "group"],
  ["[data-step-type=user_message]", "aria-label", words.you],
  ["[data-step-type=assistant_message]", "role", "group"],
  ["[data-step-type=assistant_message]", "aria-label", words.assistant],
  ["#root aside", "role", "region"],
  ["#root aside", "aria-label", words.viewer],
  ["#side-view-title button", "aria-label", words.viewer_close],
  [".side-pdf button:has(.lucide-chevron-left)", "aria-label", words.viewer_previous],
  [".side-pdf button:has(.lucide-chevron-right)", "aria-label", words.viewer_next],
  [".side-pdf button:has(.lucide-zoom-out)", "aria-label", words.viewer_smaller],
  [".side-pdf button:has(.lucide-zoom-in)", "aria-label", words.viewer_larger],
  [".side-pdf button:has(.lucide-printer)", "aria-label", words.viewer_print],
  [".side-pdf a[download]", "aria-label", words.viewer_download],
  [".side-pdf > .overflow-auto", "tabindex", "0"],
  [".side-pdf > .overflow-auto", "role", "group"],
  [".side-pdf > .overflow-auto", "aria-label", words.viewer_pages],
];

function name() {
  for (const [selector, attribute, value] of NAMES) {
    for (const element of document.querySelectorAll(selector)) {
      if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
    }
  }
  // Chainlit calls every paragraph an article.
  for (const paragraph of document.querySelectorAll("#root [role=article]")) {
    paragraph.removeAttribute("role");
  }
  nameProfile();
  nameConversations();
  for (const table of document.querySelectorAll(".message-content .overflow-auto:has(> table)")) {
    const wide = table.scrollWidth > table.clientWidth;
    for (const [name, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", words.table]]) {
      if (wide) table.setAttribute(name, value);
      else table.removeAttribute(name);
    }
  }
}

// The list of what can be done, and the box of who prepares a session.
function nameProfile() {
  const profile = document.getElementById("chat-profiles");
  if (!profile) return;
  const chosen = profile.textContent.trim();
  profile.setAttribute("aria-label", `${words.profile}: ${chosen}`);
  const box = document.getElementById("chat-input");
  if (box && chosen === words.preparing) box.placeholder = words.brief;
}

// --- sources beside the answer --------------------------------------------------------

let opener = null;
let wanted = 0;

async function openSource(address, link) {
  const turn = ++wanted;
  opener = link ?? opener;
  panel.hidden = false;
  document.body.classList.add("with-source");
  coverPage(narrow.matches);
  content.replaceChildren(line("p", words.source_loading));
  let shown = [line("p", words.source_failed)];
  try {
    const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
    const source = page.getElementById("source");
    if (source) shown = [source];
    else shown = [...page.querySelector("main").children]; // why there is none
  } catch {
    // Not reached: what stands there already says so.
  }
  if (turn !== wanted) return; // another source was opened meanwhile
  content.replaceChildren(...shown);
  content.focus({ preventScroll: true });
  toTheQuote();
  showPage();
}

function toTheQuote() {
  content.querySelector("mark")?.scrollIntoView({ block: "center" });
}

// Where the source covers the page, nothing behind it can be reached.
function coverPage(covered) {
  for (const behind of [root, document.getElementById("top")]) behind.inert = covered;
}

function closeSource() {
  if (panel.hidden) return;
  wanted++;
  panel.hidden = true;
  coverPage(false);
  document.body.classList.remove("with-source");
  content.replaceChildren();
  showPage();
  if (opener?.isConnected) opener.focus();
}

document.getElementById("source-close").addEventListener("click", closeSource);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("[role=dialog], dialog[open]")) closeSource();
});
narrow.addEventListener("change", () => {
  coverPage(narrow.matches && !panel.hidden);
});
roomy.addEventListener("change", showPage);

// --- the page of a PDF, in Chainlit's viewer ------------------------------------------

let pageWanted = false;
let pageShown = false;

// Chainlit hands this on to the server.
function tell(message) {
  window.postMessage({ from: "page", ...message }, location.origin);
}

function showPage() {
  const link = content.querySelector(".open-page");
  pageWanted = Boolean(link && roomy.matches);
  if (!pageWanted) {
    closeViewer();
    return;
  }
  const { document, version, page } = link.dataset;
  tell({ kind: "show_page", document, version, page: Number(page) });
}

function closeViewer() {
  // The second is Chainlit's form of it in a narrow window.
  const buttons = "#side-view-title button, [role=dialog]:has(#side-view-content) > button";
  document.querySelector(buttons)?.click();
}

function watchViewer() {
  const shown = Boolean(document.getElementById("side-view-content"));
  if (shown && !pageWanted) closeViewer(); // it came too late
  else if (shown !== pageShown) toTheQuote(); // there is less room for it now, or more
  pageShown = shown;
}

// A dialog of Chainlit's that closes leaves the keyboard nowhere: go back to where it was.
let before = null;
document.addEventListener("focusin", ({ target }) => {
  if (root.contains(target)) before = target;
});
new MutationObserver(() => {
  const nowhere = document.activeElement === document.body;
  if (nowhere && !document.querySelector("[role=dialog]")) before?.focus();
}).observe(document.body, { childList: true });

// --- what is answered from ------------------------------------------------------------

let offered = "[]";

function offer(choices, chosen) {
  if (!choices) return;
  if (JSON.stringify(choices) !== offered) {
    offered = JSON.stringify(choices);
    choice.replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
  }
  choice.value = chosen;
  if (choice.selectedIndex < 0) choice.selectedIndex = 0;
  for (const part of [choice, ...choice.labels]) part.hidden = choices.length === 0;
  scope.hidden = choices.length === 0 && !document.getElementById("upload-open");
}

// What was chosen holds for the conversation on the screen, though the server has forgotten it.
function choose(value) {
  if (value === choice.value || !JSON.parse(offered).some(([other]) => other === value)) return;
  choice.value = value;
  tell({ kind: "scope", value });
}

// Chainlit makes its composer anew when a conversation begins.
function placeScope() {
  const row = document.querySelector("#message-composer > :last-child");
  if (row && scope.parentElement !== row) row.prepend(scope);
}

choice.addEventListener("change", () => tell({ kind: "scope", value: choice.value }));

// --- asking, copying ------------------------------------------------------------------

const copies = new Map(); // message id -> text with sources
const offers = new Map(); // message id -> what of it the server makes files of

const SENDING = 20_000; // milliseconds that a page which was cut off has to be connected again
let sending = null; // what is to be asked as soon as it can be

// Chainlit makes its box anew when a conversation begins, and takes nothing until then.
function ask(question) {
  const mine = (sending = { question });
  const until = performance.now() + SENDING;
  (function send() {
    if (sending !== mine) return; // the reader has typed since, or asks something else
    const box = document.getElementById("chat-input");
    const button = document.getElementById("chat-submit");
    if (box && box.value !== question) {
      fill(box, question);
    } else if (box && button && !button.disabled) {
      sending = null;
      button.click();
      return;
    }
    if (performance.now() < until) requestAnimationFrame(send);
  })();
}

function fill(box, text) {
  // React hears of a value only through the setter that it has not replaced.
  Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

document.addEventListener("input", ({ isTrusted }) => {
  if (isTrusted) sending = null;
});

async function copy(button) {
  const text = copies.get(button.id.slice("copy-".length)) ?? "";
  if (await copied(text)) {
    button.dataset.copied = words.copied;
    setTimeout(() => delete button.dataset.copied, 2500);
    announce(words.copied);
  } else {
    note(words.copy_failed);
  }
}

async function copied(text, within = document.body) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text, within); // the page is not on a secure address
  }
}

function copyTheOldWay(text, within) {
  const field = document.createElement("textarea");
  field.value = text;
  within.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

// An answer that a language model wrote, and its quotes in place of it.
function turn(id, to) {
  const step = document.getElementById(`step-${id}`);
  if (!step || step.hasAttribute("data-quotes") === (to === "quotes")) return;
  const held = step.contains(document.activeElement);
  step.toggleAttribute("data-quotes", to === "quotes");
  if (held) document.getElementById(`${to === "quotes" ? "answer" : "quotes"}-${id}`)?.focus();
  announce(to === "quotes" ? words.quotes_shown : words.answer_shown);
}

// All of a plan, or its beginning.
function unfold(id, whole) {
  document.getElementById(`step-${id}`)?.toggleAttribute("data-whole", whole);
  document.getElementById(`${whole ? "less" : "more"}-${id}`)?.focus();
  announce(whole ? words.more_shown : words.less_shown);
}

const DOES = {
  copy: (_, button) => copy(button),
  take: (id, button) => {
    if (offers.has(id)) openDialog(offers.get(id), button, { words, copied });
  },
  judge: openJudge,
  more: (id) => unfold(id, true),
  less: (id) => unfold(id, false),
  quotes: (id) => tell({ kind: "turn", id, to: "quotes" }),
  answer: (id) => tell({ kind: "turn", id, to: "answer" }),
};
const OURS = Object.keys(DOES).map((does) => `button[id^='${does}-']`).join();

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest(OURS);
    if (button && root.contains(button)) {
      event.stopPropagation();
      const [, does, id] = button.id.match(/^(\w+)-(.*)$/);
      DOES[does](id, button);
      return;
    }
    const link = event.target.closest("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin) return;
    if (address.pathname.startsWith("/source/")) {
      event.preventDefault();
      openSource(link.href, panel.contains(link) ? null : link);
    } else if (address.pathname.startsWith("/take/")) {
      event.preventDefault();
      const well = [words.take_working, words.take_saved];
      save(link.href, words, (text) => (well.includes(text) ? announce(text) : note(text)));
    } else if (address.searchParams.has("prompt")) {
      event.preventDefault();
      ask(address.searchParams.get("prompt"));
    }
  },
  true,
);

// --- what is said, and what was interrupted -------------------------------------------

function line(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function announce(text) {
  announcer.textContent = "";
  setTimeout(() => (announcer.textContent = text), 50);
}

function note(text, quoted = "", label = "", action = null) {
  const shown = line("div", "");
  shown.append(line("p", text));
  if (quoted) shown.append(line("blockquote", quoted));
  const buttons = [[words.dismiss, () => {}]];
  if (action) buttons.unshift([label, action]);
  for (const [caption, act] of buttons) {
    const button = line("button", caption);
    button.type = "button";
    button.addEventListener("click", () => {
      shown.remove();
      act();
    });
    shown.append(button);
  }
  notes.replaceChildren(shown);
}

// The question under way outlives a reload, in this tab only.
const pending = {
  get: () => keep((store) => JSON.parse(store.getItem("pending"))),
  set: (question) => keep((store) => store.setItem("pending", JSON.stringify(question))),
  clear: () => keep((store) => store.removeItem("pending")),
};

function keep(use) {
  try {
    return use(sessionStorage);
  } catch {
    return null; // storage is switched off in this browser
  }
}

function offerAgain(why = "") {
  const question = pending.get();
  pending.clear();
  if (question) {
    const said = `${why} ${words.unanswered}`.trim();
    note(said, question.text, words.ask_again, () => ask(question.text));
  } else if (why) {
    note(`${why} ${words.in_full}`);
  }
}

const seen = new Set(); // ids of questions on the screen
const answered = new Set(); // ids of those whose answer is complete
let began = false;

function watchQuestions() {
  for (const message of document.querySelectorAll("[data-step-type=user_message]")) {
    const id = message.querySelector("[id^='step-']")?.id.slice("step-".length);
    if (!id || seen.has(id)) continue;
    seen.add(id);
    notes.replaceChildren();
    if (answered.has(id)) continue; // it came before there was time to look
    pending.set({ id, text: message.querySelector(".message-content")?.textContent ?? "" });
  }
}

window.addEventListener("message", ({ data, source, origin }) => {
  if (source !== window || origin !== location.origin || data?.from !== "assistant") return;
  const before = choice.value;
  offer(data.choices, data.scope);
  if (data.kind === "began") {
    if (!document.querySelector("[data-step-type=user_message]")) {
      closeSource();
    } else if (began) {
      offerAgain(words.restarted);
      choose(before);
    }
    began = true;
  } else if (data.kind === "returned") {
    began = true; // that it had may be what the break has swallowed
    if (!data.under_way) offerAgain(); // what was asked never reached the server
  } else if (data.kind === "resumed") {
    for (const reply of data.replies) know(reply);
    began = true;
    offerAgain(); // what was asked last may not have been kept
  } else if (data.kind === "gone") {
    keep((store) => store.setItem("gone", "yes"));
    location.replace("/");
  } else if (data.kind === "kept") {
    // Chainlit goes there only where its list is on the page.
    const place = `/thread/${data.id}`;
    if (narrow.matches && location.pathname === "/") history.replaceState(history.state, "", place);
  } else if (data.kind === "upload") {
    mayUpload(data);
  } else if (data.kind === "unkept") {
    note(data.text);
  } else if (data.kind === "answer") {
    copies.set(data.id, data.text);
    if (data.take) offers.set(data.id, data.take);
    if (answered.has(data.question)) return; // told once more after a break
    answered.add(data.question);
    if (pending.get()?.id === data.question) pending.clear();
    announce(`${words.answered} ${data.lead}`);
  } else if (data.kind === "turned") {
    turn(data.id, data.to);
  } else if (data.kind === "stopped") {
    pending.clear();
  }
});

// A reply of a conversation that is taken up again.
function know({ id, question, text, take, judged }) {
  copies.set(id, text);
  if (take) offers.set(id, take);
  remember(id, judged);
  answered.add(question);
  if (pending.get()?.id === question) pending.clear();
}

// It comes and goes while one scrolls, and may be gone again before the next picture.
function nameScroll() {
  const button = document.querySelector("#root .absolute.bottom-4 > button:not([aria-label])");
  button?.setAttribute("aria-label", words.scroll);
}

let due = false;
new MutationObserver(() => {
  nameScroll();
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    placeScope();
    name();
    watchViewer();
    watchQuestions();
    // Chainlit's own form to sign in is not used.
    if (location.pathname === "/login") location.replace("/login");
  });
}).observe(document.body, { childList: true, subtree: true }); // Chainlit's dialogs are beside #root
name();
if (keep((store) => store.getItem("gone")) && !pending.get()) note(words.gone);
keep((store) => store.removeItem("gone"));
// A conversation that is taken up may have the answer: it is seen when it is there.
if (!location.pathname.startsWith("/thread/")) offerAgain();
