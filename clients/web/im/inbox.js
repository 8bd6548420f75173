const MAX_EARLY = 1000;
const MAX_CURSORS = 500;

/**
 * What the page holds of each conversation. Rule: messages leave the inbox in ascending seq, each once, and never past a hole:
 * what comes too early stays here until the history has filled the place before it.
 * @typedef {{c: string, seq: number, mid: string, from: string, id?: string, body: string, type: string, time: number}} Message
 */
export class Inbox {
  /** conversation → highest seq handed out; the one touched last stands last. */
  #held = new Map();
  /** conversation → seq → message beyond a hole */
  #early = new Map();
  #toAck = new Set();

  held(c) {
    return this.#held.get(c);
  }

  /** The application has loaded everything up to `seq` by other means. Counts only where nothing is held yet. */
  base(c, seq) {
    if (!this.#held.has(c)) this.#held.set(c, seq);
  }

  /**
   * @param {Message} message as it came from the socket
   * @returns {{ready: Message[], gap: boolean}} what may be shown now; `gap`: fetch the history after `held` and `fill`
   */
  take(message) {
    const { c, seq } = message;
    this.#toAck.add(c);
    const held = this.#held.get(c);
    if (held !== undefined && seq <= held) return { ready: [], gap: false };
    if (held === undefined || seq === held + 1) return { ready: this.#advance(c, [message]), gap: false };
    this.#keep(message);
    return { ready: [], gap: true };
  }

  /**
   * Messages of the history after `held`. They are taken as they stand: a member who was away for a while has no right
   * to the seqs of that time, so a jump inside the history is no hole.
   * @param {Message[]} messages ascending
   * @returns {{ready: Message[], gap: boolean}}
   */
  fill(c, messages) {
    const held = this.#held.get(c) ?? -1;
    const ready = this.#advance(c, messages.filter(message => message.seq > held));
    this.#toAck.add(c);
    return { ready, gap: this.#early.has(c) };
  }

  /** Forgets what waits behind a hole; the server sends it again after a reconnect. */
  forgetEarly(c) {
    this.#early.delete(c);
  }

  /** The server's log is another one: nothing that was held counts any more. */
  clear() {
    this.#held.clear();
    this.#early.clear();
    this.#toAck.clear();
  }

  /** For `hello`: where the replay is to start. Bounded, since a frame is; the others start at the stored cursor. */
  cursors() {
    return Object.fromEntries([...this.#held].slice(-MAX_CURSORS));
  }

  /** One `ack` for each conversation that got something since `acksSent`. */
  acks() {
    return [...this.#toAck].filter(c => this.#held.has(c)).map(c => ({ t: 'ack', c, seq: this.#held.get(c) }));
  }

  acksSent() {
    this.#toAck.clear();
  }

  #advance(c, messages) {
    const ready = [...messages];
    let held = ready.length > 0 ? ready.at(-1).seq : this.#held.get(c);
    const early = this.#early.get(c);
    for (let next = early?.get(held + 1); next; next = early.get(held + 1)) {
      ready.push(next);
      held = next.seq;
    }
    this.#held.delete(c);
    if (held !== undefined) this.#held.set(c, held);
    this.#dropHeld(c, held);
    return ready;
  }

  #dropHeld(c, held) {
    const early = this.#early.get(c);
    if (!early) return;
    for (const seq of early.keys()) if (seq <= held) early.delete(seq);
    if (early.size === 0) this.#early.delete(c);
  }

  #keep(message) {
    const early = this.#early.get(message.c) ?? new Map();
    // Beyond the bound the message is left to the history, which has it too.
    if (early.size < MAX_EARLY) early.set(message.seq, message);
    this.#early.set(message.c, early);
  }
}
