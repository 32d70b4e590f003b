/* Files out of the editor and into it, as they are. */
import { say } from "../form/words.js";
import { download } from "./saving.js";

/**
 * Listen to the buttons for the file itself.
 *
 * @param {HTMLElement} page
 * @param {object} given what the server wrote into the page
 * @param {() => Promise<string>} written gives the file as it stands
 * @param {object | null} saving
 */
export function listenToFiles(page, given, written, saving = null) {
  const name = given.path.split("/").pop();
  page.querySelector("[data-export]")?.addEventListener("click", async () => {
    download(await written(), name);
  });
  const input = page.querySelector("[data-import]");
  input?.addEventListener("change", async () => {
    if (input.files.length) await bringIn(page, given, saving, await read(input.files[0]));
    input.value = "";
  });
}

/** Put a file in place of the stored one, to the letter, and open it. */
async function bringIn(page, given, saving, body) {
  const told = page.querySelector("[data-trouble]");
  await saving?.now();
  const answer = await fetch(given.address, {
    method: "PUT",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": given.token },
    body: JSON.stringify({ body, revision: saving?.revision ?? given.revision }),
  });
  if (answer.ok) {
    saving?.stop();
    location.reload();
    return;
  }
  const isJson = answer.headers.get("content-type")?.includes("json");
  say(told, (isJson && (await answer.json()).error) || given.words.saving.refused);
}

/** Read a text in the encoding that its first line names. */
async function read(file) {
  const bytes = await file.arrayBuffer();
  const head = new TextDecoder("latin1").decode(bytes.slice(0, 200));
  const named = /^<\?xml[^>]*encoding=["']([\w-]+)["']/.exec(head)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(named).decode(bytes).replace(/^(<\?xml[^>]*encoding=["'])[\w-]+/, "$1UTF-8");
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
