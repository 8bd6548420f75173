import { $ } from '../dom.js';
import { explain } from '../problems.js';

/** Logging in and creating an account: one form in two moods. */
export class LoginView {
  #client;
  #done;
  #creating = false;

  /** @param {import('../im.js').ImClient} client @param {() => void} done called when the user is logged in */
  constructor(client, done) {
    this.#client = client;
    this.#done = done;
    $('login-form').addEventListener('submit', event => this.#submit(event));
    $('login-switch').addEventListener('click', () => this.#mood(!this.#creating));
  }

  /** @param {string} [notice] why the user is here again */
  show(notice = '') {
    document.title = 'Im';
    $('login-notice').textContent = notice;
    $('login-notice').hidden = notice === '';
    $('login').hidden = false;
    this.#mood(false);
    $('login-username').focus();
  }

  hide() {
    $('login').hidden = true;
    $('login-form').reset();
  }

  #mood(creating) {
    this.#creating = creating;
    $('login-title').textContent = creating ? 'Create your account' : 'Log in to Im';
    $('login-submit').textContent = creating ? 'Create account' : 'Log in';
    $('login-switch-text').textContent = creating ? 'Have an account?' : 'New here?';
    $('login-switch').textContent = creating ? 'Log in' : 'Create an account';
    $('login-display-label').hidden = !creating;
    $('login-password').autocomplete = creating ? 'new-password' : 'current-password';
    $('login-problem').textContent = '';
  }

  async #submit(event) {
    event.preventDefault();
    const username = $('login-username').value.trim();
    const password = $('login-password').value;
    $('login-problem').textContent = '';
    $('login-submit').disabled = true;
    try {
      if (this.#creating) await this.#client.register(username, password, $('login-display').value.trim());
      await this.#client.login(username, password);
      this.hide();
      this.#done();
    } catch (error) {
      $('login-problem').textContent = explain(error);
    } finally {
      $('login-submit').disabled = false;
    }
  }
}
