// Arrow up and down: what was sent before, as in a terminal.
import { byId } from "./dom.js";
import { fill, text } from "./composer.js";

const KEY = "limner.said";
const MAX = 100;
const said = load();
let at = said.length;
let draft = "";

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((item) => typeof item === "string").slice(-MAX) : [];
  } catch {
    return [];
  }
}

byId("composer").addEventListener("said", ({ detail }) => {
  const value = detail.trim();
  if (value && said.at(-1) !== value) said.push(value);
  while (said.length > MAX) said.shift();
  at = said.length;
  draft = "";
  try {
    localStorage.setItem(KEY, JSON.stringify(said));
  } catch {
    // it lasts until the page is left
  }
});

const isOnFirstLine = () => !text.value.slice(0, text.selectionStart).includes("\n");
const isOnLastLine = () => !text.value.slice(text.selectionEnd).includes("\n");

text.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.key === "ArrowUp" && isOnFirstLine() && at > 0) {
    // Only from an untouched text: people who write want the cursor to move.
    if (text.value !== "" && text.value !== (said[at] ?? draft)) return;
    if (at === said.length) draft = text.value;
    at -= 1;
  } else if (event.key === "ArrowDown" && isOnLastLine() && at < said.length && text.value === said[at]) {
    at += 1;
  } else return;
  event.preventDefault();
  fill(said[at] ?? draft);
});
