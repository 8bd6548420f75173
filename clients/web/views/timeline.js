import { $, reconcile } from '../dom.js';
import { icon } from '../icons.js';
import { t } from '../language.js';
import { rowsOf } from '../model/rows.js';
import { createLine, updateLine } from './bubble.js';

const NEAR_PX = 60;
const AHEAD_PX = 400;
const UNREAD_TOP_PX = 48;

/**
 * The messages of the open conversation. Rule: what the user looks at does not move: new lines keep the newest in view only
 * for whoever is at the newest already, whatever else comes or goes is put in around the first line in view.
 */
export class Timeline {
  #onMore;
  #onSeen;
  #source;
  #atNewest = true;
  #isEmpty = true;
  #firstSeq;

  /** @param {{onMore: (part: 'older' | 'newer' | 'newest') => void, onSeen: () => void}} on `onSeen`: the newest message is in view */
  constructor({ onMore, onSeen }) {
    this.#onMore = onMore;
    this.#onSeen = onSeen;
    $('to-newest').addEventListener('click', () => this.follow());
    $('timeline-retry').addEventListener('click', () => onMore(this.#source.log.first ? 'older' : 'newest'));
    $('scroller').addEventListener('scroll', () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#atNewest && this.#toEnd()).observe($('scroller'));
    for (const type of ['visibilitychange', 'focus']) document.addEventListener(type, () => this.#look());
  }

  /** Whether what comes is in view at once: then there is nothing unread to point out. */
  get isFollowed() {
    return !this.#isEmpty && this.#atNewest && !document.hidden;
  }

  /** Starts with another conversation. */
  clear() {
    this.#atNewest = true;
    this.#isEmpty = true;
    this.#firstSeq = undefined;
    this.#source = undefined;
    $('messages').replaceChildren();
  }

  /** @param {object} source what `rowsOf` and `updateLine` need, and the `log` */
  render(source) {
    const { log, pending } = source;
    this.#source = source;
    if (log) log.following = this.#atNewest;
    // What waits stands behind the newest message, and nowhere else.
    const rows = rowsOf({ ...source, messages: log?.messages ?? [], pending: log?.atEnd ?? true ? pending : [], complete: log?.complete });
    const isPage = this.#isEmpty || log?.first?.seq < this.#firstSeq || !log?.atEnd;
    // A page of history is no news: a screen reader is not to read it aloud.
    $('scroller').setAttribute('aria-live', isPage ? 'off' : 'polite');
    this.#renderStates(log, rows);
    this.#keepingPlace(() => reconcile($('messages'), rows, createLine, (node, row) => updateLine(node, row, source)));
    this.#firstSeq = log?.first?.seq;
    if (this.#isEmpty && log?.first) this.#begin();
    this.#look();
  }

  /** What the user wrote himself is always shown to him. */
  follow() {
    this.#atNewest = true;
    if (this.#source?.log?.atEnd === false) this.#onMore('newest');
    this.#toEnd();
  }

  #renderStates(log, rows) {
    $('older').hidden = !log?.loading;
    $('timeline-failed').hidden = !log?.failed || log.loading;
    $('timeline-empty').hidden = rows.length > 0 || log?.loading || log?.failed || (log && !log.complete);
  }

  #keepingPlace(change) {
    const scroller = $('scroller');
    const top = scroller.getBoundingClientRect().top;
    const held = this.#atNewest ? undefined
      : [...$('messages').children].find(node => node.matches('.message, .member-line') && node.getBoundingClientRect().bottom > top);
    const before = held?.getBoundingClientRect().top;
    change();
    if (this.#atNewest) scroller.scrollTop = scroller.scrollHeight;
    else if (held?.isConnected) scroller.scrollTop += held.getBoundingClientRect().top - before;
  }

  /** The first messages of a conversation are there: reading goes on where it stopped. */
  #begin() {
    this.#isEmpty = false;
    const line = $('messages').querySelector('.unread-line');
    if (line) $('scroller').scrollTop = line.offsetTop - UNREAD_TOP_PX;
    this.#measure();
  }

  #toEnd() {
    $('scroller').scrollTop = $('scroller').scrollHeight;
    this.#look();
  }

  #scrolled() {
    this.#measure();
    this.#look();
  }

  #measure() {
    const { scrollHeight, scrollTop, clientHeight } = $('scroller');
    this.#atNewest = scrollHeight - scrollTop - clientHeight < NEAR_PX && (this.#source?.log?.atEnd ?? true);
  }

  #look() {
    const { log, unread } = this.#source ?? {};
    if (!log || document.hidden) return;
    log.following = this.#atNewest;
    const { scrollHeight, scrollTop, clientHeight } = $('scroller');
    const mayLoad = log.first && !log.loading && !log.failed;
    if (mayLoad && scrollTop < AHEAD_PX && !log.complete) this.#onMore('older');
    else if (mayLoad && !log.atEnd && scrollHeight - scrollTop - clientHeight < AHEAD_PX) this.#onMore('newer');
    if (this.#atNewest && log.atEnd && !log.loading) this.#onSeen();
    this.#renderButton(unread);
  }

  #renderButton(fresh) {
    const button = $('to-newest');
    button.hidden = this.#atNewest;
    const label = fresh > 0 ? t('conversation.fresh', { count: fresh }) : t('conversation.toNewest');
    if (button.ariaLabel === label) return;
    button.ariaLabel = label;
    button.title = label;
    button.replaceChildren(icon('down'), fresh > 0 ? String(fresh) : '');
  }
}
