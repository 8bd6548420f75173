import { $, setText } from '../dom.js';
import { language, t } from '../language.js';
import { explain } from '../problems.js';
import { languageChoice } from './settingsPage.js';

/** Logging in and creating an account: one form in two moods. */
export class LoginView {
  #client;
  #done;
  #creating = false;
  #language = languageChoice('login-language');

  /** @param {() => void} done called when the user is logged in */
  constructor({ client, settings }, done) {
    this.#client = client;
    $('login-language').replaceWith(this.#language);
    this.#language.addEventListener('change', () => settings.set('language', this.#language.value));
    this.#done = done;
    $('login-form').addEventListener('submit', event => this.#submit(event));
    $('login-switch').addEventListener('click', () => this.#turn());
  }

  /** @param {string} [notice] why the user is here again */
  show(notice = '') {
    document.title = 'Im';
    setText($('login-notice'), notice);
    $('login-notice').hidden = notice === '';
    $('login').hidden = false;
    this.#creating = false;
    this.render();
    $('login-username').focus();
  }

  hide() {
    $('login').hidden = true;
    $('login-form').reset();
  }

  render() {
    const creating = this.#creating;
    setText($('login-title'), t(creating ? 'login.createTitle' : 'login.title'));
    setText($('login-submit'), t(creating ? 'login.create' : 'login.submit'));
    setText($('login-switch-text'), t(creating ? 'login.known' : 'login.new'));
    setText($('login-switch'), t(creating ? 'login.toLogin' : 'login.toCreate'));
    for (const id of ['login-display-label', 'login-username-hint', 'login-password-hint']) $(id).hidden = !creating;
    $('login-password').autocomplete = creating ? 'new-password' : 'current-password';
    setText($('login-problem'), '');
    this.#language.value = language().split('-')[0];
  }

  #turn() {
    this.#creating = !this.#creating;
    this.render();
  }

  async #submit(event) {
    event.preventDefault();
    const username = $('login-username').value.trim();
    const password = $('login-password').value;
    setText($('login-problem'), '');
    $('login-submit').disabled = true;
    try {
      if (this.#creating) await this.#client.register(username, password, $('login-display').value.trim());
      await this.#client.login(username, password);
      this.hide();
      this.#done();
    } catch (error) {
      setText($('login-problem'), explain(error, 'account'));
    } finally {
      $('login-submit').disabled = false;
    }
  }
}
