// What one document says of another has to be there: pods behind selectors, Secrets, ConfigMaps, ports, hosts.
import { selects } from '../rendered.mjs';

const containersOf = workload => workload.spec.template.spec.containers;
const nameOf = document => `${document.kind} ${document.metadata.name}`;

function* selectorsOf(rendered) {
  for (const one of rendered.all('Service', 'PodDisruptionBudget', 'PodMonitor')) yield [nameOf(one), one.spec.selector];
  for (const one of rendered.all('NetworkPolicy')) {
    yield [nameOf(one), one.spec.podSelector];
    for (const rule of [...(one.spec.ingress ?? []), ...(one.spec.egress ?? [])])
      for (const peer of [...(rule.from ?? []), ...(rule.to ?? [])]) if (!peer.namespaceSelector) yield [nameOf(one), peer.podSelector];
  }
}

/** Everybody who refers to a Secret: [who, name, key]. */
function* secretsOf(rendered) {
  for (const one of rendered.workloads) {
    for (const { valueFrom } of containersOf(one).flatMap(container => container.env ?? []))
      if (valueFrom?.secretKeyRef) yield [nameOf(one), valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key];
    for (const volume of one.spec.template.spec.volumes ?? []) if (volume.secret) yield [nameOf(one), volume.secret.secretName];
  }
  for (const one of rendered.all('User')) for (const key of ['username', 'password']) yield [nameOf(one), one.spec.importCredentialsSecret.name, key];
  for (const one of rendered.all('Cluster')) for (const key of ['username', 'password']) yield [nameOf(one), one.spec.bootstrap.initdb.secret.name, key];
  for (const one of rendered.all('Cluster'))
    for (const { passwordSecret } of one.spec.managed.roles) for (const key of ['username', 'password']) yield [nameOf(one), passwordSecret.name, key];
  for (const one of rendered.all('TriggerAuthentication')) for (const { name, key } of one.spec.secretTargetRef) yield [nameOf(one), name, key];
  for (const one of rendered.all('Gateway'))
    for (const { name } of one.spec.listeners.flatMap(listener => listener.tls?.certificateRefs ?? [])) yield [nameOf(one), name];
}

export function Every_selector_finds_pods_and_a_workload_its_own(rendered) {
  const findings = [];
  for (const [who, selector] of selectorsOf(rendered))
    if (!rendered.pods.some(pod => selects(selector, pod.labels))) findings.push(`${who} selects nobody: ${JSON.stringify(selector)}`);
  for (const one of rendered.lasting) {
    const { metadata, spec } = one.spec.template;
    for (const selector of [one.spec.selector, ...(spec.topologySpreadConstraints ?? []).map(spread => spread.labelSelector)])
      if (!selects(selector, metadata.labels)) findings.push(`${nameOf(one)} does not select its own pods`);
    const strangers = rendered.workloads.filter(other => other !== one && selects(one.spec.selector, other.spec.template.metadata.labels));
    findings.push(...strangers.map(other => `${nameOf(one)} selects the pods of ${nameOf(other)}`));
  }
  return findings;
}

export function Every_secret_is_made_by_the_script_and_wanted_by_somebody(rendered) {
  const made = new Map(rendered.secrets.map(secret => [secret.metadata.name, Object.keys(secret.stringData)]));
  for (const one of rendered.all('Certificate')) made.set(one.spec.secretName, ['tls.crt', 'tls.key']);
  const wanted = [...secretsOf(rendered)];
  return [
    ...wanted.filter(([, name, key]) => !made.get(name) || (key && !made.get(name).includes(key))).map(([who, name, key]) => `${who} wants ${name}/${key ?? ''}`),
    ...[...made.keys()].filter(name => !wanted.some(([, one]) => one === name)).map(name => `nobody wants ${name}`),
    ...rendered.all('Secret').map(one => `${nameOf(one)} is in the repository`),
  ];
}

export function Every_password_is_a_long_random_one_of_its_own(rendered) {
  const values = rendered.secrets.flatMap(secret => ['password', 'key'].filter(key => key in secret.stringData).map(key => [secret.metadata.name, secret.stringData[key]]));
  const once = new Set(values.map(([, value]) => value));
  const text = JSON.stringify(rendered.documents);
  return [
    ...values.filter(([, value]) => !/^[0-9a-f]{48}$/.test(value)).map(([name]) => `${name} is not 24 random bytes`),
    ...(once.size === values.length ? [] : ['two of them are the same']),
    // What is written behind a password in a connection string is a variable.
    ...[...text.matchAll(/(?:[Pp]assword=|:\/\/[^:"/]+:)(?!\$\(|\/\/)([^@;,"]+)/g)].filter(([, value]) => !/^\d+$/.test(value)).map(([found]) => `literal: ${found}`),
  ];
}

export function Every_config_map_that_is_named_exists_with_its_content(rendered) {
  const named = rendered.workloads.flatMap(one => [
    ...containersOf(one).flatMap(container => container.envFrom ?? []).map(from => from.configMapRef.name),
    ...(one.spec.template.spec.volumes ?? []).filter(volume => volume.configMap).map(volume => volume.configMap.name),
  ].map(name => [nameOf(one), name]));
  return [
    ...named.filter(([, name]) => !rendered.one('ConfigMap', name)).map(([who, name]) => `${who} wants the ConfigMap ${name}`),
    // Dashboards are for Grafana, which finds them by their label.
    ...rendered.all('ConfigMap').filter(one => !one.metadata.labels?.grafana_dashboard && !named.some(([, name]) => name === one.metadata.name)).map(one => `nobody wants ${nameOf(one)}`),
  ];
}

export function Every_volume_is_mounted_and_every_mount_has_its_volume(rendered) {
  return rendered.workloads.flatMap(one => {
    const volumes = [...(one.spec.template.spec.volumes ?? []).map(volume => volume.name), ...(one.spec.volumeClaimTemplates ?? []).map(claim => claim.metadata.name)];
    const mounts = containersOf(one).flatMap(container => container.volumeMounts ?? []).map(mount => mount.name);
    return [...volumes.filter(name => !mounts.includes(name)), ...mounts.filter(name => !volumes.includes(name))].map(name => `${nameOf(one)}: ${name}`);
  });
}
