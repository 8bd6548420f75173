// Who calls whom at which port, and whether the walls have a door there.
import { selects } from '../rendered.mjs';
import { healthPaths } from '../sources.mjs';

const nameOf = document => `${document.kind} ${document.metadata.name}`;
const portOf = (ports, wanted) => ports.find(port => port.name === wanted || port.containerPort === wanted)?.containerPort;

/** host:port of everything inside, with the pods behind it; the operators' Services are those that they document. */
function hosts(rendered) {
  const found = new Map();
  for (const service of rendered.all('Service')) {
    for (const pod of rendered.pods.filter(one => selects(service.spec.selector, one.labels))) {
      for (const { port, targetPort } of service.spec.ports) found.set(`${service.metadata.name}:${port}`, { pod, port: portOf(pod.ports, targetPort) });
    }
  }
  for (const pod of rendered.pods) {
    if (rendered.one('RabbitmqCluster', pod.name)) for (const port of [5672, 15672]) found.set(`${pod.name}:${port}`, { pod, port });
    if (rendered.one('Cluster', pod.name)) found.set(`${pod.name}-rw:5432`, { pod, port: 5432 });
  }
  for (const one of rendered.all('StatefulSet'))
    for (let i = 0; i < one.spec.replicas; i++)
      for (const [host, target] of [...found]) if (host.startsWith(`${one.spec.serviceName}:`)) found.set(`${one.metadata.name}-${i}.${host}`, target);
  return found;
}

/** host:port of a connection string of Npgsql. */
const databaseOf = text => (({ Host, Port }) => `${Host}:${Port}`)(Object.fromEntries(text.split(';').map(pair => pair.split('='))));

/** What the variables of a service name: amqp://…@host:port,host:port/vhost, Host=…;Port=…, host:port,host:port,password=…, http://host:port. */
export function calledBy(environment) {
  const text = name => String(environment.get(name) ?? '');
  return [
    ...(text('Im__Bus').split('@')[1]?.split('/')[0].split(',') ?? [undefined]),
    databaseOf(text('Im__Database')),
    ...text('Im__Redis').split(',').filter(part => !part.includes('=')),
    ...(environment.has('Im__Telemetry__OtlpEndpoint') ? [new URL(text('Im__Telemetry__OtlpEndpoint')).host] : []),
  ];
}

const allows = (rendered, direction, peers, here, there, port) => rendered.all('NetworkPolicy')
  .filter(policy => policy.spec.policyTypes.includes(direction) && selects(policy.spec.podSelector, here.labels))
  .some(policy => (policy.spec[direction.toLowerCase()] ?? []).some(rule =>
    (rule[peers] ?? []).some(peer => peer.podSelector && !peer.namespaceSelector && selects(peer.podSelector, there.labels))
    && rule.ports.some(one => one.port === port && one.protocol === 'TCP')));

export function Every_host_that_a_service_is_told_exists_and_may_be_called(rendered) {
  const known = hosts(rendered);
  const called = [
    ...rendered.services.map(one => [one, calledBy(rendered.environmentOf(one))]),
    ...rendered.all('Job').map(one => [one, [databaseOf(rendered.environmentOf(one).get('Im__Database'))]]),
  ];
  return called.flatMap(([one, all]) => all.flatMap(host => {
    const target = known.get(host);
    if (!target?.port) return [`${nameOf(one)} calls ${host}, which nobody is`];
    const self = { labels: one.spec.template.metadata.labels };
    return [
      ...(allows(rendered, 'Egress', 'to', self, target.pod, target.port) ? [] : [`${nameOf(one)} may not call ${host}`]),
      ...(allows(rendered, 'Ingress', 'from', target.pod, self, target.port) ? [] : [`${host} may not be called by ${nameOf(one)}`]),
    ];
  }));
}

export function Every_port_that_is_named_is_open_behind_it(rendered) {
  const findings = [];
  for (const service of rendered.all('Service'))
    for (const pod of rendered.pods.filter(one => selects(service.spec.selector, one.labels)))
      for (const { targetPort } of service.spec.ports) if (!portOf(pod.ports, targetPort)) findings.push(`${nameOf(service)}: ${targetPort}`);
  for (const monitor of rendered.all('PodMonitor'))
    for (const pod of rendered.pods.filter(one => selects(monitor.spec.selector, one.labels)))
      for (const { port } of monitor.spec.podMetricsEndpoints) if (!pod.ports.some(one => one.name === port)) findings.push(`${nameOf(monitor)}: ${port}`);
  for (const policy of rendered.all('NetworkPolicy').filter(one => one.spec.ingress && Object.keys(one.spec.podSelector).length > 0))
    for (const pod of rendered.pods.filter(one => selects(policy.spec.podSelector, one.labels)))
      for (const { port } of policy.spec.ingress.flatMap(rule => rule.ports)) if (!portOf(pod.ports, port)) findings.push(`${nameOf(policy)}: ${port}`);
  for (const route of rendered.all('HTTPRoute')) {
    for (const { name, port } of route.spec.rules.flatMap(rule => rule.backendRefs ?? []))
      if (!rendered.one('Service', name)?.spec.ports.some(one => one.port === port)) findings.push(`${nameOf(route)}: ${name}:${port}`);
    for (const { name, sectionName } of route.spec.parentRefs)
      if (!rendered.one('Gateway', name)?.spec.listeners.some(one => one.name === sectionName)) findings.push(`${nameOf(route)}: ${name}/${sectionName}`);
  }
  return findings;
}

export function The_services_listen_and_are_asked_for_their_health_where_the_code_answers(rendered) {
  const served = healthPaths();
  const wanted = { startupProbe: '/healthz/live', livenessProbe: '/healthz/live', readinessProbe: '/healthz/ready' };
  return rendered.services.flatMap(one => {
    const container = one.spec.template.spec.containers[0];
    const door = { gateway: 'Im__Gateway__Listen', admin: 'Im__Admin__Listen' }[one.metadata.name] ?? 'Im__Health__Listen';
    const listens = Number(rendered.environmentOf(one).get(door)?.match(/^http:\/\/\*:(\d+)$/)?.[1]);
    return Object.entries(wanted).flatMap(([probe, path]) => {
      const asked = container[probe]?.httpGet;
      const port = asked && portOf(container.ports ?? [], asked.port);
      return asked?.path === path && served.includes(path) && port === listens ? [] : [`${nameOf(one)} ${probe}: ${asked?.path} at ${port}, listens at ${listens}`];
    });
  });
}

export function The_house_has_one_name(rendered) {
  const names = new Map([
    ...rendered.all('Gateway').flatMap(one => one.spec.listeners.map(({ name, hostname }) => [`${nameOf(one)} ${name}`, hostname])),
    ...rendered.all('HTTPRoute').flatMap(one => one.spec.hostnames.map((hostname, at) => [`${nameOf(one)} ${at}`, hostname])),
    ...rendered.all('Certificate').flatMap(one => one.spec.dnsNames.map((hostname, at) => [`${nameOf(one)} ${at}`, hostname])),
  ]);
  const url = rendered.environmentOf(rendered.one('Deployment', 'gateway')).get('Im__Gateway__PublicUrl');
  return [...names].filter(([, name]) => url !== `https://${name}`).map(([who, name]) => `${who} is called ${name}, and clients are told ${url}`);
}

export function Only_the_edge_comes_in_and_only_to_the_gateways(rendered) {
  const findings = [];
  const closed = policy => Object.keys(policy.spec.podSelector).length === 0 && !policy.spec.ingress && !policy.spec.egress;
  if (!rendered.all('NetworkPolicy').some(policy => closed(policy) && ['Ingress', 'Egress'].every(type => policy.spec.policyTypes.includes(type))))
    findings.push('what is not named is not forbidden');
  const edge = rendered.all('Gateway')[0].metadata.name;
  const isEdge = peer => peer.namespaceSelector && peer.podSelector?.matchLabels?.['gateway.envoyproxy.io/owning-gateway-name'] === edge;
  for (const one of rendered.services) {
    for (const policy of rendered.all('NetworkPolicy').filter(policy => selects(policy.spec.podSelector, one.spec.template.metadata.labels))) {
      for (const rule of policy.spec.ingress ?? []) {
        if (one.metadata.name !== 'gateway' || !rule.from?.length || !rule.from.every(isEdge)) findings.push(`${nameOf(one)} is reached through ${nameOf(policy)}`);
      }
    }
  }
  for (const route of rendered.all('HTTPRoute'))
    for (const { name } of route.spec.rules.flatMap(rule => rule.backendRefs ?? [])) if (name !== 'gateway') findings.push(`${nameOf(route)} leads to ${name}`);
  for (const one of rendered.all('Service')) if ((one.spec.type ?? 'ClusterIP') !== 'ClusterIP') findings.push(`${nameOf(one)} is open to the outside`);
  return findings;
}
