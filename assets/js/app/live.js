/* A line that keeps up to date: asked for while somebody looks at it, less often when it fails. */
const PAUSE = 4000;
const LONGEST = 60000;

/** @param {Document} page */
export function startLive(page) {
  for (const line of page.querySelectorAll("[data-live]")) new Live(line).wait();
}

class Live {
  constructor(line) {
    this.line = line;
    this.url = line.dataset.live;
    this.pause = PAUSE;
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.ask();
    });
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), this.pause);
  }

  async ask() {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(this.url);
      if (!answer.ok) throw new Error(String(answer.status));
      this.show(await answer.json());
    } catch {
      this.pause = Math.min(this.pause * 2, LONGEST);
    }
    this.wait();
  }

  show({ text, open }) {
    // Said again unchanged, it would be read aloud each time.
    if (this.line.textContent !== text) this.line.textContent = text;
    this.pause = open ? PAUSE : LONGEST;
  }
}
