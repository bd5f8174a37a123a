// Times in the reader's own zone and language; the server knows neither.
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function localize(time) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf())) return;
  const isToday = at.toDateString() === new Date().toDateString();
  time.textContent = (isToday ? clock : full).format(at);
  time.title = full.format(at);
}

function localizeIn(root) {
  root.querySelectorAll("time").forEach(localize);
}

localizeIn(document);
document.body.addEventListener("htmx:load", ({ detail }) => localizeIn(detail.elt));
