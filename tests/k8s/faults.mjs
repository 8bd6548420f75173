// Mistakes that somebody could make, each with the check that has to find it. A check that finds nothing proves something only if it would have.
const container = (rendered, name) => (rendered.one('Deployment', name) ?? rendered.one('StatefulSet', name)).spec.template.spec.containers[0];
const pod = (rendered, name) => rendered.one('Deployment', name).spec.template.spec;
const variable = (rendered, service, name, value) => { container(rendered, service).env.find(entry => entry.name === name).value = value; };
const setting = (rendered, name, value) => { rendered.all('ConfigMap').find(one => one.metadata.name.startsWith('im-settings')).data[name] = value; };
const without = (rendered, kind, name) => rendered.documents.splice(rendered.documents.indexOf(rendered.one(kind, name)), 1);
const model = 'Every_document_is_valid_by_the_model_of_its_kind';
const one = (rendered, kind, name) => rendered.one(kind, name);
const queue = rendered => rendered.one('Queue', 'im-shard-3').spec;
const rights = (rendered, name) => rendered.one('Permission', `im-${name}`).spec.permissions;

export const faults = [
  [model, 'dev', r => { one(r, 'PodDisruptionBudget', 'gateway').spec.minAvailabel = 1; }],
  [model, 'dev', r => { pod(r, 'gateway').terminationGracePeriodSecond = 1; }],
  [model, 'dev', r => { delete one(r, 'Service', 'gateway').spec.ports[0].port; }],
  [model, 'prod', r => { one(r, 'ScaledObject', 'message').spec.maxReplicas = 3; }],
  [model, 'prod', r => { one(r, 'Cluster', 'im-postgres').spec.postgresql.synchronous.method = 'some'; }],
  [model, 'prod', r => { one(r, 'HTTPRoute', 'gateway').spec.rules[0].backendRef = []; }],
  [model, 'prod', r => { one(r, 'RabbitmqCluster', 'im-rabbitmq').spec.replica = 3; }],
  [model, 'prod', r => { one(r, 'BackendTrafficPolicy', 'gateway').spec.loadBalancer.type = 'LeastConnections'; }],
  [model, 'prod', r => { one(r, 'Certificate', 'edge').spec.dnsName = 'x'; }],
  ['Every_name_is_given_once', 'dev', r => r.documents.push(one(r, 'Service', 'admin'))],
  ['Everything_is_in_the_one_namespace', 'dev', r => { one(r, 'Gateway', 'edge').metadata.namespace = 'default'; }],
  ['Every_selector_finds_pods_and_a_workload_its_own', 'dev', r => { one(r, 'Service', 'gateway').spec.selector = { app: 'gateway' }; }],
  ['Every_selector_finds_pods_and_a_workload_its_own', 'prod', r => { one(r, 'PodMonitor', 'im-rabbitmq').spec.selector.matchLabels = { app: 'rabbit' }; }],
  ['Every_secret_is_made_by_the_script_and_wanted_by_somebody', 'dev', r => { container(r, 'login').env.find(e => e.name === 'BUS_PASSWORD').valueFrom.secretKeyRef.key = 'pass'; }],
  ['Every_secret_is_made_by_the_script_and_wanted_by_somebody', 'prod', r => { without(r, 'TriggerAuthentication', 'im-rabbitmq-keda'); without(r, 'User', 'im-keda'); }],
  ['Every_password_is_a_long_random_one_of_its_own', 'dev', r => variable(r, 'login', 'Im__Bus', 'amqp://im-login:secret@im-rabbitmq:5672/im')],
  ['Every_password_is_a_long_random_one_of_its_own', 'dev', r => { r.secrets[0].stringData.password = 'changeme'; }],
  ['Every_config_map_that_is_named_exists_with_its_content', 'dev', r => { container(r, 'login').envFrom[0].configMapRef.name = 'settings'; }],
  ['Every_volume_is_mounted_and_every_mount_has_its_volume', 'dev', r => { pod(r, 'login').volumes = []; }],
  ['Every_host_that_a_service_is_told_exists_and_may_be_called', 'dev', r => variable(r, 'login', 'Im__Redis', 'im-redis-1.im-redis:6379,password=$(REDIS_PASSWORD)')],
  ['Every_host_that_a_service_is_told_exists_and_may_be_called', 'prod', r => without(r, 'NetworkPolicy', 'to-collector')],
  ['Every_port_that_is_named_is_open_behind_it', 'dev', r => { container(r, 'gateway').ports[0].containerPort = 80; }],
  ['Every_port_that_is_named_is_open_behind_it', 'prod', r => { one(r, 'HTTPRoute', 'gateway').spec.rules[0].backendRefs[0].port = 80; }],
  ['The_services_listen_and_are_asked_for_their_health_where_the_code_answers', 'dev', r => { container(r, 'login').readinessProbe.httpGet.path = '/health'; }],
  ['The_services_listen_and_are_asked_for_their_health_where_the_code_answers', 'dev', r => setting(r, 'Im__Health__Listen', 'http://127.0.0.1:8090')],
  ['Only_the_edge_comes_in_and_only_to_the_gateways', 'dev', r => { one(r, 'NetworkPolicy', 'edge-to-gateway').spec.podSelector = {}; }],
  ['Only_the_edge_comes_in_and_only_to_the_gateways', 'dev', r => without(r, 'NetworkPolicy', 'nothing')],
  ['All_seven_services_are_there', 'dev', r => without(r, 'Deployment', 'profile')],
  ['No_container_has_more_rights_than_it_needs', 'dev', r => { pod(r, 'login').automountServiceAccountToken = true; }],
  ['No_container_has_more_rights_than_it_needs', 'prod', r => { container(r, 'im-redis').securityContext.readOnlyRootFilesystem = false; }],
  ['Every_container_says_what_it_needs_and_when_it_lives', 'prod', r => { delete container(r, 'im-collector').resources.limits.memory; }],
  ['Every_image_is_pinned', 'prod', r => { container(r, 'im-redis').image = 'redis:latest'; }],
  ['Every_variable_is_a_setting_that_the_code_reads', 'dev', r => setting(r, 'Im__Gateway__MaxConnection', '5')],
  ['Every_variable_is_a_setting_that_the_code_reads', 'dev', r => setting(r, 'Im__Shards', '2000')],
  ['A_variable_that_is_made_of_others_comes_behind_them', 'dev', r => container(r, 'login').env.reverse()],
  ['The_services_run_in_production_mode', 'dev', r => setting(r, 'ASPNETCORE_ENVIRONMENT', 'Development')],
  ['There_is_time_to_drain', 'dev', r => { pod(r, 'gateway').terminationGracePeriodSeconds = 20; }],
  ['There_is_time_to_drain', 'dev', r => { delete container(r, 'gateway').lifecycle; }],
  ['The_gateways_memory_is_enough_for_its_connections', 'prod', r => setting(r, 'Im__Gateway__MaxConnections', '60000')],
  ['Every_budget_leaves_somebody_and_nobody_is_without_one', 'prod', r => { one(r, 'PodDisruptionBudget', 'im-rabbitmq').spec.maxUnavailable = 3; }],
  ['Every_budget_leaves_somebody_and_nobody_is_without_one', 'dev', r => without(r, 'PodDisruptionBudget', 'login')],
  ['An_autoscaler_has_a_target_whose_number_is_its_own', 'prod', r => { one(r, 'Deployment', 'message').spec.replicas = 2; }],
  ['Gateways_scale_on_a_metric_that_they_tell_below_what_they_take', 'prod', r => { one(r, 'HorizontalPodAutoscaler', 'gateway').spec.metrics[0].pods.metric.name = 'connections'; }],
  ['Message_services_scale_on_the_shard_queues_and_are_no_more_than_shards', 'prod', r => { one(r, 'ScaledObject', 'message').spec.maxReplicaCount = 17; }],
  ['PostgreSQL_has_connections_for_all_that_may_run_at_once', 'prod', r => { one(r, 'HorizontalPodAutoscaler', 'gateway').spec.maxReplicas = 70; }],
  ['PostgreSQL_has_connections_for_all_that_may_run_at_once', 'dev', r => { container(r, 'im-postgres').args = ['-c', 'max_connections=100']; }],
  ['A_commit_outlives_the_loss_of_the_primary', 'prod', r => { one(r, 'Cluster', 'im-postgres').spec.postgresql.synchronous.dataDurability = 'preferred'; }],
  ['Alerts_are_those_that_compose_loads', 'prod', r => { r.all('PrometheusRule')[0].spec.groups[0].rules[0].for = '1h'; }],
  ['Alerts_are_those_that_compose_loads', 'prod', r => without(r, 'PrometheusRule', 'im-alerts')],
  ['Dashboards_are_those_that_compose_shows', 'prod', r => { delete one(r, 'ConfigMap', 'im-dashboards').data['faults.json']; }],
  ['Dashboards_are_those_that_compose_shows', 'prod', r => { delete one(r, 'ConfigMap', 'im-dashboards').metadata.labels; }],
  ['The_collector_calls_metrics_what_that_of_compose_calls_them', 'prod', r => {
    const { data } = r.all('ConfigMap').find(map => map.metadata.name.startsWith('im-collector'));
    data['collector.conf.yaml'] = data['collector.conf.yaml'].replace('UnderscoreEscapingWithSuffixes', 'NoTranslation');
  }],
  [model, 'prod', r => { r.all('PrometheusRule')[0].spec.groups[0].rules[0].foor = '5m'; }],
  ['Shard_queues_are_those_that_the_services_declare', 'prod', r => { queue(r).arguments['x-max-length'] = 5000; }],
  ['Shard_queues_are_those_that_the_services_declare', 'prod', r => setting(r, 'Im__QuorumQueues', 'false')],
  ['Shard_queues_are_those_that_the_services_declare', 'prod', r => setting(r, 'Im__Shards', '32')],
  ['Everything_in_the_broker_is_in_the_one_virtual_host_of_the_one_cluster', 'prod', r => { delete queue(r).vhost; }],
  ['Every_service_comes_as_itself', 'prod', r => variable(r, 'login', 'Im__Bus', 'amqp://im-admin:$(BUS_PASSWORD)@im-rabbitmq:5672/im')],
  ['Every_user_may_do_what_its_service_does_and_nothing_more', 'prod', r => { rights(r, 'presence').read = '.*'; }],
  ['Every_user_may_do_what_its_service_does_and_nothing_more', 'prod', r => { rights(r, 'login').write = rights(r, 'login').write.replace('OpenSession', 'OpenSessions'); }],
  ['KEDA_sees_and_touches_nothing', 'prod', r => { rights(r, 'keda').read = '.*'; }],
];
