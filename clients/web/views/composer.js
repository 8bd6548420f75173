import { $ } from '../dom.js';
import { icon } from '../icons.js';
import { explain, sentence } from '../problems.js';

const MAX_BYTES = 16 * 1024;

/** Where a message is written. What was begun stays with its conversation while another one is open. */
export class Composer {
  #send;
  #drafts = new Map();
  #key;

  /** @param {(text: string) => void} send */
  constructor(send) {
    this.#send = send;
    $('composer-send').append(icon('send'));
    $('composer').addEventListener('submit', event => this.#submit(event));
    $('composer-text').addEventListener('input', () => this.#changed());
    $('composer-text').addEventListener('keydown', event => this.#onKey(event));
  }

  /** @param {string} key of the conversation @param {string} name whom the message is for */
  open(key, name) {
    this.#key = key;
    $('composer-text').value = this.#drafts.get(key) ?? '';
    $('composer-text').placeholder = `Message ${name}`;
    this.#changed();
    // On a touch screen the keyboard comes up when it is asked for, not before.
    const start = matchMedia('(hover: hover)').matches ? 'composer-text' : 'open-title';
    $(start).focus();
  }

  /** The conversation got its real id: the draft moves along. */
  rename(key) {
    const draft = this.#drafts.get(this.#key);
    this.#drafts.delete(this.#key);
    this.#key = key;
    if (draft) this.#drafts.set(key, draft);
  }

  /** The user has logged out. */
  clear() {
    this.#drafts.clear();
    $('composer-text').value = '';
  }

  name(name) {
    $('composer-text').placeholder = `Message ${name}`;
  }

  #onKey(event) {
    // During composition Enter belongs to the input method.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    $('composer').requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = $('composer-text').value.trim();
    if (text === '') return;
    if (new TextEncoder().encode(text).length > MAX_BYTES) {
      $('composer-problem').textContent = sentence('too_big');
      return;
    }
    try {
      this.#send(text);
      $('composer-text').value = '';
      this.#changed();
    } catch (error) {
      $('composer-problem').textContent = explain(error);
    }
  }

  #changed() {
    const area = $('composer-text');
    if (area.value) this.#drafts.set(this.#key, area.value);
    else this.#drafts.delete(this.#key);
    $('composer-send').disabled = area.value.trim() === '';
    $('composer-problem').textContent = '';
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }
}
