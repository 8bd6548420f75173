// How the pods run: rights, sizes, images, variables, and how they end.
import { services, settings, shutdownSeconds } from '../sources.mjs';

const nameOf = document => `${document.kind} ${document.metadata.name}`;
const eachContainer = (rendered, check) => rendered.workloads.flatMap(one => {
  const pod = one.spec.template.spec;
  return [...(pod.initContainers ?? []), ...pod.containers].flatMap(container => check(container, pod, one).map(fault => `${nameOf(one)}: ${fault}`));
});
const failed = faults => Object.entries(faults).filter(([, holds]) => !holds).map(([name]) => name);

export const bytesOf = quantity => {
  const [, number, unit = ''] = String(quantity).match(/^([\d.]+)(Ki|Mi|Gi|Ti)?$/);
  return Number(number) * 1024 ** ['', 'Ki', 'Mi', 'Gi', 'Ti'].indexOf(unit);
};
const coresOf = quantity => String(quantity).endsWith('m') ? parseInt(quantity, 10) / 1000 : Number(quantity);

export function All_seven_services_are_there(rendered) {
  const there = rendered.services.map(one => one.metadata.name);
  return [...services.filter(name => !there.includes(name)), ...there.filter(name => !services.includes(name))];
}

export function No_container_has_more_rights_than_it_needs(rendered) {
  return eachContainer(rendered, (container, pod) => failed({
    'an account of Kubernetes': pod.automountServiceAccountToken === false && !pod.serviceAccountName,
    'the node of its own': !pod.hostNetwork && !pod.hostPID && !pod.hostIPC && !(pod.volumes ?? []).some(volume => volume.hostPath),
    'root': pod.securityContext?.runAsNonRoot === true && pod.securityContext.runAsUser > 0 && container.securityContext?.runAsUser !== 0,
    'system calls': pod.securityContext?.seccompProfile?.type === 'RuntimeDefault',
    'escalation': container.securityContext?.allowPrivilegeEscalation === false && !container.securityContext.privileged,
    'a root file system to write': container.securityContext?.readOnlyRootFilesystem === true,
    'capabilities': container.securityContext?.capabilities?.drop?.includes('ALL') && !container.securityContext.capabilities.add,
  }));
}

export function Every_container_says_what_it_needs_and_when_it_lives(rendered) {
  return eachContainer(rendered, (container, _, one) => failed({
    'requests': container.resources?.requests?.cpu && container.resources.requests.memory,
    'limits': container.resources?.limits?.cpu && container.resources.limits.memory,
    'requests within limits': bytesOf(container.resources?.requests?.memory ?? 0) <= bytesOf(container.resources?.limits?.memory ?? 0)
      && coresOf(container.resources?.requests?.cpu ?? 0) <= coresOf(container.resources?.limits?.cpu ?? 0),
    'probes': one.kind === 'Job' || (container.startupProbe && container.livenessProbe && container.readinessProbe),
  }));
}

export function Every_image_is_pinned(rendered) {
  const images = [
    ...rendered.workloads.flatMap(one => one.spec.template.spec.containers.map(container => [nameOf(one), container.image])),
    ...rendered.all('RabbitmqCluster').map(one => [nameOf(one), one.spec.image]),
    ...rendered.all('Cluster').map(one => [nameOf(one), one.spec.imageName]),
  ];
  return images.filter(([, image]) => !/:\d+\.\d+(\.\d+)?(-[a-z]+)*$/.test(image ?? '')).map(([who, image]) => `${who}: ${image}`);
}

/** dev and prod name a registry that is nobody's; an overlay of one's own has to name another one for every image. */
export function An_overlay_for_a_house_of_its_own_names_its_registry(rendered) {
  if (['dev', 'prod'].includes(rendered.overlay)) return [];
  return rendered.workloads.flatMap(one => one.spec.template.spec.containers.filter(container => container.image.startsWith('registry.example.org/')).map(container => `${nameOf(one)}: ${container.image}`));
}

export function Every_variable_is_a_setting_that_the_code_reads(rendered) {
  const known = settings();
  // The runtime's and OpenTelemetry's own, and those that others are made of.
  const others = ['DOTNET_EnableDiagnostics', 'OTEL_RESOURCE_ATTRIBUTES'];
  return [...rendered.services, ...rendered.all('Job')].flatMap(one => {
    const environment = rendered.environmentOf(one);
    const uses = [...environment.values()].filter(value => typeof value === 'string').flatMap(value => [...value.matchAll(/\$\((\w+)\)/g)].map(found => found[1]));
    return [...environment].flatMap(([name, value]) => {
      if (!known.has(name)) return others.includes(name) || uses.includes(name) ? [] : [`${nameOf(one)}: nobody reads ${name}`];
      const { type, range } = known.get(name);
      if (type === 'bool' && !['true', 'false'].includes(value)) return [`${nameOf(one)}: ${name} is ${value}`];
      if (name.startsWith('Im__Gateway__TrustedProxies') && value.endsWith('/0')) return [`${nameOf(one)}: ${name} is everybody`];
      if (range && !(Number(value) >= range[0] && Number(value) <= range[1])) return [`${nameOf(one)}: ${name} is ${value}, not in ${range}`];
      return [];
    });
  });
}

export function A_variable_that_is_made_of_others_comes_behind_them(rendered) {
  return eachContainer(rendered, container => (container.env ?? []).flatMap(({ name, value }, at) =>
    [...(value ?? '').matchAll(/\$\((\w+)\)/g)].map(found => found[1])
      .filter(used => !container.env.slice(0, at).some(before => before.name === used)).map(used => `${name} wants ${used}`)));
}

export function The_services_run_in_production_mode(rendered) {
  return rendered.services.filter(one => ['ASPNETCORE_ENVIRONMENT', 'DOTNET_ENVIRONMENT'].some(name => rendered.environmentOf(one).has(name))).map(nameOf);
}

export function There_is_time_to_drain(rendered) {
  const spare = 5;
  return rendered.services.flatMap(one => {
    const pod = one.spec.template.spec;
    const pause = pod.containers[0].lifecycle?.preStop?.sleep?.seconds ?? 0;
    const hasDoor = rendered.one('Service', one.metadata.name) !== undefined;
    return failed({
      'is killed while it drains': pod.terminationGracePeriodSeconds >= pause + shutdownSeconds() + spare,
      'closes before the others know': !hasDoor || pause >= 3,
      'an old one goes before a new one is ready': one.spec.strategy?.rollingUpdate?.maxUnavailable === 0,
    }).map(fault => `${nameOf(one)} ${fault}`);
  });
}

export function The_gateways_memory_is_enough_for_its_connections(rendered) {
  // Measured, see docs/kubernetes.md: a gateway at work without many connections, and one idle connection.
  const [base, perConnection] = [180 * 1024 ** 2, 42 * 1024];
  const gateway = rendered.one('Deployment', 'gateway');
  const most = Number(rendered.environmentOf(gateway).get('Im__Gateway__MaxConnections'));
  // The collector wants half as much again as what lives.
  const needed = 1.5 * (base + most * perConnection);
  const limit = bytesOf(gateway.spec.template.spec.containers[0].resources.limits.memory);
  return limit >= needed ? [] : [`${most} connections need ${Math.ceil(needed / 1024 ** 2)} MiB, the limit is ${limit / 1024 ** 2}`];
}
