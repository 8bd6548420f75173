/**
 * What the user chose to be seen as. It outlives a reload and a logout: who is invisible is not to be seen for having pressed a
 * key, nor for having come back.
 */
export class OwnStatus {
  #client;
  #storage;

  /** @param {import('../im.js').ImClient} client @param {Storage} storage */
  constructor(client, storage) {
    this.#client = client;
    this.#storage = storage;
  }

  get current() {
    return this.#storage.getItem(this.#key) ?? 'online';
  }

  /** @param {'online' | 'away' | 'busy' | 'invisible'} status */
  choose(status) {
    this.#storage.setItem(this.#key, status);
    this.#client.status(status);
  }

  get #key() {
    return `im.status.${this.#client.userId}`;
  }
}
