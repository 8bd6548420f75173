import { ImClient } from './im.js';
import { Contacts } from './model/contacts.js';
import { Conversations } from './model/conversations.js';
import { Drafts } from './model/drafts.js';
import { People } from './model/people.js';
import { Settings } from './model/settings.js';
import { OwnStatus } from './model/status.js';
import { Typing } from './model/typing.js';

/** Everything that the views show and change: one of each for the page. */
export function makeModels() {
  const client = new ImClient();
  const people = new People(client);
  return {
    client, people, conversations: new Conversations(client), contacts: new Contacts(client, people), typing: new Typing(client),
    drafts: new Drafts(localStorage), status: new OwnStatus(client, localStorage), settings: new Settings(localStorage),
  };
}
