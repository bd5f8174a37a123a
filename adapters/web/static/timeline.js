// Puts turns into the conversation: a known card is replaced in place, a new turn goes to the end.
import { announce, byId } from "./dom.js";

const timeline = byId("timeline");
const newer = byId("newer");
const NEAR_PX = 160;
const GAP_PX = 12;
let isOwn = false;

const isNearEnd = () => innerHeight + scrollY >= document.documentElement.scrollHeight - NEAR_PX;

export function toEnd(behavior = "smooth") {
  scrollTo({ top: document.documentElement.scrollHeight, behavior });
  newer.hidden = true;
}

/** What is taller than the view is read from its top. */
function toStart(turn) {
  const headPx = document.querySelector(".head").offsetHeight;
  const seenPx = byId("composer").getBoundingClientRect().top - headPx;
  if (turn.offsetHeight <= seenPx) {
    toEnd();
    return;
  }
  // To its place, not where it is drawn: it still slides in.
  scrollTo({ top: turn.offsetTop - headPx - GAP_PX, behavior: "smooth" });
  newer.hidden = true;
}

/** Replaces the card of `turn` if it is news. Returns the new card, or null. */
function refresh(known, turn) {
  const now = known.querySelector(".card");
  const next = turn.querySelector(".card");
  const isOld = Number(next.dataset.revision) < Number(now.dataset.revision);
  const isSame =
    next.dataset.revision === now.dataset.revision && next.dataset.phase === now.dataset.phase;
  if (isOld || isSame) return null;
  const hadFocus = now.contains(document.activeElement);
  now.replaceWith(next);
  if (hadFocus) next.focus({ preventScroll: true });
  return next;
}

function place(fragment) {
  const placed = [];
  let newest = null;
  const follow = isNearEnd() || isOwn;
  isOwn = false;
  for (const turn of [...fragment.querySelectorAll(".turn")]) {
    const known = turn.id ? byId(turn.id) : null;
    const element = known ? refresh(known, turn) : turn;
    if (!element) continue;
    if (!known) {
      turn.classList.add("fresh");
      timeline.append(turn);
      newest = turn;
    }
    const speaker = element.querySelector("[data-announce]") ?? element.closest("[aria-label]");
    announce(speaker?.dataset.announce ?? speaker?.getAttribute("aria-label") ?? "");
    placed.push(element);
    if (element.dataset.phase === "done") htmx.trigger("#left", "spent");
  }
  if (newest && follow) toStart(newest);
  else if (placed.length && follow) toEnd();
  else if (placed.at(-1)?.getBoundingClientRect().top > innerHeight) newer.hidden = false;
  return placed;
}

// What people themselves asked for is shown, wherever they had scrolled to.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { elt } = detail.requestConfig;
  isOwn = elt.id === "composer" || "draws" in elt.dataset;
});

htmx.defineExtension("place", {
  handleSwap: (style, _target, fragment) => (style === "place" ? place(fragment) : false),
});

/** The same as an answer with hx-swap="place", for text that came another way. */
export function placeHtml(html) {
  htmx.swap(timeline, html, { swapStyle: "place" }, { contextElement: timeline });
}

export function withdraw(publicId) {
  byId(`turn-${publicId}`)?.remove();
}

function reveal(publicId) {
  const card = byId(`job-${publicId}`);
  if (!card) return;
  card.scrollIntoView({ block: "center", behavior: "smooth" });
  card.focus({ preventScroll: true });
  card.classList.add("flash");
  card.addEventListener("animationend", () => card.classList.remove("flash"), { once: true });
}

// What is loaded above must not push away what people look at.
document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (!detail.target.matches(".earlier")) return;
  const anchor = detail.target.nextElementSibling;
  const top = anchor.getBoundingClientRect().top;
  document.body.addEventListener(
    "htmx:afterSwap",
    () => {
      scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
      (document.querySelector(".earlier button") ?? byId("main")).focus({ preventScroll: true });
    },
    { once: true },
  );
});

document.body.addEventListener("reveal", (event) => reveal(event.detail.value));
newer.addEventListener("click", () => toEnd());
addEventListener(
  "scroll",
  () => {
    document.querySelector(".head").classList.toggle("scrolled", scrollY > 8);
    if (isNearEnd()) newer.hidden = true;
  },
  { passive: true },
);

history.scrollRestoration = "manual";
if (timeline.children.length) toEnd("instant");
