const FLUSH_MS = 400;
const BATCH = 200;

/**
 * What this device holds (`ack`) and what the user has read (`read`), told to the server. Rule: at most one frame per
 * conversation in 400 ms, and a `read` stands for the `ack` that it implies; what cannot be sent now is sent after the
 * next connect, and so are the `read`s of a connection that ended: nobody answers them, and the last may have been lost with it.
 */
export class Marks {
  #inbox;
  #transmit;
  #reads = new Map();
  #told = new Map();
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
    if (seq <= Math.max(this.#reads.get(c) ?? 0, this.#told.get(c) ?? 0)) return;
    this.#reads.set(c, seq);
    this.flushSoon();
  }

  flushSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#flush();
    }, FLUSH_MS);
  }

  /** A new connection knows nothing of what the last one was told. */
  tellAgain() {
    for (const [c, seq] of this.#told) if (seq > (this.#reads.get(c) ?? 0)) this.#reads.set(c, seq);
    this.#told.clear();
    this.flushSoon();
  }

  /** The user has logged out. */
  clear() {
    this.#reads.clear();
    this.#told.clear();
  }

  #flush() {
    const acks = this.#inbox.acks().filter(({ c, seq }) => seq > (this.#reads.get(c) ?? -1));
    const frames = [...acks, ...[...this.#reads].map(([c, seq]) => ({ t: 'read', c, seq }))];
    for (let i = 0; i < frames.length; i += BATCH) {
      if (!this.#transmit(frames.slice(i, i + BATCH))) return;
    }
    this.#inbox.acksSent();
    for (const [c, seq] of this.#reads) this.#told.set(c, seq);
    this.#reads.clear();
  }
}
