/**
 * The loaded part of one conversation: ascending by seq, each seq once, from some message up to the newest.
 * The history is fetched from the newest end backwards and events only add to that end, so there is no hole in it.
 */
export class Log {
  /** @type {import('../im.js').Message[]} */
  messages = [];
  /** Whether the first message of the conversation is here. */
  complete = false;
  loading = false;

  get first() {
    return this.messages[0];
  }

  get last() {
    return this.messages.at(-1);
  }

  /** @param {import('../im.js').Message[]} messages in any order; those that are here already change nothing */
  merge(messages) {
    const added = messages.filter(message => !this.#has(message.seq));
    if (added.length === 0) return;
    this.messages = [...this.messages, ...added].sort((a, b) => a.seq - b.seq);
  }

  #has(seq) {
    if (this.messages.length === 0 || seq > this.last.seq || seq < this.first.seq) return false;
    return this.messages.some(message => message.seq === seq);
  }
}
