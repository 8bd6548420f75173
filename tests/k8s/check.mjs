// Renders every overlay, runs every check on it, and then every check on what somebody broke. Prints {"check @ overlay": [findings], "caught": [what was not]}
// for the tests; without --json it prints what was found, and ends with 1 if there was anything.
import { readdirSync } from 'node:fs';
import { Rendered, overlays, render, renderByKubectl } from './rendered.mjs';
import { faults } from './faults.mjs';

const files = readdirSync(new URL('./checks', import.meta.url)).sort();
const checks = Object.assign({}, ...await Promise.all(files.map(async file => ({ ...await import(`./checks/${file}`) }))));
for (const name of Object.keys(checks)) if (!/^[A-Z]/.test(name)) delete checks[name];

const results = {};
const kept = {};
for (const overlay of overlays) {
  const rendered = kept[overlay] = Rendered.of(overlay);
  for (const [name, check] of Object.entries(checks)) results[`${name} @ ${overlay}`] = await check(rendered);
  const other = renderByKubectl(overlay);
  results[`kubectl_renders_the_same @ ${overlay}`] = other === null || other === render(overlay) ? [] : ['kubectl kustomize renders something else'];
}

results.caught = [];
for (const [at, [name, overlay, spoil]] of faults.entries()) {
  const broken = kept[overlay].copy();
  spoil(broken);
  if (!checks[name]) results.caught.push(`fault ${at}: there is no check ${name}`);
  else if ((await checks[name](broken)).length === 0) results.caught.push(`fault ${at}: ${name} does not see it (${overlay})`);
}
results.caught.push(...Object.keys(checks).filter(name => !faults.some(fault => fault[0] === name)).map(name => `no fault tries ${name}`));

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(results));
} else {
  const bad = Object.entries(results).filter(([, findings]) => findings.length > 0);
  for (const [name, findings] of bad) console.log([name, ...findings].join('\n  '));
  console.log(`${Object.keys(results).length} checks, ${bad.length} with findings, ${faults.length} faults tried`);
  process.exitCode = bad.length > 0 ? 1 : 0;
}
