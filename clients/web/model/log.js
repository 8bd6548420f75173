/** Messages of one conversation that are kept at once: what a long conversation takes of memory and of the page. */
export const WINDOW = 300;

/**
 * The loaded part of one conversation: ascending by seq, each seq once, without a hole in it. It is a window: it grows to one
 * end and, beyond `WINDOW` messages, gives up the other, which is fetched again when somebody looks there.
 */
export class Log {
  /** @type {import('../im.js').Message[]} */
  messages = [];
  /** Whether the first message of the conversation is here. */
  complete = false;
  /** Whether the newest message is here: only then live messages go on behind it. */
  atEnd = true;
  loading = false;
  /** Whether the last attempt to load something failed. */
  failed = false;
  /** Whether the user looks at the newest messages: then the old ones go when there are too many. */
  following = true;

  get first() {
    return this.messages[0];
  }

  get last() {
    return this.messages.at(-1);
  }

  /** A message that has just come. @param {import('../im.js').Message} message */
  append(message) {
    if (!this.atEnd) return;
    this.#merge([message]);
    if (this.following) this.#dropOldest();
    else this.#dropNewest();
  }

  /** Older messages, ascending. @param {boolean} complete whether there are none before them */
  prepend(messages, complete) {
    this.#merge(messages);
    this.complete = complete;
    this.#dropNewest();
  }

  /** What comes behind the window, ascending. @param {boolean} atEnd whether there is nothing behind it */
  extend(messages, atEnd) {
    this.#merge(messages);
    this.atEnd = atEnd;
    this.#dropOldest();
  }

  /** The newest page, in place of whatever was here; what came behind it in the meantime stays. */
  reset(messages, complete) {
    const end = messages.at(-1)?.seq ?? 0;
    this.messages = [...messages, ...this.messages.filter(message => message.seq > end)];
    this.complete = complete;
    this.atEnd = true;
    this.following = true;
  }

  #merge(messages) {
    const added = messages.filter(message => !this.#has(message.seq));
    if (added.length === 0) return;
    this.messages = [...this.messages, ...added].sort((a, b) => a.seq - b.seq);
  }

  #dropOldest() {
    if (this.messages.length <= WINDOW) return;
    this.messages = this.messages.slice(-WINDOW);
    this.complete = false;
  }

  #dropNewest() {
    if (this.messages.length <= WINDOW) return;
    this.messages = this.messages.slice(0, WINDOW);
    this.atEnd = false;
  }

  #has(seq) {
    if (this.messages.length === 0 || seq > this.last.seq || seq < this.first.seq) return false;
    return this.messages.some(message => message.seq === seq);
  }
}
