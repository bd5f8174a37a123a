// News from the server: cards that change, progress, notices.
import { byId } from "./dom.js";
import { placeHtml, withdraw } from "./timeline.js";
import { move } from "./progress.js";

const RETRY_MS = 5000;
// A restart takes less; nobody needs to hear of it.
const PATIENCE_MS = 2000;
const away = byId("away");
const read = (event) => JSON.parse(event.data);

let events;
let patience;

const catchUp = () =>
  htmx.ajax("GET", "/newest", { source: document.body, target: "#timeline", swap: "place" });

// After every connect: something may have happened in between, even a new version of the page.
function greet(event) {
  clearTimeout(patience);
  patience = undefined;
  away.hidden = true;
  if (read(event).boot === document.body.dataset.boot) catchUp();
  else location.reload();
}

// Browsers come back by themselves, except when the answer was a refusal: whoever is signed out is
// led to the sign-in by the answer to any other request.
function lost() {
  patience ??= setTimeout(() => (away.hidden = false), PATIENCE_MS);
  if (events.readyState !== EventSource.CLOSED) return;
  catchUp();
  setTimeout(connect, RETRY_MS);
}

function connect() {
  events = new EventSource("/events");
  events.addEventListener("hello", greet);
  events.addEventListener("error", lost);
  events.addEventListener("stale", catchUp);
  events.addEventListener("card", (event) => placeHtml(read(event).html));
  events.addEventListener("progress", (event) => move(read(event)));
  events.addEventListener("notice", (event) => placeHtml(read(event).html));
  events.addEventListener("gone", (event) => withdraw(read(event).id));
}

connect();
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
