import { $ } from './dom.js';
import { ImClient } from './im.js';
import { Conversations } from './model/conversations.js';
import { People } from './model/people.js';
import { explain } from './problems.js';
import { Banner } from './views/banner.js';
import { ConversationView } from './views/conversation.js';
import { LoginView } from './views/login.js';
import { MembersDialog } from './views/members.js';
import { Sidebar } from './views/sidebar.js';
import { StartDialogs } from './views/start.js';

/**
 * The chat page. The address behind `#` says what is open (`#/c/<conversation>` or `#/u/<user>`), so that back, forward and
 * reload do what they do elsewhere. A logout empties the models: nothing of one user reaches the next.
 */
let planned = false;
const client = new ImClient();
const people = new People(client);
const conversations = new Conversations(client);
const banner = new Banner(client);
const login = new LoginView(client, begin);
const sidebar = new Sidebar(client, conversations, people, {
  onNewChat: () => start.chat(), onNewGroup: () => start.group(), onLogOut: logOut,
});
const members = new MembersDialog(client, conversations, people);
const view = new ConversationView(client, conversations, people, { onMembers: id => members.open(id), onBack: back });
const start = new StartDialogs(client, people, go);

conversations.addEventListener('change', changed);
conversations.addEventListener('gone', ({ detail }) => detail.id === address().id && go({}));
conversations.addEventListener('problem', ({ detail }) => banner.problem(explain(detail.error)));
people.addEventListener('change', renderSoon);
for (const type of ['state', 'outbox', 'reset']) client.addEventListener(type, renderSoon);
client.addEventListener('ended', () => leave('Your session has ended. Log in again to go on; nothing that waits to be sent is lost.'));
addEventListener('hashchange', route);

if (client.resume()) begin();
else login.show();

function begin() {
  $('app').hidden = false;
  banner.begin();
  client.connect();
  route();
}

async function logOut() {
  let notice = '';
  try {
    await client.logout();
  } catch (error) {
    notice = `You are logged out in this window only. ${explain(error)}`;
  }
  leave(notice);
}

function leave(notice) {
  history.replaceState(null, '', location.pathname);
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  view.clear();
  sidebar.clear();
  conversations.clear();
  people.clear();
  $('app').hidden = true;
  login.show(notice);
}

function address() {
  const [, kind, id] = location.hash.split('/');
  const value = id && decodeURIComponent(id);
  return kind === 'c' ? { id: value } : kind === 'u' ? { user: value } : {};
}

function go({ id, user }) {
  location.hash = id ? `#/c/${encodeURIComponent(id)}` : user ? `#/u/${encodeURIComponent(user)}` : '#/';
}

function back() {
  const { id } = address();
  history.pushState(null, '', '#/');
  route();
  sidebar.focusOn(id);
}

function route() {
  if (!client.userId) return;
  const { id, user } = address();
  const known = user && conversations.direct(user);
  if (known) history.replaceState(null, '', `#/c/${encodeURIComponent(known.id)}`);
  const target = known ? { id: known.id } : { id, user };
  view.show(target);
  sidebar.select(target.id);
  $('app').classList.toggle('is-open', Boolean(target.id ?? target.user));
}

function changed() {
  client.watch(conversations.list().filter(item => item.kind === 'direct').map(item => conversations.other(item)));
  // A chat that was begun with a user has become a conversation.
  if (view.draftUser && conversations.direct(view.draftUser)) route();
  renderSoon();
}

function renderSoon() {
  if (planned) return;
  planned = true;
  // Many events of one moment make one picture; a timer and not a frame, since hidden pages have no frames.
  setTimeout(() => {
    planned = false;
    if (!client.userId) return;
    sidebar.render();
    view.render();
    if ($('members-dialog').open) members.render();
  }, 0);
}
