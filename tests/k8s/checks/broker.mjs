// What is declared in the broker has to be what the services declare, and each user may do what its service does and nothing more.
import { isDeepStrictEqual } from 'node:util';
import { services, shardQueueArguments, topology, traffic } from '../sources.mjs';

const lanes = [topology('SubmitExchange'), topology('DeliverExchange')];
const shards = rendered => Number(rendered.environmentOf(rendered.one('Deployment', 'message')).get('Im__Shards'));
const hasBroker = rendered => rendered.all('RabbitmqCluster').length > 0;

export function Shard_queues_are_those_that_the_services_declare(rendered) {
  if (!hasBroker(rendered)) return [];
  const findings = [];
  const queues = rendered.all('Queue');
  const wanted = Array.from({ length: shards(rendered) }, (_, shard) => topology('ShardQueue', shard));
  if (!isDeepStrictEqual(queues.map(one => one.spec.name).sort(), wanted.toSorted?.() ?? [...wanted].sort())) findings.push('not one queue for each shard');
  const quorum = rendered.environmentOf(rendered.one('Deployment', 'message')).get('Im__QuorumQueues') === 'true';
  for (const { spec } of queues) {
    if (!isDeepStrictEqual(spec.arguments, shardQueueArguments()) || spec.type !== (quorum ? 'quorum' : 'classic') || !spec.durable || spec.autoDelete)
      findings.push(`${spec.name} differs from what the services declare: they would be refused`);
    const bound = rendered.all('Binding').filter(one => one.spec.destination === spec.name && one.spec.source === lanes[0]
      && topology('ShardQueue', one.spec.routingKey) === spec.name);
    if (bound.length !== 1) findings.push(`${spec.name} is bound ${bound.length} times`);
  }
  for (const name of lanes)
    if (!rendered.all('Exchange').some(({ spec }) => spec.name === name && spec.type === 'direct' && spec.durable && !spec.autoDelete)) findings.push(name);
  return findings;
}

export function Everything_in_the_broker_is_in_the_one_virtual_host_of_the_one_cluster(rendered) {
  if (!hasBroker(rendered)) return [];
  const vhost = rendered.one('Vhost', 'im').spec.name;
  const inside = rendered.documents.filter(one => one.apiVersion.startsWith('rabbitmq.com/') && one.kind !== 'RabbitmqCluster');
  return [
    ...inside.filter(one => !rendered.one('RabbitmqCluster', one.spec.rabbitmqClusterReference.name)).map(one => one.metadata.name),
    ...inside.filter(one => !['Vhost', 'User'].includes(one.kind) && one.spec.vhost !== vhost).map(one => `${one.kind} ${one.metadata.name}`),
    ...rendered.services.filter(one => !rendered.environmentOf(one).get('Im__Bus').endsWith(`/${vhost}`)).map(one => one.metadata.name),
  ];
}

export function Every_service_comes_as_itself(rendered) {
  return rendered.services.flatMap(one => {
    const name = `im-rabbitmq-${one.metadata.name}`;
    const user = rendered.secrets.find(secret => secret.metadata.name === name)?.stringData.username;
    const environment = rendered.environmentOf(one);
    const right = environment.get('BUS_PASSWORD')?.secretKeyRef.name === name && environment.get('Im__Bus').startsWith(`amqp://${user}:$(BUS_PASSWORD)@`);
    const declared = !hasBroker(rendered) || (rendered.one('User', user)?.spec.importCredentialsSecret.name === name && rendered.one('User', user).spec.tags === undefined
      && rendered.all('Permission').filter(permission => permission.spec.userReference.name === user).length === 1);
    return right && declared ? [] : [one.metadata.name];
  });
}

const exchangeOf = message => `Im.Contracts.Messages:${message}`;
const faultOf = message => `MassTransit:Fault--${exchangeOf(message)}--`;
// As MassTransit names the queue of a pod's answers: letters and digits of the pod's name, of the program's name, and an id.
const answersOf = service => `${service}7d9fc5b6d8x2k4z_service_bus_mrtyyyfj78omchbcbdxwqg7cff`;
const ownQueues = {
  gateway: [topology('GatewayEventQueue', '0a1f'), topology('NodeQueue', '0a1f')],
  admin: [topology('AdminAnswerQueue', '0a1f'), topology('NodeQueue', '0a1f')],
  login: [topology('LoginQueue')], session: [topology('SessionQueue')], presence: [topology('PresenceQueue')],
  message: [topology('CursorQueue'), topology('TypingQueue')], profile: [topology('ProfileQueue')],
};

/** What the code of a service does in the broker: the names that it has to configure, write and read. */
function needsOf(service, all) {
  const { taken, asked, told } = all[service];
  const hasDoor = ['gateway', 'admin'].includes(service);
  const own = ownQueues[service];
  const askers = services.filter(other => all[other].asked.some(message => taken.includes(message)));
  const answers = [...new Set([...askers, ...(asked.length > 0 ? [service] : [])])].map(answersOf);
  const said = [...new Set([...asked, ...told])].map(exchangeOf);
  const faults = ['MassTransit:Fault', 'MassTransit:ReceiveFault', ...taken.map(faultOf)];
  const shardQueue = topology('ShardQueue', 7);
  return {
    configure: [...lanes, shardQueue, ...own, ...said, ...taken.map(exchangeOf), ...faults, ...answers],
    // The queue of a binding is written to, its exchange read.
    write: [shardQueue, ...own, ...said, ...faults, ...answers,
      ...(hasDoor ? [lanes[0]] : []), ...(['message', 'gateway'].includes(service) ? [lanes[1]] : [])],
    read: [lanes[0], ...own, ...taken.map(exchangeOf), ...taken.map(faultOf), ...(asked.length > 0 ? [answersOf(service)] : []),
      ...(hasDoor ? [lanes[1]] : []), ...(service === 'message' ? [shardQueue] : [])],
  };
}

export function Every_user_may_do_what_its_service_does_and_nothing_more(rendered) {
  if (!hasBroker(rendered)) return [];
  const all = Object.fromEntries(services.map(service => [service, traffic(service)]));
  const needs = Object.fromEntries(services.map(service => [service, needsOf(service, all)]));
  // Every name that anybody uses, and some that nobody may touch.
  const names = new Set([...Object.values(needs).flatMap(need => Object.values(need).flat()), '', 'amq.default', 'amq.topic', 'im.shard.7x', 'ximXlogin', 'anything']);
  return services.flatMap(service => {
    const { permissions } = rendered.all('Permission').find(one => one.spec.userReference.name === `im-${service}`).spec;
    return ['configure', 'write', 'read'].flatMap(right => [...names].flatMap(name => {
      const may = new RegExp(permissions[right]).test(name);
      const must = needs[service][right].includes(name);
      return may === must ? [] : [`${service} ${may ? 'may' : 'may not'} ${right} ${name || 'what has no name'}`];
    }));
  });
}

export function KEDA_sees_and_touches_nothing(rendered) {
  if (!hasBroker(rendered)) return [];
  const { permissions } = rendered.all('Permission').find(one => one.spec.userReference.name === 'im-keda').spec;
  return Object.entries(permissions).filter(([, right]) => right !== '^$').map(([name]) => name);
}
