import { $, reconcile } from '../dom.js';
import { count } from '../format.js';
import { icon } from '../icons.js';
import { rowsOf } from '../model/rows.js';
import { createLine, updateLine } from './bubble.js';

const NEAR_PX = 60;
const AHEAD_PX = 400;

/**
 * The messages of the open conversation. Rule: what the user looks at does not move: new lines keep the newest in view only
 * for whoever is at the newest already, older lines are put in above without a jump.
 */
export class Timeline {
  #onOlder;
  #onSeen;
  #source;
  #atNewest = true;
  #firstKey;
  #seenSeq = 0;

  /** @param {{onOlder: () => void, onSeen: () => void}} on `onSeen`: the newest message is in view */
  constructor({ onOlder, onSeen }) {
    this.#onOlder = onOlder;
    this.#onSeen = onSeen;
    $('to-newest').addEventListener('click', () => this.#toNewest());
    $('scroller').addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#atNewest && this.#toNewest()).observe($('scroller'));
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** Starts with another conversation. */
  clear() {
    this.#atNewest = true;
    this.#firstKey = undefined;
    this.#seenSeq = 0;
    $('messages').replaceChildren();
  }

  /** @param {object} source what `rowsOf` and `updateLine` need, and the `log` */
  render(source) {
    this.#source = source;
    const scroller = $('scroller');
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    const rows = source.log ? rowsOf({ ...source, messages: source.log.messages }) : rowsOf({ ...source, messages: [] });
    $('older').hidden = !source.log?.loading;
    // Older lines are no news: a screen reader is not to read a page of history aloud.
    const firstKey = rows.find(row => row.kind !== 'day')?.key;
    const prepended = firstKey !== this.#firstKey;
    scroller.setAttribute('aria-live', prepended ? 'off' : 'polite');
    reconcile($('messages'), rows, createLine, (node, row) => updateLine(node, row, source));
    if (this.#atNewest) scroller.scrollTop = scroller.scrollHeight;
    else if (prepended) scroller.scrollTop = scroller.scrollHeight - fromEnd;
    this.#firstKey = firstKey;
    this.#look();
  }

  /** What the user wrote himself is always shown to him. */
  follow() {
    this.#atNewest = true;
  }

  #toNewest() {
    this.#atNewest = true;
    $('scroller').scrollTop = $('scroller').scrollHeight;
    this.#look();
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = $('scroller');
    this.#atNewest = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    this.#look();
  }

  #look() {
    const { log } = this.#source ?? {};
    if (!log || document.hidden) return;
    const { scrollTop } = $('scroller');
    if (scrollTop < AHEAD_PX && log.first && !log.complete && !log.loading) this.#onOlder();
    if (this.#atNewest && !log.loading) {
      this.#seenSeq = log.last?.seq ?? 0;
      this.#onSeen();
    }
    this.#renderButton(log);
  }

  #renderButton(log) {
    const fresh = log.messages.filter(message => message.seq > this.#seenSeq && message.from !== this.#source.me).length;
    const button = $('to-newest');
    button.hidden = this.#atNewest;
    const label = fresh > 0 ? count(fresh, 'new message') : 'To the newest message';
    if (button.ariaLabel === label) return;
    button.ariaLabel = label;
    button.replaceChildren(icon('down'), fresh > 0 ? String(fresh) : '');
  }
}
