import { el } from '../dom.js';
import { linksOf } from '../model/links.js';

/** Shows a text that somebody wrote: as it is, with its web addresses to click on. It is never read as markup. */
export function showText(node, text) {
  if (node.textContent === text) return;
  node.replaceChildren(...linksOf(text).map(part => (part.href
    ? el('a', { href: part.href, target: '_blank', rel: 'noopener noreferrer' }, part.text)
    : document.createTextNode(part.text))));
}
