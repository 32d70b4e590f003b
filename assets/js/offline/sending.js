/* Brings what was kept to the server: once, by whoever typed it, with a token of the day. */
import { forget, keep } from "./shelf.js";

/**
 * @param {import("./shelf.js").Kept} kept
 * @returns {Promise<{done?: string, wrong?: string, refused?: string, signIn?: true, away?: true}>}
 */
export async function bring(kept) {
  const url = kept.door;
  try {
    const door = await fetch(url, { redirect: "manual" });
    if (!door.ok) return door.status >= 500 ? { away: true } : { signIn: true };
    const { csrf, person } = await door.json();
    if (person !== kept.person) return { signIn: true };
    return await take(kept, await fetch(url, { method: "POST", body: bodyOf(kept, csrf) }));
  } catch {
    return { away: true };
  }
}

async function take(kept, answer) {
  if (answer.status >= 500 || answer.status === 429) return { away: true };
  const said = await answer.json().catch(() => ({ refused: "" }));
  if (said.done || said.wrong) await forget(kept.key);
  else await keep({ ...kept, refused: said.refused ?? "" });
  return said;
}

function bodyOf(kept, csrf) {
  const body = new FormData();
  for (const [name, value] of kept.fields) if (name !== "csrf_token") body.append(name, value);
  body.append("csrf_token", csrf);
  body.append("_kept", kept.word);
  return body;
}
