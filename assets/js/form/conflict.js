/* A newer draft was saved by another tab or device: the person says which one stays. */

/**
 * @param {HTMLFormElement} form
 * @param {Element} region where the draft's state is said
 * @param {{see: string, take: string, keep: string}} words
 * @param {() => void} keep saves what stands here over the other
 */
export function showConflict(form, region, words, keep) {
  form.querySelector("[data-draft-choice]")?.remove();
  const box = document.createElement("div");
  box.className = "app-draft-choice";
  box.dataset.draftChoice = "";
  const see = button(words.see, "submit");
  // The server compares what is posted with what it has, and shows both.
  see.name = "_save";
  see.value = "1";
  see.formNoValidate = true;
  const take = document.createElement("a");
  take.className = "govuk-link govuk-link--no-visited-state";
  take.href = location.pathname + location.search;
  take.textContent = words.take;
  const stay = button(words.keep, "button");
  stay.addEventListener("click", () => {
    box.remove();
    keep();
  });
  box.append(see, stay, take);
  region.after(box);
}

function button(text, type) {
  const made = document.createElement("button");
  made.type = type;
  made.className = "govuk-button govuk-button--secondary app-button--small";
  made.textContent = text;
  return made;
}
