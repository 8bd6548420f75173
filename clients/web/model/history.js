import { Log } from './log.js';

export const PAGE = 50;

/**
 * Loads the messages of open conversations, a page at a time, from both ends of their windows. Rule: one load of a
 * conversation at a time; a failed one is marked in its log and can be tried again.
 */
export class History {
  #client;
  #changed;

  /** @param {import('../im.js').ImClient} client @param {() => void} changed */
  constructor(client, changed) {
    this.#client = client;
    this.#changed = changed;
  }

  /**
   * Loads the newest part unless there is something already, and what could not be loaded around that the last time.
   * @param {import('./conversations.js').Conversation} item
   */
  async open(item) {
    item.log ??= new Log();
    if (!item.log.first) return this.newest(item);
    if (!item.log.failed) return undefined;
    await this.older(item);
    return this.newer(item);
  }

  newest(item) {
    return this.#load(item, {}, messages => item.log.reset(messages, messages.length < PAGE));
  }

  async older(item) {
    if (!item.log?.first || item.log.complete) return;
    await this.#load(item, { beforeSeq: item.log.first.seq }, messages => item.log.prepend(messages, messages.length < PAGE));
  }

  async newer(item) {
    if (!item.log?.last || item.log.atEnd) return;
    await this.#load(item, { afterSeq: item.log.last.seq }, messages => {
      // Something may have come while the answer was under way: it is asked for in turn.
      const atEnd = messages.length === 0 || (messages.length < PAGE && messages.at(-1).seq >= item.lastSeq);
      item.log.extend(messages, atEnd);
    });
  }

  async #load(item, range, take) {
    const { log } = item;
    if (log.loading) return;
    log.loading = true;
    log.failed = false;
    const before = item.lastSeq;
    this.#changed();
    try {
      take(await this.#client.api.history(item.id, { ...range, limit: PAGE }));
      // A live message of the meantime may have had no place yet.
      if (log.atEnd && item.lastSeq > before && log.last?.seq < item.lastSeq) log.atEnd = false;
    } catch (error) {
      if (typeof error.code !== 'string') throw error;
      log.failed = true;
    } finally {
      log.loading = false;
      this.#changed();
    }
  }
}
