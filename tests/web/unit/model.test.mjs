import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { deviceName } from '../../../clients/web/im/device.js';
import { TypingNotices } from '../../../clients/web/im/typing.js';
import { alertFor } from '../../../clients/web/model/alerts.js';
import { Contacts } from '../../../clients/web/model/contacts.js';
import { Drafts } from '../../../clients/web/model/drafts.js';
import { MEMBER_TYPE } from '../../../clients/web/model/members.js';
import { Settings } from '../../../clients/web/model/settings.js';
import { Typing } from '../../../clients/web/model/typing.js';
import { FakeStorage, message, settle } from './fakes.mjs';

class FakeClient extends EventTarget {
  userId = 'me';
  emit(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}

let client, storage;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  client = new FakeClient();
  storage = new FakeStorage();
});

afterEach(() => mock.timers.reset());

test('a typing notice goes out at most every three seconds for each conversation', () => {
  let now = 0;
  const sent = [];
  const notices = new TypingNotices(frame => sent.push([now, frame.to.user]), () => now);
  for (; now <= 6000; now += 500) notices.notice({ user: 'ben' });
  notices.notice({ user: 'cleo' });
  assert.deepEqual(sent, [[0, 'ben'], [3000, 'ben'], [6000, 'ben'], [6500, 'cleo']]);
});

test('who types is shown for five seconds after the last notice, or until his message is there', () => {
  const typing = new Typing(client);
  client.emit('typing', { c: 'c', user: 'me' });
  client.emit('typing', { c: 'c', user: 'ben' });
  mock.timers.tick(4000);
  client.emit('typing', { c: 'c', user: 'ben' });
  client.emit('typing', { c: 'c', user: 'cleo' });
  mock.timers.tick(4999);
  assert.deepEqual(typing.in('c'), ['ben', 'cleo']);
  client.emit('message', message('c', 1, { from: 'cleo' }));
  assert.deepEqual(typing.in('c'), ['ben']);
  mock.timers.tick(1);
  assert.deepEqual(typing.in('c'), []);
});

test('a notice that comes just after the message that it announced is not shown', () => {
  let now = 10_000;
  const typing = new Typing(client, () => now);
  client.emit('message', message('c', 1, { from: 'ben' }));
  now += 1000;
  client.emit('typing', { c: 'c', user: 'ben' });
  client.emit('typing', { c: 'other', user: 'ben' });
  assert.deepEqual([typing.in('c'), typing.in('other')], [[], ['ben']]);
  now += 1000;
  client.emit('typing', { c: 'c', user: 'ben' });
  assert.deepEqual(typing.in('c'), ['ben']);
});

test('drafts outlive a reload, per user, follow their conversation, and go at the logout', () => {
  const drafts = new Drafts(storage);
  drafts.use('me');
  drafts.set('user ben', 'not finished');
  drafts.move('user ben', 'd1');
  const later = new Drafts(storage);
  later.use('me');
  assert.deepEqual([later.get('d1'), later.get('user ben')], ['not finished', '']);
  later.use('another');
  assert.equal(later.get('d1'), '');
  later.use('me');
  later.set('empty', ' \n');
  assert.equal(later.get('empty'), '');
  later.forget();
  later.use('me');
  assert.equal(later.get('d1'), '');
});

test('a hundred drafts are kept, the latest', () => {
  const drafts = new Drafts(storage);
  drafts.use('me');
  for (let i = 0; i <= 100; i++) drafts.set(`c${i}`, 'text');
  assert.deepEqual([drafts.get('c0'), drafts.get('c1'), drafts.get('c100')], ['', 'text', 'text']);
});

test('settings are what was chosen, and the first choice where nothing was or nothing valid stands there', () => {
  const settings = new Settings(storage);
  assert.deepEqual(['theme', 'language', 'sound', 'notify'].map(name => settings.get(name)), ['system', 'system', false, false]);
  settings.set('theme', 'dark');
  assert.equal(new Settings(storage).get('theme'), 'dark');
  for (const text of ['{"theme":"pink","sound":"yes"}', 'null', '[]', '{']) {
    storage.setItem('im.settings', text);
    assert.deepEqual([new Settings(storage).get('theme'), new Settings(storage).get('sound')], ['system', false]);
  }
});

test('alerts over the whole grid: only what was chosen, not while busy, not for what is looked at', () => {
  const states = [false, true];
  for (const looking of states) for (const open of states) for (const sound of states) for (const notify of states) {
    for (const status of ['online', 'away', 'busy', 'invisible']) for (const member of states) {
      const one = message('c', 1, member ? { type: MEMBER_TYPE, body: '{"joined":["a"]}' } : {});
      const silent = status === 'busy' || member || (looking && open);
      assert.deepEqual(alertFor({ message: one, looking, open, status, sound, notify }),
        { sound: sound && !silent, notify: notify && !silent && !looking });
    }
  }
});

const contact = (userId, state) => ({ userId, state, username: userId, displayName: userId.toUpperCase(), since: 0 });

function contactsOf(answers) {
  client.api = {
    calls: [],
    contacts: () => { client.api.calls.push('contacts'); return answers.contacts(); },
    blocks: async () => answers.blocks ?? [],
    requestContact: async () => undefined,
    acceptContact: async () => { throw Object.assign(new Error(), { code: 'not_found' }); },
  };
  const names = new Map();
  const people = { learn: ({ userId, displayName }) => names.set(userId, displayName), name: id => names.get(id) ?? id };
  return new Contacts(client, people);
}

test('contacts are loaded when in step with the server, and carried on by news', async () => {
  const contacts = contactsOf({ contacts: async () => [contact('b', 'accepted'), contact('a', 'accepted'), contact('c', 'pending')], blocks: [contact('x')] });
  client.emit('synced');
  await settle();
  assert.deepEqual([contacts.list('accepted'), contacts.list('pending'), contacts.blocked()], [['a', 'b'], ['c'], ['x']]);
  client.emit('contact', { user: 'c', state: 'accepted' });
  client.emit('contact', { user: 'a', state: 'removed' });
  assert.deepEqual([contacts.list('accepted'), contacts.state('a')], [['b', 'c'], undefined]);
});

test('news that come while the list is loaded are not undone by its answer', async () => {
  let answer = [contact('a', 'pending')];
  let let1;
  const contacts = contactsOf({ contacts: () => new Promise(resolve => { let1 ??= resolve; if (let1 !== resolve) resolve(answer); }) });
  client.emit('synced');
  client.emit('contact', { user: 'a', state: 'accepted' });
  let1(answer);
  answer = [contact('a', 'accepted')];
  await settle();
  assert.equal(contacts.state('a'), 'accepted');
  assert.equal(client.api.calls.length, 2);
});

test('a change loads the list again, also after a refusal, which is thrown', async () => {
  const contacts = contactsOf({ contacts: async () => [contact('a', 'requested')] });
  await contacts.request('a');
  assert.equal(contacts.state('a'), 'requested');
  await assert.rejects(contacts.accept('a'), { code: 'not_found' });
  assert.equal(client.api.calls.length, 2);
});

test('a load that fails says so and can be repeated', async () => {
  let fail = true;
  const contacts = contactsOf({ contacts: async () => { if (fail) throw Object.assign(new Error(), { code: 'network' }); return []; } });
  await contacts.load();
  assert.deepEqual([contacts.failed, contacts.loaded], [true, false]);
  fail = false;
  await contacts.load();
  assert.deepEqual([contacts.failed, contacts.loaded], [false, true]);
});

test('a device is called by its browser and its system', () => {
  const cases = {
    'Firefox, Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Chrome, Windows': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Edge, Windows': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'Safari, iOS': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'Chrome, Android': 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
    Browser: '',
  };
  for (const [name, agent] of Object.entries(cases)) assert.equal(deviceName(agent), name);
});
