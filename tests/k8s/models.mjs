// Each document before the model of its kind: types and required fields by the validators of kubernetes-models, unknown keys by its types, which
// TypeScript refuses in a literal. The kinds of RabbitMQ's operators have no such models: ./rabbitmq.mjs has them.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { validateRabbit } from './rabbitmq.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = {
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'postgresql.cnpg.io': '@kubernetes-models/cloudnative-pg',
  'gateway.envoyproxy.io': '@kubernetes-models/envoy-gateway',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

// The types are the same every time; reading them is most of the work.
const parsed = new Map();

const nameOf = document => `${document.kind} ${document.metadata?.name}`;
const moduleOf = ({ apiVersion }) => `${packages[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}`;
const isRabbit = document => document.apiVersion.startsWith('rabbitmq.com/');

export async function validate(documents) {
  const findings = documents.filter(isRabbit).flatMap(document => validateRabbit(document).map(fault => `${nameOf(document)}: ${fault}`));
  const known = [];
  for (const document of documents.filter(one => !isRabbit(one))) {
    const models = await import(moduleOf(document)).catch(() => null);
    const Model = models?.[document.kind];
    if (!Model) {
      findings.push(`${nameOf(document)}: no model of ${document.apiVersion}`);
      continue;
    }
    known.push(document);
    try {
      new Model(document).validate();
    } catch (fault) {
      findings.push(`${nameOf(document)}: ${fault.message}`);
    }
  }
  return [...findings, ...unknownKeys(known)];
}

/** One literal for each document, in a file that exists in memory alone. */
function unknownKeys(documents) {
  const file = path.join(here, 'rendered.ts');
  const imports = documents.map((document, i) => `import type { I${document.kind} as K${i} } from ${JSON.stringify(moduleOf(document))};`);
  const literals = documents.map((document, i) => `export const d${i}: K${i} = ${JSON.stringify(document)};`);
  const source = [...imports, ...literals].join('\n');
  const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] };
  const host = ts.createCompilerHost(options);
  const [read, exists] = [host.getSourceFile, host.fileExists];
  host.fileExists = name => path.resolve(name) === file || exists.call(host, name);
  host.getSourceFile = (name, ...rest) => {
    if (path.resolve(name) === file) return ts.createSourceFile(name, source, ts.ScriptTarget.ES2022);
    if (!parsed.has(name)) parsed.set(name, read.call(host, name, ...rest));
    return parsed.get(name);
  };
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map(found => {
    const line = found.file ? ts.getLineAndCharacterOfPosition(found.file, found.start).line - documents.length : -1;
    return `${line >= 0 ? nameOf(documents[line]) : 'models'}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`;
  });
}
