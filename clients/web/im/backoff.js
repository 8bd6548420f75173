/**
 * Exponential backoff with full jitter: the n-th wait lies anywhere between 0 and `baseMs` · 2ⁿ, at most `capMs`.
 * Clients that lost the same gateway thereby come back spread out, not all at once.
 */
export class Backoff {
  #failures = 0;
  #base;
  #cap;
  #random;

  /** @param {{baseMs?: number, capMs?: number, random?: () => number}} [options] */
  constructor({ baseMs = 500, capMs = 30_000, random = Math.random } = {}) {
    this.#base = baseMs;
    this.#cap = capMs;
    this.#random = random;
  }

  /** How often `next` was called since the last `reset`. */
  get failures() {
    return this.#failures;
  }

  /** @returns {number} milliseconds to wait before the next attempt */
  next() {
    const ceiling = Math.min(this.#cap, this.#base * 2 ** this.#failures);
    this.#failures++;
    return Math.floor(this.#random() * ceiling);
  }

  reset() {
    this.#failures = 0;
  }
}
