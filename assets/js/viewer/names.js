const letter = 7.6;

/**
 * Put the reader's language into the model before it is drawn.
 *
 * @param {import("bpmn-js/lib/NavigatedViewer").default} viewer
 * @param {Record<string, string>} names element id to its name in words
 */
export function translateNames(viewer, names) {
  viewer.on("import.parse.complete", ({ elementsById }) => {
    for (const [id, name] of Object.entries(names)) rename(elementsById?.[id], name);
    for (const drawn of Object.values(elementsById ?? {})) widenLabel(drawn);
  });
}

// Labels were measured in another language and typeface: no word may break in two.
function widenLabel(drawn) {
  const bounds = drawn.label?.bounds;
  const text = drawn.bpmnElement?.name;
  if (!bounds || !text) return;
  const longest = Math.max(...text.split(/\s+/).map((word) => word.length));
  const width = Math.max(bounds.width, Math.min(160, longest * letter + 4));
  bounds.x -= (width - bounds.width) / 2;
  bounds.width = width;
}

function rename(element, name) {
  if (!element) return;
  if (element.$type === "bpmn:TextAnnotation") element.text = name;
  else element.name = name;
}
