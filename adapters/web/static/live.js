// News from the server: cards that change, progress, notices.
import { placeHtml, withdraw } from "./timeline.js";
import { move } from "./progress.js";

const events = new EventSource("/events");
const read = (event) => JSON.parse(event.data);

const catchUp = () =>
  htmx.ajax("GET", "/newest", { source: document.body, target: "#timeline", swap: "place" });

// After every connect: something may have happened in between, even a new version of the page.
events.addEventListener("hello", (event) => {
  if (read(event).boot === document.body.dataset.boot) catchUp();
  else location.reload();
});
events.addEventListener("stale", catchUp);
events.addEventListener("card", (event) => placeHtml(read(event).html));
events.addEventListener("progress", (event) => move(read(event)));
events.addEventListener("notice", (event) => placeHtml(read(event).html));
events.addEventListener("gone", (event) => withdraw(read(event).id));
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
