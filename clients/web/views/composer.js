import { $, setText } from '../dom.js';
import { whole } from '../format.js';
import { t } from '../language.js';
import { explain } from '../problems.js';

/** Of UTF-8; docs/protocol.md. */
const MAX_BYTES = 16 * 1024;

/** Where a message is written. What was begun stays with its conversation, also over a reload. */
export class Composer {
  #drafts;
  #on;
  #key;

  /**
   * @param {import('../model/drafts.js').Drafts} drafts
   * @param {{onSend: (text: string) => void, onTyping: () => void, onLeave: () => void}} on
   */
  constructor(drafts, on) {
    this.#drafts = drafts;
    this.#on = on;
    $('composer').addEventListener('submit', event => this.#submit(event));
    $('composer-text').addEventListener('input', () => this.#typed());
    $('composer-text').addEventListener('keydown', event => this.#onKey(event));
  }

  /** @param {string} key of the conversation */
  open(key) {
    this.#key = key;
    $('composer-text').value = this.#drafts.get(key);
    this.#fit();
    // On a touch screen the keyboard comes up when it is asked for, not before.
    const start = matchMedia('(hover: hover)').matches ? 'composer-text' : 'open-title';
    $(start).focus();
  }

  /** The conversation got its real id: the draft moves along. */
  rename(key) {
    this.#drafts.move(this.#key, key);
    this.#key = key;
  }

  /** Nothing is open any more. */
  close() {
    this.#key = undefined;
    $('composer-text').value = '';
    this.#fit();
  }

  /** @param {string} name whom the message is for */
  name(name) {
    const text = t('composer.placeholder', { name });
    if ($('composer-text').placeholder !== text) $('composer-text').placeholder = text;
  }

  #onKey(event) {
    // During composition Enter and Escape belong to the input method.
    if (event.isComposing) return;
    if (event.key === 'Escape') this.#on.onLeave();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    $('composer').requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = $('composer-text').value.trim();
    if (text === '') return;
    const excess = new TextEncoder().encode(text).length - MAX_BYTES;
    if (excess > 0) {
      setText($('composer-problem'), t('composer.tooLong', { limit: whole(MAX_BYTES), excess: whole(excess) }));
      return;
    }
    try {
      this.#on.onSend(text);
      $('composer-text').value = '';
      this.#drafts.set(this.#key, '');
      this.#fit();
    } catch (error) {
      setText($('composer-problem'), explain(error));
    }
  }

  #typed() {
    const text = $('composer-text').value;
    this.#drafts.set(this.#key, text);
    this.#fit();
    if (text.trim() !== '') this.#on.onTyping();
  }

  #fit() {
    const area = $('composer-text');
    $('composer-send').disabled = area.value.trim() === '';
    setText($('composer-problem'), '');
    area.style.height = 'auto';
    area.style.height = `${area.scrollHeight}px`;
  }
}
