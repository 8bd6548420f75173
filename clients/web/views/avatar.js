import { el, setText } from '../dom.js';

/** A round picture of initials in a colour of its own; groups are square. With a presence dot where one is known. */
export function avatar() {
  return el('span', { className: 'avatar', 'aria-hidden': 'true' }, el('span', { className: 'initials' }), el('span', { className: 'dot' }));
}

/** @param {{id: string, name: string, group?: boolean, status?: string}} subject */
export function updateAvatar(node, { id, name, group = false, status }) {
  setText(node.firstChild, initials(name));
  node.classList.toggle('square', group);
  node.style.setProperty('--hue', hue(id));
  node.dataset.status = status ?? '';
}

/** The first letters of the first and the last word, whole characters also outside the basic plane. */
function initials(name) {
  const words = name.trim().split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map(word => [...word][0].toLocaleUpperCase()).join('');
}

/** One of 24 colours, for good; ids that differ by little have nothing in common here (FNV-1a). */
function hue(id) {
  let hash = 0x811c9dc5;
  for (const char of id) hash = Math.imul(hash ^ char.codePointAt(0), 0x01000193);
  return ((hash >>> 8) % 24) * 15;
}
