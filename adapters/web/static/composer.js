// The message box: Enter sends, the draft survives a reload, the price is asked while typing.
import { announce, byId, newId, onClick } from "./dom.js";

export const text = byId("text");
const form = byId("composer");
const advice = byId("advice");
const editOf = byId("edit-of");
const PRICE_DELAY_MS = 250;
const DRAFT = "limner.draft";

let priceTimer;

/** Call after the text was changed by anything but the keyboard. */
export function changed() {
  if (!CSS.supports("field-sizing", "content")) {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight}px`;
  }
  try {
    sessionStorage.setItem(DRAFT, text.value);
  } catch {
    // the draft is lost on a reload
  }
  clearTimeout(priceTimer);
  if (text.value.trim()) priceTimer = setTimeout(price, PRICE_DELAY_MS);
  else advice.replaceChildren();
}

/** Half a word is no mistake yet: while there are suggestions for it, nothing is said. */
function price() {
  if (!byId("completions").hidden) advice.replaceChildren();
  else htmx.trigger(advice, "price");
}

/** Fill the box and let people go on from there. */
export function fill(value) {
  text.value = value;
  text.focus();
  text.setSelectionRange(value.length, value.length);
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Send `value` as if it had been typed, and keep what is being written. */
function say(value) {
  htmx.ajax("POST", "/say", {
    source: document.body,
    target: "#timeline",
    swap: "place",
    values: { text: value, event_id: newId() },
  });
}

function clear() {
  clearTimeout(priceTimer);
  form.reset();
  form.elements.event_id.value = newId();
  editOf.value = "";
  form.dispatchEvent(new Event("cleared"));
  changed();
}

text.addEventListener("input", changed);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit();
});
form.addEventListener("submit", (event) => {
  // A price that comes late would take the place of what the answer says.
  clearTimeout(priceTimer);
  htmx.trigger(advice, "htmx:abort");
  if (text.value.trim()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  text.focus();
});
// The server says so when the message was taken; a mistake leaves it in the box.
form.addEventListener("sent", () => {
  form.dispatchEvent(new CustomEvent("said", { detail: text.value }));
  clear();
});
advice.addEventListener("htmx:afterSwap", () => {
  const problems = advice.querySelector(".problems");
  text.setAttribute("aria-invalid", String(Boolean(problems)));
  if (problems) announce(problems.textContent);
});

onClick("[data-fill]", (button) => fill(button.dataset.fill));
onClick("[data-say]", (button) => say(button.dataset.say));

try {
  text.value = sessionStorage.getItem(DRAFT) ?? "";
} catch {
  text.value = "";
}
if (text.value) changed();
if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
