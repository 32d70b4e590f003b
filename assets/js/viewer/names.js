/**
 * Put the reader's language into the model before it is drawn.
 *
 * @param {import("bpmn-js/lib/NavigatedViewer").default} viewer
 * @param {Record<string, string>} names element id to its name in words
 */
export function translateNames(viewer, names) {
  viewer.on("import.parse.complete", ({ elementsById }) => {
    for (const [id, name] of Object.entries(names)) rename(elementsById?.[id], name);
  });
}

function rename(element, name) {
  if (!element) return;
  if (element.$type === "bpmn:TextAnnotation") element.text = name;
  else element.name = name;
}
