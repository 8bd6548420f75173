import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Conversations } from '../../../clients/web/model/conversations.js';
import { message, settle } from './fakes.mjs';

let client, conversations, list, single;

const answer = (conversationId, lastSeq, unread, more = {}) => ({
  conversationId, kind: 'direct', title: null, members: ['me', 'you'], lastSeq, readSeq: lastSeq - unread, unread,
  lastMessage: message(conversationId, lastSeq), ...more,
});

class FakeClient extends EventTarget {
  userId = 'me';
  state = { state: 'online' };
  api = { conversation: () => single.promise, history: async () => [] };
  conversations = () => list.promise;
  reads = [];
  read(...mark) { this.reads.push(mark); }
  watch() {}
  emit(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

beforeEach(() => {
  list = deferred();
  single = deferred();
  client = new FakeClient();
  conversations = new Conversations(client);
});

async function load(...items) {
  client.emit('synced');
  list.resolve({ items, next: null });
  await settle();
}

test('messages carry the list on, and one that it contains already changes nothing', async () => {
  await load(answer('c', 5, 2));
  client.emit('message', message('c', 5));
  assert.equal(conversations.get('c').unread, 2);
  client.emit('message', message('c', 6));
  client.emit('message', message('c', 7, { from: 'me' }));
  assert.deepEqual([conversations.get('c').unread, conversations.get('c').last.seq], [3, 7]);
});

test('messages that come while the list is loaded are not lost', async () => {
  client.emit('synced');
  client.emit('message', message('c', 6));
  list.resolve({ items: [answer('c', 5, 1)] });
  await settle();
  assert.deepEqual([conversations.get('c').unread, conversations.get('c').lastSeq], [2, 6]);
});

test('messages that come while a new conversation is fetched are not lost', async () => {
  await load();
  client.emit('message', message('new', 1));
  client.emit('message', message('new', 2));
  single.resolve(answer('new', 1, 1));
  await settle();
  assert.deepEqual([conversations.get('new').unread, conversations.get('new').lastSeq], [2, 2]);
});

test('a conversation that the user was removed from is gone', async () => {
  await load(answer('g', 3, 0, { kind: 'group', title: 'Boat', members: null }));
  const gone = [];
  conversations.addEventListener('gone', ({ detail }) => gone.push([detail.id, detail.item.title, detail.left]));
  client.emit('conversation', { c: 'g', kind: 'group', members: ['you'] });
  assert.deepEqual([gone, conversations.list()], [[['g', 'Boat', false]], []]);
});

test('a group that is left here is gone once, is known to be left, and is not asked for again', async () => {
  for (const toldFirst of [true, false]) {
    await load(answer('g', 3, 0, { kind: 'group', title: 'Boat', members: null }));
    const gone = [];
    const asked = [];
    const listen = ({ detail }) => gone.push([detail.id, detail.left]);
    conversations.addEventListener('gone', listen);
    client.api.conversation = id => { asked.push(id); return single.promise; };
    client.api.removeMember = async () => { if (toldFirst) client.emit('conversation', { c: 'g', kind: 'group', members: [] }); };
    await conversations.leave('g');
    if (!toldFirst) client.emit('conversation', { c: 'g', kind: 'group', members: [] });
    assert.deepEqual([gone, asked], [[['g', true]], []]);
    conversations.removeEventListener('gone', listen);
  }
});

test('reading is told once and clears the badge', async () => {
  await load(answer('c', 5, 2));
  client.api.history = async () => [4, 5].map(seq => message('c', seq));
  await conversations.open('c');
  conversations.markRead('c');
  conversations.markRead('c');
  assert.deepEqual(client.reads, [['c', 5]]);
  assert.equal(conversations.unread, 0);
});
