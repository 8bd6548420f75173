import { el } from '../dom.js';
import { makeDialog } from './dialog.js';
import { AccountSettings } from './settingsAccount.js';
import { PageSettings } from './settingsPage.js';
import { ProfileSettings } from './settingsProfile.js';
import { Tabs } from './tabs.js';

/** Everything that a user sets, in three parts: his profile, how the page is, his account and devices. */
export class SettingsDialog {
  #parts;
  #tabs;
  #list;
  #dialog;

  /** @param {{onLogOut: () => void}} on */
  constructor(models, { onLogOut }) {
    const account = new AccountSettings(models, () => {
      this.#dialog.close();
      onLogOut();
    });
    this.#parts = { profile: new ProfileSettings(models), page: new PageSettings(models), account };
    const names = Object.keys(this.#parts);
    this.#list = el('div', { className: 'tabs', role: 'tablist', 'data-label': 'settings.title' },
      ...names.map(name => tab(name)));
    const panels = names.map(name => el('div', { id: `settings-${name}`, className: 'stack', role: 'tabpanel', 'aria-labelledby': `tab-${name}` },
      ...this.#parts[name].nodes));
    this.#dialog = makeDialog('settings-dialog', 'settings.title', this.#list, ...panels);
    this.#tabs = new Tabs(this.#list);
  }

  open() {
    this.#tabs.select(this.#list.firstChild);
    for (const part of Object.values(this.#parts)) part.load();
    this.#dialog.showModal();
  }

  /** The language has changed: what was written by hand is written anew. */
  render() {
    for (const part of Object.values(this.#parts)) part.render();
  }
}

function tab(name) {
  return el('button', { id: `tab-${name}`, type: 'button', role: 'tab', 'aria-controls': `settings-${name}`, 'data-text': `settings.${name}` });
}
