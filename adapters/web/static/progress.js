// Moves the bars. The server says how far a job is, and what of that is an estimate.
import { byId } from "./dom.js";

export function move({ id, text, value, estimated }) {
  const box = byId(`job-${id}`)?.querySelector(".progress");
  if (!box) return;
  const bar = box.querySelector("progress");
  box.querySelector(".status").textContent = text;
  box.classList.toggle("estimated", estimated);
  if (value === null) bar.removeAttribute("value");
  else bar.value = value;
}
