// Copies a seed, or a result as the command that draws exactly it.
import { onClick, toast } from "./dom.js";
import { commandOf } from "./pictures.js";

async function copy(value) {
  if (navigator.clipboard) return navigator.clipboard.writeText(value);
  // Plain http away from this machine has no clipboard; the selection still has.
  const area = document.createElement("textarea");
  area.value = value;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("copying is not allowed");
}

async function copyAndTell(value, told) {
  try {
    await copy(await value);
    toast(told);
  } catch {
    toast("Your browser doesn't let me copy.");
  }
}

onClick("[data-copy]", (button) => copyAndTell(button.dataset.copy, "Seed copied"));
onClick("[data-copy-command]", (button) =>
  copyAndTell(commandOf(button.dataset.copyCommand, "?exact=1"), "Command copied"),
);
