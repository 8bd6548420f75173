// Who comes to PostgreSQL as whom: the owner makes the tables, and each service has a role that may do what the service does.
import { migration, rolesWithRights, services } from '../sources.mjs';

const userOf = environment => String(environment.get('Im__Database')).match(/;Username=(\w+);Password=\$\(POSTGRES_PASSWORD\)$/)?.[1];
const secretOf = environment => environment.get('POSTGRES_PASSWORD')?.secretKeyRef.name;
const usernameIn = (rendered, secret) => rendered.secrets.find(one => one.metadata.name === secret)?.stringData.username;

/** The owner of the database, and the secret with his password. */
function ownerOf(rendered) {
  const cluster = rendered.one('Cluster', 'im-postgres')?.spec.bootstrap.initdb;
  if (cluster) return [cluster.owner, cluster.secret.name];
  const { env } = rendered.one('StatefulSet', 'im-postgres').spec.template.spec.containers[0];
  return [env.find(one => one.name === 'POSTGRES_USER').value, env.find(one => one.name === 'POSTGRES_PASSWORD').valueFrom.secretKeyRef.name];
}

/** The roles that are made beside the owner's: [role, secret with its password]. */
function rolesOf(rendered) {
  const cluster = rendered.one('Cluster', 'im-postgres');
  if (cluster) return cluster.spec.managed.roles.filter(one => one.login).map(one => [one.name, one.passwordSecret.name]);
  const [container] = rendered.one('StatefulSet', 'im-postgres').spec.template.spec.containers;
  const map = rendered.one('StatefulSet', 'im-postgres').spec.template.spec.volumes.find(one => one.name === 'roles')?.configMap.name;
  const script = rendered.one('ConfigMap', map)?.data['roles.sh'] ?? '';
  const looped = script.match(/for service in ([\w ]+);/)?.[1].split(' ') ?? [];
  return looped.map(service => [`im_${service}`, container.env.find(one => one.name === `PASSWORD_${service}`)?.valueFrom.secretKeyRef.name]);
}

export function The_owner_makes_the_tables_and_the_services_wait_for_it(rendered) {
  const job = rendered.one('Job', 'migrate');
  if (!job) return ['nobody makes the tables'];
  const [container] = job.spec.template.spec.containers;
  const environment = rendered.environmentOf(job);
  const [owner, secret] = ownerOf(rendered);
  return [
    ...(JSON.stringify(container.args) === JSON.stringify(migration()) ? [] : [`no service knows ${container.args}`]),
    ...(rendered.services.some(one => one.spec.template.spec.containers[0].image === container.image) ? [] : [`${container.image} is no service of this version`]),
    ...(userOf(environment) === owner && secretOf(environment) === secret ? [] : ['it does not come as the owner']),
    ...rendered.services.filter(one => rendered.environmentOf(one).get('Im__MigrateAtStart') !== 'false').map(one => `${one.metadata.name} would make them itself`),
  ];
}

export function Every_service_has_a_role_of_its_own_in_the_database(rendered) {
  const roles = rolesOf(rendered);
  return services.flatMap(service => {
    const environment = rendered.environmentOf(rendered.one('Deployment', service));
    const [role, secret] = [`im_${service}`, `im-postgres-${service}`];
    return [
      ...(userOf(environment) === role && secretOf(environment) === secret ? [] : [`${service} comes as ${userOf(environment)}`]),
      ...(roles.some(([name, from]) => name === role && from === secret) ? [] : [`nobody makes ${role}`]),
      ...(usernameIn(rendered, secret) === role ? [] : [`${secret} is for another one`]),
      ...(rolesWithRights().includes(role) ? [] : [`${role} is given no rights`]),
    ];
  });
}
