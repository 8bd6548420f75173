import { t } from '../language.js';

const RETRY_MS = 10_000;

/**
 * Names and presence of users. Rule: each profile is fetched once and kept; whoever asks before it is there gets a
 * placeholder and is told by `change`.
 */
export class People extends EventTarget {
  #client;
  #profiles = new Map();
  #asked = new Set();
  #presence = new Map();

  /** @param {import('../im.js').ImClient} client */
  constructor(client) {
    super();
    this.#client = client;
    client.addEventListener('presence', ({ detail }) => this.#seen(detail));
    client.addEventListener('state', ({ detail }) => detail.state === 'online' || this.#unknown());
  }

  /** @returns {string} the name to show; an ellipsis until it is known */
  name(userId) {
    const profile = this.#profiles.get(userId);
    if (!profile) this.#fetch(userId);
    if (!profile) return '…';
    return profile.gone ? t('person.unknown') : profile.displayName || profile.username;
  }

  /** @returns {string | undefined} the unique name, where it is known and says more than `name` */
  username(userId) {
    const profile = this.#profiles.get(userId);
    return profile?.displayName && profile.displayName !== profile.username ? profile.username : undefined;
  }

  /** @returns {string | undefined} what the user says about himself, once it was fetched */
  bio(userId) {
    return this.#profiles.get(userId)?.bio;
  }

  /** Fetches a profile anew: it may have changed since. @throws {import('../im.js').ImError} `not_found` */
  async refresh(userId) {
    this.learn(await this.#client.api.user(userId));
  }

  /** @returns {{status: string, lastSeen?: number} | undefined} undefined while nothing is known */
  presence(userId) {
    return this.#presence.get(userId);
  }

  /** Finds a user by the exact name. @throws {import('../im.js').ImError} `not_found` */
  async find(username) {
    const profile = await this.#client.api.userByName(username);
    this.learn(profile);
    return profile;
  }

  learn(profile) {
    this.#profiles.set(profile.userId, { ...this.#profiles.get(profile.userId), ...profile });
    this.dispatchEvent(new Event('change'));
  }

  /** The user has logged out: whom he knew is not the next one's business. */
  clear() {
    this.#profiles.clear();
    this.#asked.clear();
    this.#presence.clear();
  }

  #fetch(userId) {
    if (this.#asked.has(userId)) return;
    this.#asked.add(userId);
    this.#client.api.user(userId).then(profile => this.learn(profile), error => {
      if (error.code === 'not_found') this.learn({ userId, gone: true });
      else setTimeout(() => this.#asked.delete(userId), RETRY_MS);
    });
  }

  #seen({ user, status, lastSeen }) {
    this.#presence.set(user, { status, lastSeen });
    this.dispatchEvent(new Event('change'));
  }

  #unknown() {
    if (this.#presence.size === 0) return;
    this.#presence.clear();
    this.dispatchEvent(new Event('change'));
  }
}
