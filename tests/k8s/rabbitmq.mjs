// The kinds of the RabbitMQ Cluster Operator and the Messaging Topology Operator, as far as they are used here: no npm package has their models. A key that
// is not listed is refused, so one that is wanted has to be looked up in the operators' own definitions and added.
import Ajv from 'ajv';

const ajv = new Ajv({ allErrors: true });
const text = { type: 'string', minLength: 1 };
const flag = { type: 'boolean' };
const any = { type: 'object' };
const object = (required, optional = {}) => ({
  type: 'object', additionalProperties: false, required: Object.keys(required), properties: { ...required, ...optional },
});
const named = object({ name: text });
const quantity = { type: 'string', pattern: '^[0-9.]+([KMGT]i?|m)?$' };
const amounts = object({}, { cpu: quantity, memory: quantity });
const cluster = object({ name: text }, { namespace: text });

const specs = {
  RabbitmqCluster: object({}, {
    replicas: { type: 'integer', minimum: 0 },
    image: text,
    terminationGracePeriodSeconds: { type: 'integer', minimum: 0 },
    persistence: object({}, { storage: quantity, storageClassName: text }),
    resources: object({}, { requests: amounts, limits: amounts }),
    rabbitmq: object({}, { additionalConfig: text, advancedConfig: text, additionalPlugins: { type: 'array', items: text } }),
    affinity: object({}, { nodeAffinity: any, podAffinity: any, podAntiAffinity: any }),
    tls: object({}, { secretName: text, caSecretName: text, disableNonTLSListeners: flag }),
  }),
  Vhost: object({ name: text, rabbitmqClusterReference: cluster }, { tracing: flag, tags: { type: 'array', items: text }, defaultQueueType: text }),
  Exchange: object({ name: text, rabbitmqClusterReference: cluster }, {
    vhost: text, type: { enum: ['direct', 'fanout', 'topic', 'headers'] }, durable: flag, autoDelete: flag, arguments: any,
  }),
  Queue: object({ name: text, rabbitmqClusterReference: cluster }, {
    vhost: text, type: { enum: ['classic', 'quorum', 'stream'] }, durable: flag, autoDelete: flag, arguments: any, deleteIfEmpty: flag, deleteIfUnused: flag,
  }),
  Binding: object({ rabbitmqClusterReference: cluster }, {
    vhost: text, source: text, destination: text, destinationType: { enum: ['queue', 'exchange'] }, routingKey: { type: 'string' }, arguments: any,
  }),
  Policy: object({ name: text, pattern: text, definition: any, rabbitmqClusterReference: cluster }, {
    vhost: text, applyTo: { enum: ['queues', 'classic_queues', 'quorum_queues', 'exchanges', 'all'] }, priority: { type: 'integer' },
  }),
  User: object({ rabbitmqClusterReference: cluster }, {
    tags: { type: 'array', items: { enum: ['management', 'policymaker', 'monitoring', 'administrator'] } }, importCredentialsSecret: named,
  }),
  Permission: object({ vhost: text, permissions: object({}, { configure: text, write: text, read: text }), rabbitmqClusterReference: cluster }, {
    user: text, userReference: named,
  }),
};

const validators = Object.fromEntries(Object.entries(specs).map(([kind, spec]) => [kind, ajv.compile(
  object({ apiVersion: { const: 'rabbitmq.com/v1beta1' }, kind: { const: kind }, spec, metadata: object({ name: text }, { namespace: text, labels: any, annotations: any }) }),
)]));

export function validateRabbit(document) {
  const validator = validators[document.kind];
  if (!validator) return [`no model of ${document.kind}`];
  return validator(document) ? [] : validator.errors.map(fault => `${fault.instancePath} ${fault.message} ${JSON.stringify(fault.params)}`);
}
