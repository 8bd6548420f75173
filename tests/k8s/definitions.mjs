// What the overlay prod declares in the broker, as definitions that any RabbitMQ imports: virtual host, users with a password of the tests, their rights,
// exchanges, queues, bindings. Not the policy: the broker that the tests run on is older than the limit that it lifts.
import { Rendered } from './rendered.mjs';

const [password] = process.argv.slice(2);
if (!password) throw new Error('usage: definitions.mjs PASSWORD');
const rendered = Rendered.of('prod');
const vhost = rendered.one('Vhost', 'im').spec.name;

// On Kubernetes the queue of answers is named by the pod; here every process has the machine's name, and the program says whose it is.
const named = right => right.replaceAll(/(?:\(([a-z|]+)\)|([a-z]+))\[a-z0-9\]\*_\[A-Za-z0-9\]\+_bus_/g, (_, several, one) =>
  `[A-Za-z0-9]+_(${(several ?? one).split('|').map(name => `Im${name[0].toUpperCase()}${name.slice(1)}`).join('|')})_bus_`);

const definitions = {
  vhosts: [{ name: vhost }],
  users: rendered.all('User').map(one => ({ name: one.metadata.name, password, tags: one.spec.tags ?? [] })),
  permissions: rendered.all('Permission').map(({ spec }) => ({
    user: spec.userReference.name, vhost: spec.vhost,
    ...Object.fromEntries(Object.entries(spec.permissions).map(([right, names]) => [right, named(names)])),
  })),
  exchanges: rendered.all('Exchange').map(({ spec }) => ({
    name: spec.name, vhost: spec.vhost, type: spec.type, durable: spec.durable, auto_delete: spec.autoDelete, internal: false, arguments: {},
  })),
  queues: rendered.all('Queue').map(({ spec }) => ({
    name: spec.name, vhost: spec.vhost, durable: spec.durable, auto_delete: spec.autoDelete, arguments: { ...spec.arguments, 'x-queue-type': spec.type },
  })),
  bindings: rendered.all('Binding').map(({ spec }) => ({
    source: spec.source, vhost: spec.vhost, destination: spec.destination, destination_type: spec.destinationType, routing_key: spec.routingKey, arguments: {},
  })),
};
console.log(JSON.stringify(definitions));
