// What a card's own buttons do: look behind a spoiler, edit.
import { byId, onClick, toast } from "./dom.js";
import { fill } from "./composer.js";
import { render } from "./starting-image.js";

onClick("[data-reveal]", (button) => {
  const picture = button.closest(".picture");
  picture.classList.add("shown");
  picture.querySelector(".open").focus();
});

export async function commandOf(publicId, query = "") {
  const answer = await fetch(`/j/${publicId}/command${query}`);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

onClick("[data-edit]", async (button) => {
  const publicId = button.dataset.edit;
  try {
    const command = await commandOf(publicId);
    const editOf = byId("edit-of");
    editOf.value = publicId;
    editOf.dataset.keepsImage = "keepsImage" in button.dataset ? "yes" : "";
    render();
    fill(command);
  } catch {
    toast("That result can't be edited now.");
  }
});
