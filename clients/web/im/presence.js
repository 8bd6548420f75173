const MAX_WATCH = 1000;

/** Whose presence the user wants to see, and what others are to see of his: told to every new connection. */
export class PresenceWishes {
  #transmit;
  #watched = new Set();
  #status;

  /** @param {(frames: object[]) => void} transmit without a connection it does nothing; `tell` comes with the next one */
  constructor(transmit) {
    this.#transmit = transmit;
  }

  watch(users) {
    const added = [...users].filter(user => !this.#watched.has(user)).slice(0, MAX_WATCH - this.#watched.size);
    for (const user of added) this.#watched.add(user);
    if (added.length > 0) this.#transmit([{ t: 'watch', users: added }]);
  }

  status(status) {
    this.#status = status;
    this.#transmit([{ t: 'status', status }]);
  }

  /** There is a new connection. */
  tell() {
    const frames = [];
    if (this.#watched.size > 0) frames.push({ t: 'watch', users: [...this.#watched] });
    if (this.#status) frames.push({ t: 'status', status: this.#status });
    if (frames.length > 0) this.#transmit(frames);
  }

  /** The user has logged out. */
  clear() {
    this.#watched.clear();
    this.#status = undefined;
  }
}
