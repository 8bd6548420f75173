import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { ImClient } from '../../../clients/web/im.js';
import { FakeSocket, FakeStorage, fakeFetch, message, settle } from './fakes.mjs';

const session = { sessionId: 's-1', userId: 'me', deviceId: 'd-1', expiresAt: 0, gateway: 'ws://a.test/v1/ws' };
let client, answers, browserStorage, windowStorage, events;

beforeEach(async () => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: Date.UTC(2026, 2, 3) });
  FakeSocket.opened = [];
  answers = { 'POST /v1/sessions': session, 'GET /v1/gateways': { items: [] } };
  browserStorage = new FakeStorage();
  windowStorage = new FakeStorage();
  client = newClient();
  await client.login('Anna', 'secret');
  client.connect();
});

afterEach(() => {
  client.disconnect();
  mock.timers.reset();
});

function newClient() {
  const made = new ImClient({ origin: 'http://a.test', WebSocket: FakeSocket, fetch: fakeFetch(answers), windowStorage, browserStorage });
  events = [];
  for (const type of ['message', 'ended', 'reset', 'synced']) made.addEventListener(type, ({ detail }) => events.push([type, detail?.seq]));
  return made;
}

const seen = () => events.filter(([type]) => type === 'message').map(([, seq]) => seq);

test('hello carries the session, and on a reconnect what is held', () => {
  FakeSocket.last.sync();
  assert.equal(FakeSocket.last.url, 'ws://a.test/v1/ws');
  assert.equal(FakeSocket.last.protocol, 'im.v1.json');
  assert.deepEqual(FakeSocket.last.sent[0], { t: 'hello', session: 's-1', cursors: {} });
  FakeSocket.last.receive(message('c', 4), message('c', 5));
  FakeSocket.last.drop(1006);
  mock.timers.tick(30_000);
  FakeSocket.last.open();
  assert.deepEqual(FakeSocket.last.sent[0].cursors, { c: 5 });
});

test('the own accepted message counts as the next of its conversation', () => {
  FakeSocket.last.sync();
  FakeSocket.last.receive(message('c', 1));
  const { id } = client.send({ conversation: 'c' }, 'mine');
  FakeSocket.last.receive({ t: 'accepted', id, c: 'c', seq: 2, mid: 'm2', time: 9 }, message('c', 3));
  assert.deepEqual(seen(), [1, 2, 3]);
  assert.deepEqual(client.outbox, []);
});

test('a send that was answered by a replayed message is not sent again', () => {
  FakeSocket.last.welcome();
  const { id } = client.send({ conversation: 'c' }, 'mine');
  FakeSocket.last.receive(message('c', 2, { from: 'me', id }), { t: 'synced' });
  assert.deepEqual(FakeSocket.last.sentOf('send'), []);
  assert.deepEqual(client.outbox, []);
});

test('a hole is filled from the history before anything behind it is shown', async () => {
  const asked = [];
  answers['GET /v1/conversations/c/messages'] = url => {
    asked.push(url.searchParams.get('afterSeq'));
    return { items: [2, 3, 4].map(seq => message('c', seq)) };
  };
  FakeSocket.last.sync();
  FakeSocket.last.receive(message('c', 1), message('c', 4));
  assert.deepEqual(seen(), [1]);
  await settle();
  assert.deepEqual(seen(), [1, 2, 3, 4]);
  assert.deepEqual(asked, ['1']);
});

test('a hole that the history does not fill makes the client reconnect from what it holds', async () => {
  answers['GET /v1/conversations/c/messages'] = { items: [] };
  FakeSocket.last.sync();
  FakeSocket.last.receive(message('c', 1), message('c', 3));
  await settle();
  assert.equal(client.state.state, 'waiting');
  assert.deepEqual(seen(), [1]);
});

test('acks are coalesced and a read mark stands for the ack', () => {
  FakeSocket.last.sync();
  FakeSocket.last.receive(...[1, 2, 3].map(seq => message('c', seq)), message('d', 1));
  client.read('c', 3);
  assert.deepEqual(FakeSocket.last.sentOf('ack'), []);
  mock.timers.tick(1000);
  assert.deepEqual(FakeSocket.last.sentOf('ack'), [{ t: 'ack', c: 'd', seq: 1 }]);
  assert.deepEqual(FakeSocket.last.sentOf('read'), [{ t: 'read', c: 'c', seq: 3 }]);
});

test('what the user has read is told again after a break, for the last word may have been lost with the line', () => {
  FakeSocket.last.sync();
  FakeSocket.last.receive(...[1, 2].map(seq => message('c', seq)));
  client.read('c', 2);
  mock.timers.tick(1000);
  FakeSocket.last.drop(1006);
  mock.timers.tick(30_000);
  FakeSocket.last.sync();
  mock.timers.tick(1000);
  assert.deepEqual(FakeSocket.last.sentOf('read'), [{ t: 'read', c: 'c', seq: 2 }]);
  client.read('c', 2);
  mock.timers.tick(1000);
  assert.equal(FakeSocket.last.sentOf('read').length, 1);
});

test('4401 ends the session, 4409 waits for the user, everything else comes back', () => {
  FakeSocket.last.sync();
  FakeSocket.last.drop(4409);
  mock.timers.tick(60_000);
  assert.equal(client.state.state, 'replaced');
  assert.equal(FakeSocket.opened.length, 1);
  client.connect();
  FakeSocket.last.sync();
  FakeSocket.last.drop(4408);
  assert.equal(client.state.state, 'waiting');
  mock.timers.tick(30_000);
  FakeSocket.last.sync();
  FakeSocket.last.drop(4401);
  assert.ok(events.some(([type]) => type === 'ended'));
  assert.equal(client.userId, undefined);
  assert.equal(newClient().resume(), false);
});

test('who was perhaps replaced by a late hello of his own comes back, once for each, and not for one of long ago', () => {
  const unanswered = () => {
    FakeSocket.last.open();
    FakeSocket.last.drop(1006);
    mock.timers.tick(30_000);
  };
  unanswered();
  FakeSocket.last.sync();
  FakeSocket.last.drop(4409);
  assert.equal(client.state.state, 'waiting');
  mock.timers.tick(30_000);
  FakeSocket.last.sync();
  FakeSocket.last.drop(4409);
  assert.equal(client.state.state, 'replaced');

  client.connect();
  unanswered();
  FakeSocket.last.sync();
  for (let beats = 0; beats < 12; beats++) {
    mock.timers.tick(15_000);
    FakeSocket.last.receive({ t: 'pong', time: 0 });
  }
  FakeSocket.last.drop(4409);
  assert.equal(client.state.state, 'replaced');
});

test('a session that ends says whose it was, and whether its user logged in again in this browser', async () => {
  const ends = [];
  const listen = made => made.addEventListener('ended', ({ detail }) => ends.push(detail.superseded));
  const answer = answers['POST /v1/sessions'];
  listen(client);
  const other = new ImClient({ origin: 'http://a.test', WebSocket: FakeSocket, fetch: fakeFetch(answers), windowStorage: new FakeStorage(), browserStorage });
  listen(other);
  answers['POST /v1/sessions'] = () => Response.json({ code: 'bad_credentials' }, { status: 401 });
  await assert.rejects(other.login('Anna', 'wrong'));
  FakeSocket.last.drop(4401);
  assert.deepEqual(ends, [false]);
  answers['POST /v1/sessions'] = answer;
  await client.login('Anna', 'secret');
  client.connect();
  const { last } = FakeSocket;
  await other.login('anna', 'secret');
  last.drop(4401);
  assert.deepEqual(ends, [false, true]);
  await client.login('Anna', 'secret');
  client.connect();
  const replaced = FakeSocket.last;
  await other.login('anna', 'secret');
  replaced.drop(4409);
  assert.deepEqual(ends, [false, true, true]);
});

test('bye names when and where to come back', () => {
  FakeSocket.last.sync();
  FakeSocket.last.receive({ t: 'bye', code: 1012, reconnectAfterMs: 700, gateway: 'ws://b.test/v1/ws' });
  FakeSocket.last.drop(1012);
  mock.timers.tick(699);
  assert.equal(FakeSocket.opened.length, 1);
  mock.timers.tick(1);
  assert.equal(FakeSocket.last.url, 'ws://b.test/v1/ws');
});

test('a gateway that does not answer is followed by the others of the last welcome', () => {
  FakeSocket.last.sync({ gateways: ['ws://b.test/v1/ws', 'ws://a.test/v1/ws'] });
  const tried = [];
  for (let i = 0; i < 3; i++) {
    FakeSocket.last.drop(1006);
    mock.timers.tick(30_000);
    tried.push(FakeSocket.last.url);
  }
  assert.deepEqual(tried, ['ws://a.test/v1/ws', 'ws://b.test/v1/ws', 'ws://a.test/v1/ws']);
});

test('a silent connection is pinged and then given up', () => {
  FakeSocket.last.sync();
  mock.timers.tick(16_000);
  assert.equal(FakeSocket.last.sentOf('ping').length, 1);
  FakeSocket.last.receive({ t: 'pong', time: 0 });
  mock.timers.tick(48_000);
  assert.equal(client.state.state, 'waiting');
});

test('another log on the server drops what is held', () => {
  FakeSocket.last.sync();
  FakeSocket.last.receive(message('c', 9));
  FakeSocket.last.drop(1006);
  mock.timers.tick(30_000);
  FakeSocket.last.sync({ log: 'log-2' });
  FakeSocket.last.receive(message('c', 5));
  assert.deepEqual(seen(), [9, 5]);
  assert.ok(events.some(([type]) => type === 'reset'));
});

test('a reload keeps login, device and outbox', () => {
  FakeSocket.last.sync();
  const { id } = client.send({ user: 'ben' }, 'not answered');
  client.disconnect();
  client = newClient();
  assert.equal(client.resume(), true);
  client.connect();
  FakeSocket.last.sync();
  assert.equal(client.userId, 'me');
  assert.deepEqual(FakeSocket.last.sentOf('send').map(frame => frame.id), [id]);
  assert.equal(browserStorage.getItem('im.device.anna'), 'd-1');
});

test('watched users and the own status are told to every new connection', () => {
  FakeSocket.last.sync();
  client.watch(['ben']);
  client.status('busy');
  FakeSocket.last.drop(1006);
  mock.timers.tick(30_000);
  FakeSocket.last.sync();
  assert.deepEqual(FakeSocket.last.sentOf('watch'), [{ t: 'watch', users: ['ben'] }]);
  assert.deepEqual(FakeSocket.last.sentOf('status'), [{ t: 'status', status: 'busy' }]);
});

test('calls go on at another gateway when one does not answer, but nothing that must not happen twice is repeated', async () => {
  const asked = [];
  const fetch = async (address, { method }) => {
    asked.push(`${method} ${new URL(address).host}`);
    if (address.startsWith('http://a.test')) throw new TypeError('refused');
    return Response.json({ items: [] });
  };
  client = new ImClient({ origin: 'http://a.test', WebSocket: FakeSocket, fetch, windowStorage, browserStorage });
  client.api.alternatives(['ws://b.test/v1/ws', 'ws://a.test/v1/ws']);
  await assert.rejects(client.api.createGroup('Boat', []), { code: 'network' });
  await client.api.contacts();
  assert.deepEqual(asked, ['POST a.test', 'GET b.test']);
  client.api.alternatives(['ws://c.test/v1/ws', 'ws://b.test/v1/ws']);
  await client.api.contacts();
  assert.equal(asked.at(-1), 'GET b.test');
});

test('a gateway that the newest list lacks is tried once, behind the others: it may only have restarted', async () => {
  FakeSocket.last.welcome({ gateways: ['ws://a.test/v1/ws', 'ws://b.test/v1/ws'] });
  FakeSocket.last.drop(1012);
  mock.timers.tick(30_000);
  FakeSocket.last.welcome({ gateways: ['ws://a.test/v1/ws'] });
  FakeSocket.last.drop(1012);
  const tried = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    mock.timers.tick(30_000);
    tried.push(new URL(FakeSocket.last.url).host);
    FakeSocket.last.drop(1006);
    await settle();
  }
  assert.deepEqual(tried, ['a.test', 'b.test', 'a.test', 'a.test', 'a.test']);
});

test('where no gateway answers a call fails, and is not tried for ever', async () => {
  let asked = 0;
  const fetch = async () => { asked++; throw new TypeError('refused'); };
  client = new ImClient({ origin: 'https://a.test', WebSocket: FakeSocket, fetch, windowStorage, browserStorage });
  client.api.alternatives(['wss://b.test/v1/ws', 'ws://plain.test/v1/ws']);
  await assert.rejects(client.api.contacts(), { code: 'network' });
  assert.equal(asked, 2);
});

test('a problem document becomes an error with its code', async () => {
  await assert.rejects(client.api.userByName('nobody'), { name: 'ImError', code: 'not_found', status: 404 });
  answers['POST /v1/sessions'] = () => Response.json({ code: 'too_many' },
    { status: 429, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '7' } });
  await assert.rejects(client.login('Anna', 'x'), { code: 'too_many', retryAfter: 7 });
});
