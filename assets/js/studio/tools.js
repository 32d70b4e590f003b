/* The buttons above the diagram: what the keyboard does, for a mouse, a finger or a switch. */

const STEP = 1.25;

/**
 * Listen to the buttons of the page.
 *
 * @param {HTMLElement} page
 * @param {object} viewer
 */
export function listenToTools(page, viewer) {
  const canvas = viewer.get("canvas");
  const stack = viewer.get("commandStack", false);
  const actions = {
    undo: () => stack.undo(),
    redo: () => stack.redo(),
    // The pad closes on a click elsewhere, which this one still is.
    find: () => setTimeout(() => viewer.get("searchPad").toggle()),
    map: () => viewer.get("minimap").toggle(),
    fit: () => canvas.zoom("fit-viewport", "auto"),
    nearer: () => canvas.zoom(canvas.zoom() * STEP),
    farther: () => canvas.zoom(canvas.zoom() / STEP),
    properties: (button) => toggle(page, "app-modeler--narrow", button),
  };
  for (const button of page.querySelectorAll("[data-tool]")) {
    button.addEventListener("click", () => actions[button.dataset.tool](button));
  }
  const steps = () => {
    set(page, "undo", stack?.canUndo());
    set(page, "redo", stack?.canRedo());
  };
  viewer.on("commandStack.changed", steps);
  steps();
}

function set(page, tool, possible) {
  const button = page.querySelector(`[data-tool="${tool}"]`);
  if (button) button.disabled = !possible;
}

function toggle(page, name, button) {
  button.setAttribute("aria-expanded", String(!page.classList.toggle(name)));
}
