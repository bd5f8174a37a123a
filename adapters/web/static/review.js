// The review page: move, reveal, decide, take back, with the keyboard alone if you like.
import { byId, onClick, toast } from "./dom.js";
import { piece, Refused, send } from "./sending.js";
import "./times.js";

const UNDO_MS = 5000;
const SURE = {
  strike: ["Remove it and give a strike?", "Strikes suspend, then block. They can be lifted."],
  escalate: [
    "Escalate?",
    "At once it is taken down everywhere and frozen, its person is locked out, and the bot owner is told. Only the bot owner can undo it.",
  ],
};
const KEYS = { a: "approve", b: "blur", r: "remove", s: "strike", e: "escalate" };
const settling = new Map(); // case → its timer

const cases = () => [...document.querySelectorAll(".case:not(.settled)")];
const caseOf = (element) => element.closest(".case");
const current = () => document.querySelector(".case.current");

async function tried(act, element) {
  try {
    await act();
  } catch (error) {
    toast(error.message);
    if (element && error instanceof Refused) await renew(element);
  }
}

/** Somebody was faster: the case is shown as it stands. */
async function renew(element) {
  const answer = await fetch(`/review/cases/${element.dataset.case}`);
  if (!answer.ok) return;
  const now = piece(await answer.text());
  const isCurrent = element === current();
  element.replaceWith(now);
  if (isCurrent) go(now);
}

function go(to) {
  if (!to) return;
  current()?.classList.remove("current");
  to.classList.add("current");
  to.focus({ preventScroll: true });
  if (to === cases()[0]) scrollTo({ top: 0, behavior: "smooth" }); // with what stands above it
  else to.scrollIntoView({ block: "nearest", behavior: "smooth" });
  if (!blurs()) to.querySelectorAll("[data-reveal]").forEach((button) => reveal(button));
}

function step(by) {
  const all = cases();
  const at = all.indexOf(current());
  go(all[Math.min(all.length - 1, Math.max(0, at + by))]);
}

// --- revealing ---

function reveal(button) {
  return tried(async () => {
    const seen = await send(`cases/${caseOf(button).dataset.case}/reveal/${button.dataset.reveal}`);
    const image = button.querySelector("img");
    image.src = URL.createObjectURL(await seen.blob());
    image.alt = `Picture ${button.dataset.reveal}`;
    button.classList.add("seen");
    button.disabled = true;
  });
}

const blurs = () => localStorage.getItem("limner.review.blur") !== "off";
function showBlur() {
  document.querySelector("[data-blur-toggle]").setAttribute("aria-pressed", String(blurs()));
  document.querySelector("[data-blur-state]").textContent = blurs() ? "on" : "off";
}

// --- deciding ---

async function decide(element, decision) {
  if (element.dataset.busy) return; // a second key meant the next case
  if (SURE[decision] && !(await isSure(...SURE[decision]))) {
    element.focus();
    return;
  }
  element.dataset.busy = "yes";
  await tried(async () => {
    const reason = element.querySelector(".reason")?.value ?? "";
    const answer = await send(`cases/${element.dataset.case}/decide`, { decision, reason });
    settle(element, piece(await answer.text()));
  }, element);
  delete element.dataset.busy;
}

function settle(element, settled) {
  const next = element.nextElementSibling ?? element.previousElementSibling;
  element.replaceWith(settled);
  // What is frozen can't be taken back, and its words stay to be read.
  if (settled.querySelector("[data-act]"))
    settling.set(settled.dataset.case, setTimeout(() => finish(settled), UNDO_MS));
  const open = next && !next.classList.contains("settled") ? next : cases()[0];
  if (open) go(open);
  else settled.focus();
}

function finish(settled) {
  settling.delete(settled.dataset.case);
  settled.remove();
  byId("nothing").hidden = document.querySelector(".case") !== null;
}

async function takeBack(settled) {
  if (!settled) return;
  await tried(async () => {
    const answer = await send(`cases/${settled.dataset.case}/take-back`);
    clearTimeout(settling.get(settled.dataset.case));
    settling.delete(settled.dataset.case);
    const card = piece(await answer.text());
    settled.replaceWith(card);
    go(card);
  }, settled);
}

function isSure(title, text) {
  const dialog = byId("sure");
  byId("sure-title").textContent = title;
  byId("sure-text").textContent = text;
  dialog.showModal();
  // Not "close": it comes late, when the next question may be asked already.
  return new Promise((done) => {
    const answered = new AbortController();
    const answer = (yes) => {
      answered.abort();
      done(yes);
    };
    const { signal } = answered;
    dialog.addEventListener("cancel", () => answer(false), { signal });
    dialog.addEventListener("submit", ({ submitter }) => answer(submitter?.value === "yes"), { signal });
  });
}

async function hold(element, act) {
  await tried(async () => {
    const answer = await send(`cases/${element.dataset.case}/${act}`);
    const card = piece(await answer.text());
    element.replaceWith(card);
    go(card);
  }, element);
}

// --- what is pressed ---

onClick("[data-reveal]", (button) => reveal(button));
onClick("[data-decide]", (button) => decide(caseOf(button), button.dataset.decide));
onClick("[data-act]", (button) => {
  const act = button.dataset.act;
  if (act === "take-back") takeBack(caseOf(button));
  else hold(caseOf(button), act);
});
onClick("[data-prompt]", (button) =>
  tried(async () => {
    const quote = document.createElement("blockquote");
    quote.className = "asked";
    quote.dir = "auto";
    quote.textContent = await (await send(`cases/${caseOf(button).dataset.case}/prompt`)).text();
    button.replaceWith(quote);
  }),
);
onClick("[data-blur-toggle]", () => {
  localStorage.setItem("limner.review.blur", blurs() ? "off" : "on");
  showBlur();
});
document.addEventListener(
  "toggle",
  async ({ target }) => {
    if (!target.matches?.("[data-past]") || !target.open || target.dataset.read) return;
    target.dataset.read = "yes";
    const answer = await fetch(`/review/cases/${caseOf(target).dataset.case}/past`);
    target.querySelector(".past-body").innerHTML = answer.ok ? await answer.text() : "";
  },
  true,
);
document.addEventListener("focusin", ({ target }) => {
  const element = target.closest?.(".case:not(.settled)");
  if (!element || element === current()) return;
  current()?.classList.remove("current");
  element.classList.add("current");
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("sure").open) return;
  if (event.target.matches?.("input, textarea")) {
    if (event.key === "Escape" || event.key === "Enter") caseOf(event.target)?.focus();
    return;
  }
  const key = event.key.toLowerCase();
  const here = current();
  if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "z") takeBack([...document.querySelectorAll(".settled:has([data-act])")].at(-1));
  else if (!here) return;
  else if (key === "v") here.querySelectorAll("[data-reveal]:not(:disabled)").forEach(reveal);
  else if (key === "c") here.querySelector("[data-act]")?.click();
  else if (key === "n") here.querySelector(".reason")?.focus();
  else if (KEYS[key]) here.querySelector(`[data-decide="${KEYS[key]}"]`)?.click();
  else return;
  event.preventDefault();
});

showBlur();
go(cases()[0]);
