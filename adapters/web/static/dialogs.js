// Questions before something is gone, and the way out of every dialog.
import { byId, onClick } from "./dom.js";

const ask = byId("ask");
let go = null;

document.body.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  go = () => event.detail.issueRequest(true);
  byId("ask-text").textContent = event.detail.question;
  ask.returnValue = "no";
  ask.showModal();
});
ask.addEventListener("close", () => {
  if (ask.returnValue === "yes") go?.();
  go = null;
});
onClick("[data-close]", (button) => button.closest("dialog").close());
