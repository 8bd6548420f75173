import { address, go, hashOf } from './address.js';
import { $, translate } from './dom.js';
import { language, setLanguage, t } from './language.js';
import { makeModels } from './models.js';
import { explain } from './problems.js';
import { Alerts } from './views/alerts.js';
import { Banner } from './views/banner.js';
import { ConversationView } from './views/conversation.js';
import { GroupDialog } from './views/group.js';
import { LoginView } from './views/login.js';
import { MembersDialog } from './views/members.js';
import { PersonDialog } from './views/person.js';
import { SettingsDialog } from './views/settings.js';
import { Sidebar } from './views/sidebar.js';
import { ChatDialog } from './views/start.js';

/** The chat page: models, views, and what leads from one to the other. A logout empties the models: nothing of one user reaches the next. */
let planned = false;
const models = makeModels();
const { client, people, conversations, contacts, typing, drafts, status, settings } = models;
setLanguage(settings.get('language'), navigator.languages);

const banner = new Banner(client);
const login = new LoginView(models, enter);
const members = new MembersDialog(models);
const person = new PersonDialog(models, go);
const chat = new ChatDialog(models, go);
const group = new GroupDialog(models, go);
const preferences = new SettingsDialog(models, { onLogOut: logOut });
const sidebar = new Sidebar(models, {
  onNewChat: () => chat.open(), onNewGroup: () => group.open(), onSettings: () => preferences.open(), onPerson: user => person.open(user),
});
const view = new ConversationView(models, { onMembers: id => members.open(id), onPerson: user => person.open(user), onBack: back });
new Alerts(models, () => view.id, id => go({ id }));

conversations.addEventListener('change', changed);
conversations.addEventListener('gone', ({ detail }) => detail.id === address().id && gone(detail));
conversations.addEventListener('problem', ({ detail }) => banner.problem(explain(detail.error)));
contacts.addEventListener('change', changed);
for (const model of [people, typing]) model.addEventListener('change', renderSoon);
for (const type of ['state', 'outbox', 'reset']) client.addEventListener(type, renderSoon);
client.addEventListener('ended', ({ detail }) => leave(detail.superseded ? t('login.superseded') : t('login.ended'), detail.username));
settings.addEventListener('change', ({ detail }) => (detail.name === 'language' ? speak() : dress()));
addEventListener('hashchange', route);
for (const type of ['error', 'unhandledrejection']) addEventListener(type, failed);
// Times such as "5 minutes ago" grow old by themselves.
setInterval(renderSoon, 60_000);

dress();
speak();
if (client.resume()) begin();
else login.show();

/** Through the login: the keyboard goes on at the list. */
function enter() {
  begin();
  sidebar.focus();
}

function begin() {
  $('app').hidden = false;
  drafts.use(client.userId);
  status.choose(status.current);
  sidebar.begin();
  banner.begin();
  client.connect();
  route();
}

/** The open conversation is not the user's any more. Nobody but himself takes an owner out of his group; of others it is not told who did. */
function gone({ item, left }) {
  go({});
  if (!item || left) return;
  const title = item.title || t('group.untitled');
  banner.notice(item.owner === client.userId ? t('conversation.left', { title }) : t('conversation.removed', { title }));
}

/** A fault of this program. What carries no error object is the browser's own note, as of a resize that it puts off. */
function failed({ error, reason }) {
  if (error ?? reason) banner.problem(t('app.lost'));
}

async function logOut() {
  let notice = '';
  drafts.forget();
  try {
    await client.logout();
  } catch (error) {
    notice = t('login.onlyHere', { problem: explain(error) });
  }
  leave(notice);
}

function leave(notice, username) {
  history.replaceState(null, '', location.pathname);
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  view.show({});
  $('app').classList.remove('is-open');
  sidebar.clear();
  banner.clear();
  for (const model of [conversations, contacts, people, typing]) model.clear();
  $('app').hidden = true;
  login.show(notice, username);
}

function back() {
  const { id } = address();
  history.pushState(null, '', hashOf({}));
  route();
  sidebar.focusOn(id);
}

function route() {
  if (!client.userId) return;
  const { id, user } = address();
  const known = user && conversations.direct(user);
  if (known) history.replaceState(null, '', hashOf({ id: known.id }));
  const target = known ? { id: known.id } : { id, user };
  $('app').classList.toggle('is-open', Boolean(target.id ?? target.user));
  view.show(target);
  sidebar.select(target.id);
}

function changed() {
  client.watch([
    ...contacts.list('accepted'),
    ...conversations.list().filter(item => item.kind === 'direct').map(item => conversations.other(item)),
  ]);
  // A chat that was begun with a user has become a conversation.
  if (view.draftUser && conversations.direct(view.draftUser)) route();
  renderSoon();
}

function renderSoon() {
  if (planned) return;
  planned = true;
  // Many events of one moment make one picture; a timer and not a frame, since hidden pages have no frames.
  setTimeout(render, 0);
}

function render() {
  planned = false;
  if (!client.userId) return;
  sidebar.render();
  view.render();
  members.render();
  person.render();
}

function dress() {
  document.documentElement.dataset.theme = settings.get('theme');
}

function speak() {
  setLanguage(settings.get('language'), navigator.languages);
  document.documentElement.lang = language();
  translate(document);
  login.render();
  preferences.render();
  banner.render();
  sidebar.clear();
  view.redraw();
  render();
}
