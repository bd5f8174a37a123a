// The rules page: keep what was chosen, take it back, and say so where it was pressed.
import { byId, onClick } from "./dom.js";
import { piece, send } from "./sending.js";

const form = () => byId("rules");

async function post(path, values) {
  try {
    const kept = piece(await (await send(path, values)).text());
    const said = kept.querySelector("#said");
    const words = said.textContent;
    form().replaceWith(kept);
    // A live region speaks of what changes in it, not of what it came with.
    said.textContent = "";
    requestAnimationFrame(() => (said.textContent = words));
    kept.querySelector("[type=submit]").focus({ preventScroll: true });
  } catch (error) {
    const said = byId("said");
    said.textContent = error.message;
    said.classList.add("wrong");
  }
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  post(form().dataset.rules, new FormData(form()));
});
onClick("[data-undo]", () =>
  post(`${form().dataset.rules}/undo`, { seen: form().elements.seen.value }),
);
document.addEventListener("input", () => {
  if (!byId("said")) return;
  byId("said").classList.remove("wrong");
  byId("said").textContent = "Not kept yet.";
});
