// Two pictures side by side, or one over the other with a slider.
import { byId, onClick } from "./dom.js";

const tray = byId("tray");
const dialog = byId("compare");
const panes = byId("compare-panes");
const slide = byId("compare-slide");
let picked = [];

const buttonOf = (figure) => figure.querySelector("[data-compare]");

function release(figure) {
  picked = picked.filter((each) => each !== figure);
  buttonOf(figure)?.setAttribute("aria-pressed", "false");
}

function renderTray() {
  tray.hidden = picked.length !== 1;
  if (tray.hidden) return;
  const image = picked[0].querySelector("img").cloneNode();
  image.alt = "";
  image.removeAttribute("srcset");
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  words.textContent = "Choose another picture to compare with this one.";
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "button";
  stop.textContent = "Stop comparing";
  stop.addEventListener("click", () => {
    release(picked[0]);
    renderTray();
  });
  tray.replaceChildren(image, words, stop);
}

/** What tells two pictures apart. */
function caption(figure) {
  const facts = [...figure.closest(".card").querySelectorAll(".facts > li")];
  const number = figure.closest(".gallery").children.length > 1 ? `Picture ${figure.dataset.number} · ` : "";
  return number + facts.map((fact) => fact.textContent.trim()).join(" · ");
}

function open() {
  [...panes.children].forEach((pane, index) => {
    const small = picked[index].querySelector("img");
    const image = pane.querySelector("img");
    image.src = picked[index].querySelector(".open").href;
    image.alt = small.alt;
    pane.querySelector("figcaption").textContent = caption(picked[index]);
  });
  dialog.showModal();
}

onClick("[data-compare]", (button) => {
  const figure = button.closest(".picture");
  picked = picked.filter((each) => each.isConnected);
  if (picked.includes(figure)) release(figure);
  else {
    picked.push(figure);
    button.setAttribute("aria-pressed", "true");
  }
  renderTray();
  if (picked.length === 2) open();
});

dialog.addEventListener("close", () => {
  picked.forEach(release);
  picked = [];
  renderTray();
});

dialog.querySelectorAll("[data-view]").forEach((button) =>
  button.addEventListener("click", () => {
    const isSlider = button.dataset.view === "slider";
    panes.classList.toggle("slider", isSlider);
    slide.hidden = !isSlider;
    dialog
      .querySelectorAll("[data-view]")
      .forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
    if (isSlider) slide.focus();
  }),
);
slide.addEventListener("input", () => panes.style.setProperty("--shown", `${slide.value}%`));
