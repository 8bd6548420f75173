import { el } from '../dom.js';
import { LANGUAGES } from '../language.js';
import { field } from './dialog.js';
import { beep } from './sound.js';

const THEMES = { system: 'settings.themeSystem', light: 'settings.themeLight', dark: 'settings.themeDark' };

/** How the page looks and whether it makes itself heard. Every choice holds at once and in this browser. */
export class PageSettings {
  #settings;
  #theme;
  #language;
  #sound = el('input', { type: 'checkbox', id: 'settings-sound' });
  #notify = el('input', { type: 'checkbox', id: 'settings-notify' });
  #denied = el('p', { className: 'problem', role: 'alert', 'data-text': 'settings.notifyDenied', hidden: true });

  constructor({ settings }) {
    this.#settings = settings;
    this.#theme = el('select', { id: 'settings-theme' },
      ...Object.entries(THEMES).map(([value, text]) => el('option', { value, 'data-text': text })));
    this.#language = languageChoice('settings-language', el('option', { value: 'system', 'data-text': 'settings.languageSystem' }));
    this.nodes = [field('settings.theme', this.#theme), field('settings.language', this.#language),
      tick(this.#sound, 'settings.sound'), tick(this.#notify, 'settings.notify'), this.#denied, el('p', { className: 'hint', 'data-text': 'settings.quiet' })];
    this.#theme.addEventListener('change', () => settings.set('theme', this.#theme.value));
    this.#language.addEventListener('change', () => settings.set('language', this.#language.value));
    this.#sound.addEventListener('change', () => this.#chooseSound());
    this.#notify.addEventListener('change', () => this.#chooseNotify());
  }

  load() {
    this.#theme.value = this.#settings.get('theme');
    this.#language.value = this.#settings.get('language');
    this.#sound.checked = this.#settings.get('sound');
    this.#notify.checked = this.#settings.get('notify') && globalThis.Notification?.permission === 'granted';
    this.#denied.hidden = true;
  }

  render() {
    this.#language.value = this.#settings.get('language');
  }

  #chooseSound() {
    this.#settings.set('sound', this.#sound.checked);
    // How it sounds; and browsers let a page be heard only after a gesture such as this one.
    if (this.#sound.checked) beep();
  }

  async #chooseNotify() {
    const allowed = this.#notify.checked && await globalThis.Notification?.requestPermission() === 'granted';
    this.#denied.hidden = !this.#notify.checked || allowed;
    this.#notify.checked = allowed;
    this.#settings.set('notify', allowed);
  }
}

/** The languages, each by its own name. @param {...Element} before further choices */
export function languageChoice(id, ...before) {
  return el('select', { id }, ...before, ...Object.entries(LANGUAGES).map(([value, { name }]) => el('option', { value, lang: value }, name)));
}

function tick(input, text) {
  return el('label', { className: 'tick' }, input, el('span', { 'data-text': text }));
}
