// One picture large, with the arrow keys through its card.
import { byId, onClick } from "./dom.js";

const dialog = byId("lightbox");
const image = byId("lightbox-image");
const left = byId("lightbox-left");
const right = byId("lightbox-right");
let figures = [];
let at = 0;

function show(index) {
  at = index;
  const figure = figures[at];
  const link = figure.querySelector(".open");
  const small = figure.querySelector("img");
  image.src = link.href;
  image.alt = small.alt;
  image.setAttribute("width", small.getAttribute("width"));
  image.setAttribute("height", small.getAttribute("height"));
  byId("lightbox-file").href = `${link.href}?download=1`;
  byId("lightbox-place").textContent = `Picture ${at + 1} of ${figures.length}`;
  left.disabled = at === 0;
  right.disabled = at === figures.length - 1;
}

function step(by) {
  if (figures[at + by]) show(at + by);
}

onClick(".picture .open", (link, event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const open = link.closest(".picture");
  const isShown = (figure) => !figure.matches(".spoiler:not(.shown)");
  figures = [...open.closest(".gallery").querySelectorAll(".picture")].filter(isShown);
  show(figures.indexOf(open));
  dialog.showModal();
});
left.addEventListener("click", () => step(-1));
right.addEventListener("click", () => step(1));
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") step(-1);
  else if (event.key === "ArrowRight") step(1);
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
byId("lightbox-vary").addEventListener("click", () => {
  dialog.close();
  figures[at].querySelector("[data-draws]").click();
});
