/* On any page: what was kept and not sent yet leaves as soon as there is a network. */
import { fill } from "../form/words.js";
import { bring } from "./sending.js";
import { waiting } from "./shelf.js";

/** @param {HTMLElement} region where it is told; its words stand in data attributes */
export function startArriving(region) {
  const send = () => void sendAll(region);
  window.addEventListener("online", send);
  send();
}

async function sendAll(region) {
  for (const kept of await waiting()) {
    if (kept.refused !== undefined) show(region, region.dataset.refused, kept);
    else await sendOne(region, kept);
  }
}

async function sendOne(region, kept) {
  const said = await bring(kept);
  if (said.done) show(region, region.dataset.arrived, kept);
  else if (said.wrong || said.refused !== undefined) show(region, region.dataset.refused, kept);
}

function show(region, sentence, { title, page }) {
  const line = document.createElement("a");
  line.className = "govuk-link";
  line.href = page;
  line.textContent = fill(sentence, { task: title });
  region.append(line);
  region.classList.add("govuk-inset-text");
  region.hidden = false;
}
