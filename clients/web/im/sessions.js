/**
 * @typedef {{sessionId: string, userId: string, username: string, deviceId: string}} Session
 */

/**
 * Where a login is kept. Rule: the session belongs to the window (two windows may hold two users, a reload stays logged in),
 * the device id belongs to the user (logging in again goes on where this browser stopped reading).
 */
export class Sessions {
  #window;
  #browser;

  /** @param {Storage} window @param {Storage} browser */
  constructor(window, browser) {
    this.#window = window;
    this.#browser = browser;
  }

  /** @returns {Session | undefined} */
  get current() {
    const text = this.#window.getItem('im.session');
    return text ? JSON.parse(text) : undefined;
  }

  /** @param {Session} session */
  keep(session) {
    this.#window.setItem('im.session', JSON.stringify(session));
    this.#browser.setItem(deviceKey(session.username), session.deviceId);
  }

  forget() {
    this.#window.removeItem('im.session');
  }

  deviceOf(username) {
    return this.#browser.getItem(deviceKey(username)) ?? undefined;
  }
}

function deviceKey(username) {
  return `im.device.${username.toLowerCase()}`;
}
