// How the moderators' pages send: with the page's own token, and words when it was refused.

/** Limner said no; its message is for people. */
export class Refused extends Error {}

/** The answer to a POST below /review. Throws Refused, or an Error whose message is for people. */
export async function send(path, values = {}) {
  const answer = await fetch(`/review/${path}`, {
    method: "POST",
    // The mark of a piece of the page: refusals are ordinary answers then.
    headers: { "X-Form-Token": document.body.dataset.formToken, "HX-Request": "true" },
    body: new URLSearchParams(values),
  }).catch(() => {
    throw new Error("I can't reach Limner. See whether it is still running, then try again.");
  });
  if (answer.ok && !answer.headers.has("X-Refused")) return answer;
  const words = piece(await answer.text())?.textContent;
  throw new Refused(words?.trim() || "That didn't work. Reload the page and try again.");
}

export function piece(html) {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}
