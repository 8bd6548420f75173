// What the code says that the manifests have to fit, read from its sources. A pattern that finds nothing is an error: the code has moved on.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './rendered.mjs';

const read = file => readFileSync(path.join(root, file), 'utf8');
const filesBelow = folder => readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile() && entry.name.endsWith('.cs') && !/[\\/](bin|obj)([\\/]|$)/.test(entry.parentPath ?? entry.path))
  .map(entry => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));

function find(file, pattern) {
  const found = read(file).match(pattern);
  if (!found) throw new Error(`${file} has nothing like ${pattern}`);
  return found[1];
}

export const services = ['gateway', 'admin', 'login', 'session', 'presence', 'message', 'profile'];

/** Every setting by its environment variable, with its range where it has one; a list's ends in __0. */
export function settings() {
  const all = new Map();
  for (const file of [...filesBelow('services'), ...filesBelow('shared/hosting')]) {
    const text = read(file);
    const section = text.match(/public const string Section = "([\w:]+)"/)?.[1];
    if (!section || !file.endsWith('Options.cs')) continue;
    for (const [, attributes, type, name] of text.matchAll(/((?:^ *\[.*\]\s*\n)*) *public ([\w<>?]+) (\w+) \{ get; init; \}/gm)) {
      const range = attributes.match(/Range\(([\d_.]+), ([\d_.]+)\)/)?.slice(1).map(number => Number(number.replaceAll('_', '')));
      all.set(`${section}:${name}`.replaceAll(':', '__') + (type.startsWith('IReadOnlyList') ? '__0' : ''), { type, range });
    }
  }
  // Read from the configuration by name.
  for (const file of filesBelow('shared/hosting'))
    for (const [, name] of read(file).matchAll(/onfiguration\["(\w[\w:]*)"\]/g)) if (!all.has(name.replaceAll(':', '__'))) all.set(name.replaceAll(':', '__'), {});
  return all;
}

export const healthPaths = () => [...read('shared/hosting/Health/HealthPages.cs').matchAll(/MapMethods\("([^"]+)"/g)].map(found => found[1]);

export const shutdownSeconds = () => Number(find('shared/hosting/ImHost.cs', /ShutdownTimeout = TimeSpan\.FromSeconds\((\d+)\)/));

export const poolSize = () => Number(find('shared/hosting/Storage/PostgresConnections.cs', /int Limit = (\d+)/));

/** The arguments with which a service's program makes the tables and gives the roles their rights. */
export const migration = () => ['Verb', 'Roles'].map(name => find('shared/hosting/Storage/Migration.cs', new RegExp(`const string ${name} = "([^"]+)"`)));

export const rolesWithRights = () => [...new Set(read('shared/hosting/Storage/Rights.sql').match(/\bim_\w+/g))];

/** The services for which deploy/redis/users.sh makes a user. */
export const redisUsers = text => [...text.matchAll(/^user (\w+) /gm)].map(found => found[1]);

export const metrics = () => [...read('shared/hosting/Telemetry/ImMetrics.cs').matchAll(/"(im(?:\.[a-z_]+)+)"/g)].map(found => found[1]);

/** The arguments that RabbitSession gives a shard queue. */
export function shardQueueArguments() {
  const text = read('shared/hosting/Lanes/RabbitSession.cs');
  const declared = text.slice(text.indexOf('Task DeclareAsync('));
  const values = { ShardQueueLength: Number(find('shared/hosting/Lanes/RabbitSession.cs', /ShardQueueLength = ([\d_]+)/).replaceAll('_', '')), true: true };
  return Object.fromEntries([...declared.matchAll(/\["(x-[a-z-]+)"\] = ("?)([\w-]+)\2[,;]/g)]
    .filter(([, name]) => name !== 'x-queue-type')
    .map(([, name, quote, value]) => [name, quote ? value : values[value]]));
}

/** A name of Topology, with what stands in for its parameter. */
export function topology(member, parameter = '') {
  const text = find('shared/contracts/Topology.cs', new RegExp(`${member}(?:\\([^)]*\\))? =>? ?(.*);`));
  const literal = text.match(/\$?"([^"]*)"/)[1];
  return literal.replace(/\{\w+\}/, parameter);
}

/** What each service takes, and what it asks or tells, by the names of the messages. */
export function traffic(service) {
  const texts = filesBelow(`services/${service}`).map(read);
  const all = pattern => [...new Set(texts.flatMap(text => [...text.matchAll(pattern)].map(found => found[1])))];
  const taken = all(/IConsumer<(\w+)>/g);
  const asked = all(/AskAsync<(\w+),/g);
  const told = texts.flatMap(text => [...text.matchAll(/TryPublishAsync\((\w+)/g)].map(([, what]) => {
    if (what === 'new') return [...text.matchAll(/TryPublishAsync\(new (\w+)/g)].map(found => found[1]);
    // A variable: its type stands where it is made, or where it is a parameter.
    return [text.match(new RegExp(`var ${what} = new (\\w+)`))?.[1] ?? text.match(new RegExp(`(\\w+) ${what}[,)]`))?.[1]];
  }).flat());
  return { taken, asked, told: [...new Set(told)] };
}
