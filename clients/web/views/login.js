import { $, setText } from '../dom.js';
import { language, t } from '../language.js';
import { explain, faultyField } from '../problems.js';
import { languageChoice } from './settingsPage.js';

const FIELDS = { username: 'login-username', displayName: 'login-display', password: 'login-password' };

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

  /** @param {string} [notice] why the user is here again @param {string} [username] who was here */
  show(notice = '', username = '') {
    document.title = 'Im';
    setText($('login-notice'), notice);
    $('login-notice').hidden = notice === '';
    $('login').hidden = false;
    this.#creating = false;
    this.render();
    $('login-username').value = username;
    $(username ? 'login-password' : 'login-username').focus();
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
    this.#accuse();
    $('login-password').autocomplete = creating ? 'new-password' : 'current-password';
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
    this.#accuse();
    $('login-submit').disabled = true;
    try {
      if (this.#creating) await this.#client.register(username, password, $('login-display').value.trim());
      await this.#client.login(username, password);
      this.hide();
      this.#done();
    } catch (error) {
      this.#failed(error);
    } finally {
      $('login-submit').disabled = false;
    }
  }

  #failed(error) {
    const field = this.#creating ? faultyField(error) : undefined;
    this.#accuse(field, explain(error, field ?? 'account'));
    if (field) $(FIELDS[field]).focus();
  }

  /** Marks the field that is at fault, if it is known which, and no other. */
  #accuse(faulty, sentence = '') {
    setText($('login-problem'), sentence);
    for (const [field, id] of Object.entries(FIELDS)) {
      const hint = field === 'displayName' ? '' : `${id}-hint`;
      const described = [field === faulty && 'login-problem', hint].filter(Boolean).join(' ');
      if (described) $(id).setAttribute('aria-describedby', described);
      else $(id).removeAttribute('aria-describedby');
      if (field === faulty) $(id).setAttribute('aria-invalid', 'true');
      else $(id).removeAttribute('aria-invalid');
    }
  }
}
