// A picture to start from: chosen, dropped anywhere on the page, or pasted.
import { byId, onClick, toast } from "./dom.js";
import { changed, text } from "./composer.js";

const TYPES = ["image/png", "image/jpeg", "image/webp"];
const MAX_BYTES = 10 * 1024 * 1024;
const form = byId("composer");
const input = byId("image");
const chips = byId("chips");
const editOf = byId("edit-of");

function chip(label, remove, picture) {
  const element = document.createElement("span");
  element.className = "chip";
  if (picture) {
    const image = document.createElement("img");
    image.src = picture;
    image.alt = "";
    image.addEventListener("load", () => URL.revokeObjectURL(picture), { once: true });
    element.append(image);
  }
  element.append(label);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button bare round";
  button.setAttribute("aria-label", `Remove: ${label}`);
  button.append(byId("close-icon").content.cloneNode(true));
  button.addEventListener("click", () => {
    remove();
    render();
    changed();
    text.focus();
  });
  element.append(button);
  return element;
}

/** Show what goes with the message, read from the form itself. */
export function render() {
  const found = [];
  if (editOf.value) {
    const kept = editOf.dataset.keepsImage ? ", with its starting image" : "";
    found.push(chip(`Editing #${editOf.value}${kept}`, () => (editOf.value = "")));
  }
  const [file] = input.files;
  if (file) {
    found.push(chip(`Starting image: ${file.name}`, () => (input.value = ""), URL.createObjectURL(file)));
  }
  chips.replaceChildren(...found);
  chips.hidden = !found.length;
}

function refuse(why) {
  input.value = "";
  render();
  toast(why);
}

function take(files) {
  const file = [...files].find((each) => TYPES.includes(each.type));
  if (!file) return refuse("A starting image is a PNG, JPEG or WebP file.");
  if (file.size > MAX_BYTES) return refuse("A starting image may have 10 MiB at most.");
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.files = transfer.files;
  render();
  changed();
  text.focus();
}

onClick("#attach", () => input.click());
input.addEventListener("change", () => (input.files.length ? take(input.files) : render()));
form.addEventListener("cleared", render);

const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  form.classList.add("dropping");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) form.classList.remove("dropping");
});
addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  form.classList.remove("dropping");
  take(event.dataTransfer.files);
});
text.addEventListener("paste", (event) => {
  if (!event.clipboardData.files.length) return;
  event.preventDefault();
  take(event.clipboardData.files);
});
