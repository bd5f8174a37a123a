// What every request of the page has in common: an id for each press, and words when it fails.
import { newId } from "./dom.js";
import { placeHtml } from "./timeline.js";

// The id lasts until an answer came: pressed twice, or sent again, it is still one job.
document.body.addEventListener("htmx:configRequest", ({ detail }) => {
  if (!("draws" in detail.elt.dataset)) return;
  detail.elt.dataset.eventId ||= newId();
  detail.parameters.event_id = detail.elt.dataset.eventId;
});
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) delete detail.elt.dataset.eventId;
});

function complain(text) {
  const turn = document.createElement("li");
  turn.className = "turn";
  const answer = document.createElement("div");
  answer.className = "answer refusal";
  answer.dataset.announce = text;
  answer.textContent = text;
  turn.append(answer);
  placeHtml(turn.outerHTML);
}

// What people did not ask for fails quietly: it comes again by itself.
const isQuiet = ({ elt, requestConfig }) => elt.id === "advice" || requestConfig.verb === "get";

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, ({ detail }) => {
    if (isQuiet(detail)) return;
    complain("I can't reach Limner. See whether it is still running, then send it again.");
  });
}
