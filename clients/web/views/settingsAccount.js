import { el, reconcile, setText } from '../dom.js';
import { ago } from '../format.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { field, problemLine } from './dialog.js';

/** The devices that are logged in, the password, and the way out. */
export class AccountSettings {
  #client;
  #devices = [];
  #list = el('ul', { className: 'members', 'aria-labelledby': 'settings-devices' });
  #problem = problemLine();
  #old = password('settings-old', 'current-password');
  #new = password('settings-new', 'new-password');
  #passwordProblem = problemLine();
  #said = el('p', { className: 'hint', role: 'status' });
  #form;

  /** @param {() => void} onLogOut */
  constructor({ client }, onLogOut) {
    this.#client = client;
    // Password managers look for the name beside the password.
    const name = el('input', { name: 'username', autocomplete: 'username', hidden: true });
    this.#form = el('form', { className: 'stack' }, el('h3', { 'data-text': 'settings.passwordTitle' }), name,
      field('settings.oldPassword', this.#old), field('settings.newPassword', this.#new, 'settings.passwordHint'), this.#passwordProblem,
      el('div', { className: 'buttons' }, el('button', { className: 'secondary', 'data-text': 'settings.changePassword' }), this.#said));
    const logOut = el('button', { type: 'button', id: 'log-out', className: 'danger', 'data-text': 'settings.logOut' });
    logOut.addEventListener('click', onLogOut);
    this.#form.addEventListener('submit', event => this.#change(event));
    this.nodes = [el('h3', { id: 'settings-devices', 'data-text': 'settings.devices' }), this.#list, this.#problem, this.#form, logOut];
  }

  async load() {
    this.#form.reset();
    setText(this.#said, '');
    setText(this.#passwordProblem, '');
    await this.#try(this.#problem, async () => {
      this.#devices = await this.#client.api.sessions();
    });
    this.render();
  }

  render() {
    const rows = this.#devices.map(device => ({ ...device, key: device.sessionKey }));
    reconcile(this.#list, rows, row => this.#createRow(row), updateRow);
  }

  #createRow({ sessionKey }) {
    const end = el('button', { type: 'button', className: 'link', 'data-text': 'settings.endDevice' });
    end.addEventListener('click', () => this.#try(this.#problem, async () => {
      await this.#client.api.endSession(sessionKey);
      await this.load();
    }));
    return el('li', {}, el('span', { className: 'member-name' }, el('strong', {}), el('small', {})), end);
  }

  async #change(event) {
    event.preventDefault();
    setText(this.#said, '');
    await this.#try(this.#passwordProblem, async () => {
      await this.#client.api.changePassword(this.#old.value, this.#new.value);
      await this.load();
      setText(this.#said, t('settings.passwordChanged'));
    });
  }

  async #try(line, act) {
    setText(line, '');
    try {
      await act();
    } catch (error) {
      setText(line, explain(error, 'password'));
    }
  }
}

function updateRow(node, { name, platform, lastSeenAt, current }) {
  const [words, end] = node.children;
  const title = name || platform || t('settings.noName');
  setText(words.firstChild, title);
  setText(words.lastChild, current ? t('settings.thisDevice') : t('settings.lastActive', { when: ago(lastSeenAt) }));
  end.hidden = current;
  end.setAttribute('aria-label', t('settings.endDeviceOf', { name: title }));
}

function password(id, autocomplete) {
  return el('input', { id, type: 'password', autocomplete, required: true });
}
