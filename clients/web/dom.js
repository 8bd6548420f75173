import { icon } from './icons.js';
import { t } from './language.js';

/**
 * Builds an element. Children are nodes or text; text never becomes markup. `props` are properties, or attributes by
 * `aria-…`, `data-…`, `role`, `for`. What `translate` reads may stand in them and is filled in at once.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined) continue;
    if (/^(aria-|data-|role$|for$)/.test(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter(child => child !== undefined && child !== null));
  translateOne(node);
  return node;
}

/**
 * Fills in the words of everything below `root` in the language in use: `data-text` names the text, `data-label` the label for
 * screen readers (with a tooltip on buttons), `data-placeholder` that of a field. `data-icon` gets its picture.
 */
export function translate(root) {
  for (const node of root.querySelectorAll('[data-text], [data-label], [data-placeholder], [data-icon]')) translateOne(node);
}

function translateOne(node) {
  const { text, label, placeholder, icon: picture } = node.dataset;
  if (text) setText(node, t(text));
  if (label) node.setAttribute('aria-label', t(label));
  if (label && node.tagName === 'BUTTON') node.title = t(label);
  if (placeholder) node.placeholder = t(placeholder);
  if (picture && !node.querySelector('svg')) node.prepend(icon(picture));
}

/**
 * Makes the children of `container` those of `rows`, in this order. Nodes are kept by key and moved only where the order
 * changed, so that focus, scroll position and what a screen reader has read already stay.
 * @template {{key: string}} Row
 * @param {Row[]} rows
 * @param {(row: Row) => Element} create
 * @param {(node: Element, row: Row) => void} update
 */
export function reconcile(container, rows, create, update) {
  const focused = container.contains(document.activeElement) ? document.activeElement : null;
  const old = new Map([...container.children].map(node => [node.dataset.key, node]));
  let place = container.firstElementChild;
  for (const row of rows) {
    let node = old.get(row.key);
    old.delete(row.key);
    if (!node) {
      node = create(row);
      node.dataset.key = row.key;
    }
    update(node, row);
    if (node === place) place = place.nextElementSibling;
    else container.insertBefore(node, place);
  }
  for (const node of old.values()) node.remove();
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

/** Sets the text only when it differs: a live region would otherwise announce it again. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The element of index.html with this id. */
export function $(id) {
  return document.getElementById(id);
}
