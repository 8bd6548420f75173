import { targetKey } from './outbox.js';

const REPEAT_MS = 5000;
const RETRY_MS = 1000;

/**
 * Sends what lies in the outbox. Rule: of each conversation one message is under way at a time, and it is repeated with the
 * same id until it is answered; so the order of a conversation holds whatever fails in between.
 */
export class Sender {
  #outbox;
  #transmit;
  #changed;
  #ready = false;
  /** conversation → {id, timer} */
  #underWay = new Map();

  /**
   * @param {import('./outbox.js').Outbox} outbox
   * @param {(frame: object) => void} transmit
   * @param {(entry: import('./outbox.js').Entry) => void} changed called when an entry failed for good
   */
  constructor(outbox, transmit, changed) {
    this.#outbox = outbox;
    this.#transmit = transmit;
    this.#changed = changed;
  }

  /** The connection is in step with the server: what is unanswered goes out, again or for the first time. */
  start() {
    this.stop();
    this.#ready = true;
    this.pump();
  }

  /** The connection is gone. */
  stop() {
    this.#ready = false;
    for (const { timer } of this.#underWay.values()) clearTimeout(timer);
    this.#underWay.clear();
  }

  pump() {
    if (!this.#ready) return;
    for (const entry of this.#outbox.entries()) {
      const target = targetKey(entry.to);
      if (entry.failed || this.#underWay.has(target)) continue;
      this.#wait(target, entry.id, REPEAT_MS);
      this.#transmit({ t: 'send', id: entry.id, to: entry.to, body: entry.body, type: entry.type });
    }
  }

  /** @returns {import('./outbox.js').Entry | undefined} the entry that this answers, if it was not answered before */
  accepted({ id }) {
    const entry = this.#outbox.get(id);
    if (!entry) return undefined;
    this.#outbox.remove(id);
    this.#settle(entry);
    return entry;
  }

  rejected({ id, code, retryable, retryAfterMs }) {
    const entry = this.#outbox.get(id);
    if (!entry) return;
    const target = targetKey(entry.to);
    if (retryable) {
      this.#wait(target, id, retryAfterMs ?? RETRY_MS);
    } else if (code !== 'session_ended') {
      // A message is not at fault when the session is: it goes out after the next login.
      this.#changed(this.#outbox.fail(id, code));
      this.#settle(entry);
    }
  }

  #settle(entry) {
    const target = targetKey(entry.to);
    const current = this.#underWay.get(target);
    if (current?.id === entry.id) {
      clearTimeout(current.timer);
      this.#underWay.delete(target);
    }
    this.pump();
  }

  #wait(target, id, ms) {
    clearTimeout(this.#underWay.get(target)?.timer);
    const timer = setTimeout(() => {
      this.#underWay.delete(target);
      this.pump();
    }, ms);
    this.#underWay.set(target, { id, timer });
  }
}
