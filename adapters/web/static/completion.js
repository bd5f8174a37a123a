// Completes commands, options, their values, and the ids of results, as a list above the box.
import { byId } from "./dom.js";
import { changed, fill, text } from "./composer.js";

const list = byId("completions");
const vocabulary = JSON.parse(byId("vocabulary").textContent);
const commands = new Map(vocabulary.commands.map((command) => [command.name, command]));
const MAX = 12;

let items = [];
let chosen = -1;

/** The word that ends at the cursor, and what stands before it. */
function around() {
  const before = text.value.slice(0, text.selectionStart);
  const word = before.match(/\S*$/)[0];
  return { before: before.slice(0, before.length - word.length), word };
}

function ids() {
  return [...document.querySelectorAll(".card")].reverse().map((card) => ({
    label: card.dataset.job,
    help: card.closest(".turn").querySelector(".bubble").textContent,
  }));
}

const optionItem = (option) => ({
  label: `--${option.flag}`,
  help: option.help,
  range: option.range,
  also: option.spellings.map((spelling) => `--${spelling}`),
});

function candidates({ before, word }) {
  if (!before.trim() && word.startsWith("/")) {
    return vocabulary.commands.map((command) => ({ label: `/${command.name}`, help: command.help }));
  }
  const name = before.match(/^\s*\/(\S+)/)?.[1] ?? "imagine";
  const command = commands.get(name);
  if (!command) return [];
  const flag = before.match(/(?:^|\s)(?:--|—|–)(\S+)\s+$/)?.[1];
  const option = command.options.find((each) => flag && each.spellings.includes(flag));
  if (option) return option.values.map((value) => ({ label: value, help: "" }));
  if (/^(--|—|–)/.test(word)) return command.options.map(optionItem);
  const isFirst = before.trim() === `/${name}`;
  if (isFirst && command.takes_id) return ids();
  if (isFirst) return command.words.map((label) => ({ label, help: commands.get(label)?.help ?? "" }));
  return [];
}

function matching(all, typed) {
  const word = typed.replace(/^[—–]/, "--").toLowerCase();
  const spelled = (item) => [item.label, ...(item.also ?? [])].map((label) => label.toLowerCase());
  if (all.some((item) => spelled(item).includes(word))) return [];
  const begins = all.filter((item) => spelled(item).some((label) => label.startsWith(word)));
  const within = all.filter(
    (item) => !begins.includes(item) && word.length > 1 && item.label.toLowerCase().includes(word),
  );
  return [...begins, ...within].slice(0, MAX);
}

function close() {
  items = [];
  list.hidden = true;
  list.replaceChildren();
  text.removeAttribute("aria-activedescendant");
}

function choose(index) {
  chosen = index;
  [...list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === index)));
  const row = list.children[index];
  if (!row) return text.removeAttribute("aria-activedescendant");
  text.setAttribute("aria-activedescendant", row.id);
  row.scrollIntoView({ block: "nearest" });
}

function row(item, index) {
  const element = document.createElement("li");
  element.id = `completion-${index}`;
  element.setAttribute("role", "option");
  for (const [tag, value] of [["b", item.label], ["span", item.help], ["i", item.range]]) {
    if (!value) continue;
    const part = document.createElement(tag);
    part.textContent = value;
    element.append(part);
  }
  element.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // keeps the cursor in the box
    accept(index);
  });
  return element;
}

function accept(index) {
  const { before } = around();
  const after = text.value.slice(text.selectionStart);
  const start = `${before}${items[index].label} `;
  close();
  fill(start + after.replace(/^\s+/, ""));
  text.setSelectionRange(start.length, start.length);
  suggest();
}

function suggest() {
  const at = around();
  const isAsking = at.word !== "" || /(?:^|\s)--\S+\s+$|^\/\S+\s+$/.test(at.before);
  const isInside = /^\S/.test(text.value.slice(text.selectionStart));
  items = isAsking && !isInside ? matching(candidates(at), at.word) : [];
  if (!items.length) return close();
  list.replaceChildren(...items.map(row));
  list.hidden = false;
  choose(at.word ? 0 : -1);
}

text.addEventListener("input", suggest);
text.addEventListener("blur", close);
byId("composer").addEventListener("submit", close);
// Before the other listeners: while the list is open, these keys belong to it.
text.addEventListener(
  "keydown",
  (event) => {
    if (list.hidden || event.isComposing) return;
    const count = items.length;
    if (event.key === "ArrowDown") choose((chosen + 1) % count);
    else if (event.key === "ArrowUp") choose((chosen - 1 + count) % count);
    else if (event.key === "Tab" && !event.shiftKey) accept(Math.max(chosen, 0));
    else if (event.key === "Enter" && !event.shiftKey && chosen >= 0) accept(chosen);
    else if (event.key === "Escape") {
      close();
      changed();
    } else return;
    event.preventDefault();
  },
  { capture: true },
);
