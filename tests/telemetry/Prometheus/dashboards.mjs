// The dashboards before the types of the Grafana that compose runs: every field has to be one of its own, every value one that it knows. Prints what does not
// fit and ends with 1. Each kind of mistake is tried as well: a check that finds nothing proves something only if it would have.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { defaultDashboard } from '@grafana/schema';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../../..');
const folder = path.join(root, 'deploy/telemetry/dashboards');
const read = file => readFileSync(file, 'utf8');

// Strings stand in JSON where the types have enumerations. Grafana has no types for the queries of its Prometheus data source; these are the fields that we use.
const types = `
import type { Dashboard, Panel, FieldConfig } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as TimeSeriesOptions, FieldConfig as TimeSeriesFields } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
type Json<T> = T extends string ? \`\${T}\` : T extends number | boolean | null | undefined ? T : T extends readonly (infer U)[] ? Json<U>[]
  : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
type Query = { refId: string; expr: string; legendFormat: string; interval: string; instant?: boolean };
type Shown<K, O, C> = Json<Omit<Panel, 'type' | 'options' | 'fieldConfig' | 'targets'>> & {
  type: K; options: Json<O>; targets: Query[];
  fieldConfig: { defaults: Json<Omit<FieldConfig, 'custom'>> & { custom?: Json<C> }; overrides: [] };
};
type Kinds = { stat: Shown<'stat', StatOptions, {}>; timeseries: Shown<'timeseries', TimeSeriesOptions, TimeSeriesFields> };
type Whole = Json<Omit<Dashboard, 'panels'>>;
`;

const all = readdirSync(folder).map(name => [name, JSON.parse(read(path.join(folder, name)))]);
const findings = check(all);
const version = JSON.parse(read(path.join(here, '../node_modules/@grafana/schema/package.json'))).version;
if (!read(path.join(root, 'docker-compose.yml')).includes(`grafana/grafana:${version}\n`)) findings.push(`docker-compose.yml runs another Grafana than ${version}`);

const mistakes = [
  dashboard => { dashboard.refreshes = '30s'; },
  dashboard => { dashboard.graphTooltip = 7; },
  dashboard => { dashboard.schemaVersion = 30; },
  dashboard => { dashboard.panels[0].titel = 'x'; },
  dashboard => { dashboard.panels[0].type = 'graph'; },
  dashboard => { dashboard.panels[0].options.colourMode = 'value'; },
  dashboard => { dashboard.panels.find(panel => panel.type === 'timeseries').options.legend.placement = 'left'; },
  dashboard => { dashboard.panels.find(panel => panel.type === 'timeseries').fieldConfig.defaults.custom.lineWidht = 2; },
  dashboard => { dashboard.panels[0].targets[0].query = 'up'; },
  dashboard => { dashboard.panels[0].datasource.uid = 'some'; },
];
for (const [at, spoil] of mistakes.entries()) {
  const [name, dashboard] = structuredClone(all.find(([name]) => name === 'overview.json'));
  spoil(dashboard);
  if (check([[name, dashboard]]).length === 0) findings.push(`mistake ${at} is not seen`);
}

for (const finding of findings) console.log(finding);
process.exitCode = findings.length > 0 ? 1 : 0;

/** One literal for each dashboard without its panels and one for each panel, in a file that exists in memory alone. */
function check(dashboards) {
  const [lines, names, found] = [[types.replaceAll('\n', ' ')], [''], []];
  const add = (name, type, value) => {
    names.push(name);
    lines.push(`export const c${names.length}: ${type} = ${JSON.stringify(value)};`);
  };
  for (const [name, { panels, ...whole }] of dashboards) {
    add(name, 'Whole', whole);
    if (whole.schemaVersion !== defaultDashboard.schemaVersion) found.push(`${name}: this Grafana has schemaVersion ${defaultDashboard.schemaVersion}`);
    for (const panel of panels) {
      add(`${name}, ${panel.title}`, `Kinds['${panel.type}']`, panel);
      if (panel.datasource?.uid !== '${datasource}') found.push(`${name}, ${panel.title}: the data source is the one that is chosen above`);
    }
  }

  const file = path.join(here, 'dashboards.ts');
  const options = { strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler, types: [] };
  const host = ts.createCompilerHost(options);
  const [source, exists] = [host.getSourceFile, host.fileExists];
  host.fileExists = name => path.resolve(name) === file || exists.call(host, name);
  host.getSourceFile = (name, ...rest) => path.resolve(name) === file
    ? ts.createSourceFile(name, lines.join('\n'), ts.ScriptTarget.ES2022)
    : (check.parsed ??= new Map()).get(name) ?? check.parsed.set(name, source.call(host, name, ...rest)).get(name);
  const program = ts.createProgram([file], options, host);
  return [...found, ...ts.getPreEmitDiagnostics(program).map(fault => {
    const line = fault.file ? ts.getLineAndCharacterOfPosition(fault.file, fault.start).line : 0;
    return `${names[line]}: ${ts.flattenDiagnosticMessageText(fault.messageText, ' ')}`;
  })];
}
