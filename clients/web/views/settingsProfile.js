import { el, setText } from '../dom.js';
import { t } from '../language.js';
import { explain } from '../problems.js';
import { field, problemLine } from './dialog.js';

/** Name and a word about oneself, as others see them. */
export class ProfileSettings {
  #models;
  #username = el('p', { className: 'hint' });
  #name = el('input', { id: 'profile-name', autocomplete: 'name', maxLength: 64 });
  #bio = el('textarea', { id: 'profile-bio', rows: 3, maxLength: 500 });
  #said = el('p', { className: 'hint', role: 'status' });
  #problem = problemLine();
  #form = el('form', { className: 'stack' }, this.#username, field('login.displayName', this.#name), field('settings.bio', this.#bio),
    this.#problem, el('div', { className: 'buttons' }, el('button', { className: 'primary', 'data-text': 'common.save' }), this.#said));

  constructor(models) {
    this.#models = models;
    this.nodes = [this.#form];
    this.#form.addEventListener('submit', event => this.#save(event));
  }

  load() {
    setText(this.#said, '');
    this.render();
    return this.#try(async () => {
      const profile = await this.#models.client.api.me();
      this.#models.people.learn(profile);
      this.#name.value = profile.displayName ?? '';
      this.#bio.value = profile.bio ?? '';
    });
  }

  render() {
    setText(this.#username, t('settings.userName', { name: this.#models.client.username ?? '' }));
  }

  #save(event) {
    event.preventDefault();
    setText(this.#said, '');
    return this.#try(async () => {
      const profile = { displayName: this.#name.value.trim(), bio: this.#bio.value.trim() };
      this.#models.people.learn(await this.#models.client.api.updateMe(profile));
      setText(this.#said, t('common.saved'));
    });
  }

  async #try(act) {
    setText(this.#problem, '');
    try {
      await act();
    } catch (error) {
      setText(this.#problem, explain(error, 'profile'));
    }
  }
}
