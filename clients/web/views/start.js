import { $ } from '../dom.js';
import { icon } from '../icons.js';
import { explain } from '../problems.js';

/** The dialogs that start something: a chat with one person, a group. */
export class StartDialogs {
  #client;
  #people;
  #go;

  /** @param {(address: {id?: string, user?: string}) => void} go opens what was started */
  constructor(client, people, go) {
    this.#client = client;
    this.#people = people;
    this.#go = go;
    for (const dialog of document.querySelectorAll('dialog')) prepare(dialog);
    $('chat-form').addEventListener('submit', event => this.#submit(event, 'chat', () => this.#chat()));
    $('group-form').addEventListener('submit', event => this.#submit(event, 'group', () => this.#group()));
  }

  chat() {
    open('chat');
  }

  group() {
    open('group');
  }

  async #submit(event, kind, start) {
    event.preventDefault();
    const button = event.submitter;
    $(`${kind}-problem`).textContent = '';
    button.disabled = true;
    try {
      const address = await start();
      $(`${kind}-dialog`).close();
      this.#go(address);
    } catch (error) {
      $(`${kind}-problem`).textContent = error.missing ? `There is no user “${error.missing}”.` : explain(error);
    } finally {
      button.disabled = false;
    }
  }

  async #chat() {
    const { userId } = await this.#find($('chat-username').value.trim());
    return { user: userId };
  }

  async #group() {
    const names = $('group-names').value.split(/[\s,;]+/).filter(Boolean);
    const members = [];
    for (const name of names) members.push((await this.#find(name)).userId);
    const { conversationId } = await this.#client.api.createGroup($('group-title').value.trim(), [...new Set(members)]);
    return { id: conversationId };
  }

  async #find(name) {
    try {
      return await this.#people.find(name);
    } catch (error) {
      if (error.code === 'not_found') error.missing = name;
      throw error;
    }
  }
}

function open(kind) {
  $(`${kind}-form`).reset();
  $(`${kind}-problem`).textContent = '';
  $(`${kind}-dialog`).showModal();
}

function prepare(dialog) {
  const close = dialog.querySelector('.close');
  close.append(icon('close'));
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
}
