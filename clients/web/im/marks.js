const FLUSH_MS = 400;
const BATCH = 200;

/**
 * What this device holds (`ack`) and what the user has read (`read`), told to the server. Rule: at most one frame per
 * conversation in 400 ms, and a `read` stands for the `ack` that it implies; what cannot be sent now is sent after the
 * next connect.
 */
export class Marks {
  #inbox;
  #transmit;
  #reads = new Map();
  #timer;

  /**
   * @param {import('./inbox.js').Inbox} inbox
   * @param {(frames: object[]) => boolean} transmit whether there was a connection to write to
   */
  constructor(inbox, transmit) {
    this.#inbox = inbox;
    this.#transmit = transmit;
  }

  read(c, seq) {
    if (seq <= (this.#reads.get(c) ?? 0)) return;
    this.#reads.set(c, seq);
    this.flushSoon();
  }

  flushSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, FLUSH_MS);
  }

  /** The user has logged out. */
  clear() {
    this.#reads.clear();
  }

  #flush() {
    const acks = this.#inbox.acks().filter(({ c, seq }) => seq > (this.#reads.get(c) ?? -1));
    const frames = [...acks, ...[...this.#reads].map(([c, seq]) => ({ t: 'read', c, seq }))];
    for (let i = 0; i < frames.length; i += BATCH) {
      if (!this.#transmit(frames.slice(i, i + BATCH))) return;
    }
    this.#inbox.acksSent();
    this.#reads.clear();
  }
}
