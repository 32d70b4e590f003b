/*
 * Puts back what a tool's model does not hold: attributes that say what is usual anyway, unknown
 * elements, remarks, numbers as they were written. What the person changed stays changed.
 */
const PARSER = new DOMParser();
const XMLNS = "http://www.w3.org/2000/xmlns/";
const KINDS = new Set([Node.ELEMENT_NODE, Node.COMMENT_NODE]);
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/**
 * Compare a file with what the tool writes of it before anything was changed.
 *
 * @param {string} original the file as it was opened
 * @param {string} pristine the same, written by the tool at once
 * @returns {(written: string) => string} gives a later text back with all that the tool left out
 */
export function grafter(original, pristine) {
  const [before, after] = [parse(original), parse(pristine)];
  const grafts = [];
  if (!before || !after) return (written) => written;
  compare(before.documentElement, after.documentElement, [], grafts);
  const remarks = [...before.childNodes].filter((node) => node.nodeType === Node.COMMENT_NODE);
  return (written) => {
    const now = parse(written);
    if (!now) return written;
    const places = grafts.map((graft) => [graft, find(now, graft.path)]);
    for (const [graft, place] of places) if (place) graft.put(place);
    for (const remark of remarks) now.insertBefore(now.importNode(remark), now.documentElement);
    return HEAD + new XMLSerializer().serializeToString(now).replace(/^<\?xml[^>]*\?>\s*/, "");
  };
}

function parse(text) {
  const read = PARSER.parseFromString(text, "application/xml");
  return read.querySelector("parsererror") ? null : read;
}

/** Note what the second element lacks of the first, with the way to it. */
function compare(from, to, path, grafts) {
  for (const attribute of from.attributes) noteAttribute(attribute, to, path, grafts);
  if (!from.children.length && !to.children.length) {
    const [text, written] = [from.textContent, to.textContent];
    if (text.trim() !== written.trim()) grafts.push(new Text(path, text, written));
  }
  const mates = matched(from, to);
  const nodes = [...from.childNodes].filter((node) => KINDS.has(node.nodeType));
  for (const [place, node] of nodes.entries()) {
    const mate = mates.get(node);
    if (mate) compareMates(node, mate, [...path, step(mate)], grafts);
    else grafts.push(new Child(path, node, stepAfter(nodes.slice(place), mates)));
  }
}

/** Say where the first of some nodes is to stand: before the next one that the tool wrote. */
function stepAfter(nodes, mates) {
  const next = nodes.find((node) => mates.has(node));
  return next ? step(mates.get(next)) : null;
}

function compareMates(from, to, path, grafts) {
  const isForeign = from.parentElement.localName === "extensionElements";
  if (isForeign && isMixed(from)) grafts.push(new Whole(path, from, to));
  else compare(from, to, path, grafts);
}

/** Say whether text and elements stand side by side somewhere inside: their order counts. */
function isMixed(element) {
  const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  return (hasText && element.children.length > 0) || [...element.children].some(isMixed);
}

function noteAttribute({ namespaceURI, name, localName, value }, to, path, grafts) {
  const written = to.getAttributeNS(namespaceURI, localName);
  if (written !== value) grafts.push(new Attribute(path, namespaceURI, name, value, written));
}

/** Pair the children of two elements: by id where they have one, else in the order of their kind. */
function matched(from, to) {
  const free = new Map();
  for (const child of to.children) free.set(markOf(child), [...(free.get(markOf(child)) ?? []), child]);
  const pairs = [...from.children].map((child) => [child, free.get(markOf(child))?.shift()]);
  return new Map(pairs.filter(([, mate]) => mate));
}

function markOf(element) {
  const id = element.getAttribute("id") ?? element.getAttribute("bpmnElement") ?? "";
  return `${element.namespaceURI} ${element.localName} ${id}`;
}

/** Say how to find an element among its siblings. */
function step(element) {
  const mark = markOf(element);
  const alike = [...element.parentElement.children].filter((one) => markOf(one) === mark);
  return { mark, place: alike.indexOf(element), id: element.getAttribute("id") };
}

/** Follow a path; what has an id of its own is found wherever it was moved to. */
function find(document, path) {
  let found = document.documentElement;
  for (const { mark, place, id } of path) {
    found = among(found, { mark, place }) ?? (id && document.querySelector(`[id="${CSS.escape(id)}"]`));
    if (!found || markOf(found) !== mark) return null;
  }
  return found;
}

function among(parent, { mark, place }) {
  return [...parent.children].filter((one) => markOf(one) === mark)[place] ?? null;
}

class Attribute {
  constructor(path, space, name, value, written) {
    Object.assign(this, { path, space, name, value, written });
  }

  put(element) {
    const local = this.name.split(":").pop();
    if (element.getAttributeNS(this.space, local) !== this.written) return;
    if (this.space === XMLNS && element.lookupNamespaceURI(local) !== null) return;
    element.setAttributeNS(this.space, this.name, this.value);
  }
}

class Text {
  constructor(path, text, written) {
    Object.assign(this, { path, text, written });
  }

  put(element) {
    if (!element.children.length && element.textContent === this.written) {
      element.textContent = this.text;
    }
  }
}

class Child {
  constructor(path, node, next) {
    Object.assign(this, { path, node, next });
  }

  put(element) {
    const next = this.next && among(element, this.next);
    element.insertBefore(element.ownerDocument.importNode(this.node, true), next);
  }
}

class Whole {
  constructor(path, element, written) {
    Object.assign(this, { path, element, written });
  }

  put(element) {
    if (element.isEqualNode(this.written)) {
      element.replaceWith(element.ownerDocument.importNode(this.element, true));
    }
  }
}
