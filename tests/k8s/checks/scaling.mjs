// How many there are: budgets, autoscalers, and what the servers bear of them.
import { selects } from '../rendered.mjs';
import { metrics, poolSize, topology } from '../sources.mjs';

const nameOf = document => `${document.kind} ${document.metadata.name}`;
const scalerOf = (rendered, name) => rendered.all('HorizontalPodAutoscaler', 'ScaledObject').find(one => one.spec.scaleTargetRef.name === name);

/** As Kubernetes writes it: 500m or 2. */
const cores = quantity => String(quantity).endsWith('m') ? parseInt(quantity, 10) / 1000 : Number(quantity);

/** The fewest and the most instances of a workload. */
function countOf(rendered, one) {
  const scaler = scalerOf(rendered, one.metadata.name)?.spec;
  return scaler
    ? [scaler.minReplicas ?? scaler.minReplicaCount, scaler.maxReplicas ?? scaler.maxReplicaCount]
    : [one.spec.replicas ?? 1, one.spec.replicas ?? 1];
}

export function Every_budget_leaves_somebody_and_nobody_is_without_one(rendered) {
  const budgets = rendered.all('PodDisruptionBudget');
  const counted = [
    ...rendered.lasting.map(one => [one, one.spec.template.metadata.labels, countOf(rendered, one)[0]]),
    ...rendered.all('RabbitmqCluster').map(one => [one, { 'app.kubernetes.io/name': one.metadata.name }, one.spec.replicas]),
  ];
  return counted.flatMap(([one, labels, fewest]) => {
    const own = budgets.filter(budget => selects(budget.spec.selector, labels));
    if (fewest < 2) return own.map(budget => `${nameOf(budget)} would hold up every drain`);
    if (own.length !== 1) return [`${nameOf(one)} has ${own.length} budgets`];
    const { maxUnavailable, minAvailable } = own[0].spec;
    return (maxUnavailable ?? fewest - minAvailable) >= 1 && (maxUnavailable ?? fewest - minAvailable) < fewest ? [] : [nameOf(own[0])];
  });
}

export function An_autoscaler_has_a_target_whose_number_is_its_own(rendered) {
  return rendered.all('HorizontalPodAutoscaler', 'ScaledObject').flatMap(one => {
    const target = rendered.one('Deployment', one.spec.scaleTargetRef.name);
    return [
      ...(target && target.spec.replicas === undefined ? [] : [`${nameOf(one)}: ${target ? 'the Deployment has a number too' : 'no target'}`]),
      ...(one.spec.triggers ?? []).filter(trigger => trigger.authenticationRef).map(trigger => trigger.authenticationRef.name)
        .filter(name => !rendered.one('TriggerAuthentication', name)).map(name => `${nameOf(one)}: ${name}`),
    ];
  });
}

export function Gateways_scale_on_a_metric_that_they_tell_below_what_they_take(rendered) {
  const told = metrics().map(name => name.replaceAll('.', '_'));
  return rendered.all('HorizontalPodAutoscaler').flatMap(one => {
    const most = Number(rendered.environmentOf(rendered.one('Deployment', one.spec.scaleTargetRef.name)).get('Im__Gateway__MaxConnections'));
    const [least] = countOf(rendered, rendered.one('Deployment', one.spec.scaleTargetRef.name));
    return one.spec.metrics.flatMap(({ pods }) => {
      const target = Number(pods.target.averageValue);
      // When one of the fewest dies, the others take in its connections.
      return told.includes(pods.metric.name) && target * least / (least - 1) <= most ? [] : [`${pods.metric.name} ${target}`];
    });
  });
}

export function Message_services_scale_on_their_work_and_the_shard_queues_and_are_no_more_than_shards(rendered) {
  return rendered.all('ScaledObject').flatMap(one => {
    const target = rendered.one('Deployment', one.spec.scaleTargetRef.name);
    const shards = Number(rendered.environmentOf(target).get('Im__Shards'));
    const findings = one.spec.maxReplicaCount <= shards ? [] : [`${one.spec.maxReplicaCount} for ${shards} shards`];
    const { requests, limits } = target.spec.template.spec.containers[0].resources;
    const work = one.spec.triggers.filter(trigger => trigger.type === 'cpu');
    // KEDA takes no trigger by CPU where nothing is requested, and what may not be used is never reached.
    if (!requests.cpu || !work.some(trigger => trigger.metricType === 'AverageValue' && cores(trigger.metadata.value) < cores(limits.cpu))) findings.push('not by their CPU');
    const queued = one.spec.triggers.filter(trigger => trigger.type === 'rabbitmq');
    // The fallback stands for what has an average.
    if (!queued.some(trigger => trigger.metricType === 'AverageValue')) findings.push('not by their queues');
    for (const { metadata } of queued) {
      const queues = new RegExp(metadata.queueName);
      for (let shard = 0; shard < shards; shard++) if (!queues.test(topology('ShardQueue', shard))) findings.push(`shard ${shard} is not counted`);
      for (const other of ['LoginQueue', 'CursorQueue']) if (queues.test(topology(other))) findings.push(`${other} is counted`);
      if (Number(metadata.pageSize) < shards) findings.push('a page holds fewer queues than there are shards');
    }
    return findings;
  });
}

export function PostgreSQL_has_connections_for_all_that_may_run_at_once(rendered) {
  // Kept for superusers, replication, and those who look.
  const spare = 20;
  // Old and new ones run side by side while a service is rolled.
  const processes = rendered.services.reduce((sum, one) => sum + countOf(rendered, one)[1] + one.spec.strategy.rollingUpdate.maxSurge, 0);
  const needed = processes * poolSize() + spare;
  const argument = rendered.one('StatefulSet', 'im-postgres')?.spec.template.spec.containers[0].args.find(arg => arg.startsWith('max_connections='));
  const most = Number(argument?.split('=')[1] ?? rendered.one('Cluster', 'im-postgres')?.spec.postgresql.parameters.max_connections);
  return most >= needed ? [] : [`${processes} processes need ${needed} connections, there are ${most}`];
}

export function A_commit_outlives_the_loss_of_the_primary(rendered) {
  return rendered.all('Cluster').filter(({ spec }) => !(spec.instances >= 3 && spec.postgresql.synchronous.number >= 1
    && spec.postgresql.synchronous.dataDurability === 'required' && spec.postgresql.parameters.synchronous_commit === 'on')).map(nameOf);
}
