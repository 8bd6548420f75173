import { ImError } from './api.js';

const PAGE = 200;

/** Fills from the history what is missing of a conversation, one fetch of each at a time. */
export class Holes {
  #inbox;
  #on;
  #filling = new Set();

  /**
   * @param {import('./inbox.js').Inbox} inbox
   * @param {{history: (c: string, range: object) => Promise<object[]>, handOut: (messages: object[]) => void, restart: () => void}} on
   *   `restart`: what cannot be filled comes with the replay of a new connection
   */
  constructor(inbox, on) {
    this.#inbox = inbox;
    this.#on = on;
  }

  async fill(c) {
    if (this.#filling.has(c)) return;
    this.#filling.add(c);
    const inbox = this.#inbox;
    try {
      for (let more = true; more;) {
        const items = await this.#on.history(c, { afterSeq: inbox.held(c), limit: PAGE });
        const { ready, gap } = inbox.fill(c, items);
        this.#on.handOut(ready);
        more = items.length === PAGE || (gap && items.length > 0);
        if (gap && !more) throw new ImError({ code: 'gap', detail: `the history of ${c} ends before its messages` });
      }
    } catch (error) {
      inbox.forgetEarly(c);
      // The replay of a new connection starts at what is held; to a conversation that was left there is nothing to fill.
      if (error.status !== 403 && error.status !== 404) this.#on.restart();
    } finally {
      this.#filling.delete(c);
    }
  }
}
