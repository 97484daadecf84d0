/** The server's drawing of a card, taken apart and put together again from what a card may hold. */

/** Whatever is not on these lists is left out, with all that is in it: the lists are those of `commands/card/html.py`. */
const ELEMENTS = new Set(
  (
    'a b code details div i li p pre span summary table tbody td th thead tr ul ' +
    'svg circle path polyline rect'
  ).split(' ')
);
const ATTRIBUTES = new Set(
  (
    'class title role scope viewbox preserveaspectratio cx cy r x y rx width height d points transform ' +
    'fill stroke stroke-width stroke-opacity stroke-dasharray'
  ).split(' ')
);
/** Colours by their variable, and the lengths of bars; nothing that loads or covers anything. */
const STYLE =
  /^(?:\s*(?:(?:color|stroke)\s*:\s*var\(--[\w-]+\)|flex(?:-grow)?\s*:[\s\w.%]+)\s*;?)*$/;
const WEB = /^https?:\/\//i;
/** What this server leads through its own proxy, as `server/dashboards.py` writes it. */
const PROXIED = /^(?:\/[\w.~%@+-]+)*\/proxy\/(?:[\w.-]+:)?\d+\/[\w./-]*$/;

/** Whether an attribute may stand on an element of a card. */
export function isHarmless(element: string, name: string, value: string): boolean {
  switch (name) {
    case 'style':
      return STYLE.test(value);
    case 'href':
      return element === 'a' && (WEB.test(value) || PROXIED.test(value));
    default:
      return ATTRIBUTES.has(name) || name.startsWith('aria-');
  }
}

/** The card in `html`, without anything that a card has not; null where there is none. */
export function cleanCard(html: string): HTMLElement | null {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const card = parsed.querySelector<HTMLElement>('.mlrun-nb-card');
  if (card === null || !ELEMENTS.has(card.localName)) {
    return null;
  }
  cleanElement(card);
  return card;
}

function cleanElement(element: Element): void {
  for (const { name, value } of Array.from(element.attributes)) {
    if (!isHarmless(element.localName, name.toLowerCase(), value)) {
      element.removeAttribute(name);
    }
  }
  if (element.localName === 'a') {
    element.setAttribute('target', '_blank');
    element.setAttribute('rel', 'noopener noreferrer');
  }
  for (const child of Array.from(element.childNodes)) {
    if (child instanceof Element && ELEMENTS.has(child.localName)) {
      cleanElement(child);
    } else if (child.nodeType !== Node.TEXT_NODE) {
      child.remove();
    }
  }
}
