import { uuidv7 } from './ids.js';

/**
 * @typedef {{sessionId: string, userId: string, username: string, deviceId: string, login: string}} Session `login`: which login of this browser it is of
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

  /**
   * A login begins. It is noted before the server hears of it: the older session of the device ends, and its window looks here why.
   * @returns {{login: string, undo: () => void}} `undo`: the login failed
   */
  begin(username) {
    const key = loginKey(username);
    const before = this.#browser.getItem(key);
    const login = uuidv7();
    this.#browser.setItem(key, login);
    return { login, undo: () => (before === null ? this.#browser.removeItem(key) : this.#browser.setItem(key, before)) };
  }

  /** Whether the user has logged in again in this browser since. @param {Session} session */
  isSuperseded({ username, login }) {
    return login !== undefined && this.#browser.getItem(loginKey(username)) !== login;
  }

  deviceOf(username) {
    return this.#browser.getItem(deviceKey(username)) ?? undefined;
  }
}

function deviceKey(username) {
  return `im.device.${username.toLowerCase()}`;
}

function loginKey(username) {
  return `im.login.${username.toLowerCase()}`;
}
