/** Changes what is on the page into what is to be there, and touches nothing else. */

/** On an element that is kept as it is, with what is in it: whoever put it there looks after it. */
export const KEPT = 'jp-mlrun-nb-Card-kept';

/**
 * Make `current` equal to `next`. Elements that stay keep their focus, and texts that stay their selection; what the
 * reader has opened stays open.
 */
export function patch(current: Element, next: Element): void {
  patchAttributes(current, next);
  let at: ChildNode | null = current.firstChild;
  for (const wanted of Array.from(next.childNodes)) {
    const found = matchFrom(at, wanted);
    if (found === null) {
      current.insertBefore(wanted, at);
      continue;
    }
    while (at !== null && at !== found) {
      at = removed(at);
    }
    patchNode(found, wanted);
    at = found.nextSibling;
  }
  while (at !== null) {
    at = removed(at);
  }
}

function patchNode(current: ChildNode, wanted: ChildNode): void {
  if (current instanceof Element && wanted instanceof Element) {
    if (!current.classList.contains(KEPT)) {
      patch(current, wanted);
    }
  } else if (current.nodeValue !== wanted.nodeValue) {
    current.nodeValue = wanted.nodeValue;
  }
}

function patchAttributes(current: Element, next: Element): void {
  for (const { name } of Array.from(current.attributes)) {
    if (name !== 'open' && !next.hasAttribute(name)) {
      current.removeAttribute(name);
    }
  }
  for (const { name, value } of Array.from(next.attributes)) {
    if (name !== 'open' && current.getAttribute(name) !== value) {
      current.setAttribute(name, value);
    }
  }
}

/** The first node from `at` on that can become `wanted`. */
function matchFrom(at: ChildNode | null, wanted: ChildNode): ChildNode | null {
  for (let node = at; node !== null; node = node.nextSibling) {
    if (isAlike(node, wanted)) {
      return node;
    }
  }
  return null;
}

function isAlike(one: ChildNode, other: ChildNode): boolean {
  if (one.nodeName !== other.nodeName) {
    return false;
  }
  const [here, there] = [one, other].map(node =>
    node instanceof Element ? node.getAttribute('class') : null
  );
  return here === there || one.nodeName === 'I'; // the marks of cells change their class as they are done
}

function removed(node: ChildNode): ChildNode | null {
  const next = node.nextSibling;
  node.remove();
  return next;
}
