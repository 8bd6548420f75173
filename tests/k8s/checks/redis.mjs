// Who comes to Redis as whom: each service is a user that may do what the service does, and the servers' own password stays with them.
import { redisUsers, services } from '../sources.mjs';

const secretOf = (variables, name) => variables.find(one => one.name === name)?.valueFrom?.secretKeyRef?.name;

export function Every_service_is_a_user_of_its_own_in_Redis(rendered) {
  const server = rendered.one('StatefulSet', 'im-redis').spec.template.spec;
  const [container] = server.containers;
  const map = rendered.one('ConfigMap', server.volumes.find(one => one.name === 'users')?.configMap.name);
  const at = container.volumeMounts.find(one => one.name === 'users')?.mountPath;
  // Where the prod overlay keeps the start of a server in a script of its own.
  const start = [...container.command, ...rendered.all('ConfigMap').map(one => one.data['redis.sh'] ?? '')].join('\n');
  const runs = map !== undefined && Object.keys(map.data).some(file => start.includes(`sh ${at}/${file}`));
  return [
    ...(runs ? [] : ['the server does not make the users']),
    ...services.flatMap(service => {
      const deployment = rendered.one('Deployment', service);
      const environment = rendered.environmentOf(deployment);
      const [secret, label] = [`im-redis-${service}`, deployment.spec.template.metadata.labels['app.kubernetes.io/name']];
      const named = environment.get('SERVICE')?.fieldRef?.fieldPath === "metadata.labels['app.kubernetes.io/name']" && label === service;
      return [
        ...(named && String(environment.get('Im__Redis')).endsWith(',user=im-$(SERVICE),password=$(REDIS_PASSWORD)') ? [] : [`${service} does not come as itself`]),
        ...(environment.get('REDIS_PASSWORD')?.secretKeyRef.name === secret ? [] : [`${service} has the password of another one`]),
        ...(redisUsers(map?.data['users.sh'] ?? '').includes(service) && secretOf(container.env, `PASSWORD_${service}`) === secret ? [] : [`nobody makes im-${service}`]),
      ];
    }),
  ];
}
