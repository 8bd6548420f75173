import { targetKey } from './outbox.js';

const EVERY_MS = 3000;
const MAX_TARGETS = 100;

/** Tells others that the user is writing: at most once in 3 s for each conversation, and never late. */
export class TypingNotices {
  #transmit;
  #now;
  /** target → time of the last notice */
  #told = new Map();

  /** @param {(frame: object) => void} transmit a notice without a connection is lost, as it should be */
  constructor(transmit, now = Date.now) {
    this.#transmit = transmit;
    this.#now = now;
  }

  /** @param {import('./outbox.js').Target} to */
  notice(to) {
    const key = targetKey(to);
    if (this.#now() - (this.#told.get(key) ?? -EVERY_MS) < EVERY_MS) return;
    if (this.#told.size >= MAX_TARGETS) this.#told.clear();
    this.#told.set(key, this.#now());
    this.#transmit({ t: 'typing', to });
  }
}
