// The few words that all modules speak.
export const byId = (id) => document.getElementById(id);

/** Calls `act(element, event)` when something that matches `selector` is clicked, now or later. */
export function onClick(selector, act) {
  document.addEventListener("click", (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) act(element, event);
  });
}

export function announce(text) {
  byId("announcer").textContent = text;
}

let toastTimer;
export function toast(text) {
  const element = byId("toast");
  element.textContent = text;
  element.classList.add("up");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element.classList.remove("up"), 2200);
}

/** An id that nobody else makes. (crypto.randomUUID is missing on plain http.) */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
