import { $, el } from '../dom.js';

/**
 * A dialog of the page: a heading, a button that closes it, and what belongs in it. The browser keeps the focus inside, closes
 * it on Escape and gives the focus back; a click beside it closes it too.
 * @param {string} id @param {string} title key of the heading's text @param {...Element} content
 */
export function makeDialog(id, title, ...content) {
  const close = el('button', { type: 'button', className: 'icon-button close', 'data-label': 'common.close', 'data-icon': 'close' });
  const heading = el('h2', { id: `${id}-heading`, 'data-text': title });
  const box = el('div', { className: 'dialog' }, el('header', {}, heading, close), ...content);
  const node = el('dialog', { id, 'aria-labelledby': heading.id }, box);
  close.addEventListener('click', () => node.close());
  node.addEventListener('click', event => event.target === node && node.close());
  $('app').append(node);
  return node;
}

/** A field with its label above it, and a hint below where there is one. */
export function field(label, input, hint) {
  if (!hint) return el('label', {}, el('span', { 'data-text': label }), input);
  input.setAttribute('aria-describedby', `${input.id}-hint`);
  return el('div', { className: 'field' },
    el('label', {}, el('span', { 'data-text': label }), input), el('p', { id: `${input.id}-hint`, className: 'hint', 'data-text': hint }));
}

/** A field for a user name: never corrected, completed or capitalised. */
export function nameInput(props) {
  return el('input', { autocapitalize: 'none', autocomplete: 'off', spellcheck: false, ...props });
}

/** Where the dialog says what went wrong. */
export function problemLine() {
  return el('p', { className: 'problem', role: 'alert' });
}

/**
 * A button whose deed is not easily undone acts on the second press; the focus elsewhere takes the first one back.
 * `data-sure` says that the next press acts, `show` puts it in words. @param {() => void} show @param {() => void} act
 */
export function actsOnSecondPress(button, show, act) {
  button.addEventListener('click', () => {
    const sure = isSure(button);
    button.toggleAttribute('data-sure', !sure);
    show();
    if (sure) act();
  });
  button.addEventListener('blur', () => {
    button.removeAttribute('data-sure');
    // Not within the event: it also comes while the button is being taken out of the page.
    queueMicrotask(show);
  });
}

export function isSure(button) {
  return button.hasAttribute('data-sure');
}
