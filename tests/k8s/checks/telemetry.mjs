// What is watched, and by what names: as with compose, for which tests/telemetry tries rules and dashboards before what the services really tell.
import { isDeepStrictEqual } from 'node:util';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseYaml, root } from '../rendered.mjs';

const deployed = path.join(root, 'deploy/telemetry');
const read = file => readFileSync(path.join(deployed, file), 'utf8');
const isWatched = rendered => rendered.one('Deployment', 'im-collector') !== undefined;

export function Alerts_are_those_that_compose_loads(rendered) {
  if (!isWatched(rendered)) return [];
  const rules = rendered.all('PrometheusRule');
  if (rules.length !== 1) return [`${rules.length} PrometheusRules`];
  return isDeepStrictEqual(rules[0].spec, parseYaml(read('alerts.yml'))) ? [] : ['k8s/overlays/prod/alerts.yaml is out of date: k8s/alerts.sh makes it'];
}

export function Dashboards_are_those_that_compose_shows(rendered) {
  if (!isWatched(rendered)) return [];
  const shown = rendered.all('ConfigMap').filter(one => one.metadata.labels?.grafana_dashboard === '1').flatMap(one => Object.entries(one.data));
  const files = readdirSync(path.join(deployed, 'dashboards'));
  return [
    ...files.filter(file => !shown.some(([name, text]) => name === file && text === read(`dashboards/${file}`))).map(file => `${file} is missing or another`),
    ...shown.filter(([name]) => !files.includes(name)).map(([name]) => `${name} is no dashboard`),
    // kubectl apply keeps a copy in an annotation, and annotations hold 256 KiB.
    ...(JSON.stringify(shown).length < 250_000 ? [] : ['together they are too large for kubectl apply']),
  ];
}

export function The_collector_calls_metrics_what_that_of_compose_calls_them(rendered) {
  if (!isWatched(rendered)) return [];
  const settingsOf = text => {
    const { endpoint, ...settings } = parseYaml(text).exporters.prometheus;
    return settings;
  };
  const own = rendered.all('ConfigMap').find(one => one.metadata.name.startsWith('im-collector')).data['collector.conf.yaml'];
  return isDeepStrictEqual(settingsOf(own), settingsOf(read('collector.yaml'))) ? [] : ['the exporters differ'];
}
