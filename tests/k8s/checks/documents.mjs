// Each document by itself.
import { validate } from '../models.mjs';

export function Every_document_is_valid_by_the_model_of_its_kind(rendered) {
  return validate(rendered.documents);
}

export function Every_name_is_given_once(rendered) {
  const names = rendered.documents.map(one => `${one.apiVersion} ${one.kind} ${one.metadata.name}`);
  return names.filter((name, at) => names.indexOf(name) !== at);
}

export function Everything_is_in_the_one_namespace(rendered) {
  return [...rendered.documents.filter(one => one.kind !== 'Namespace'), ...rendered.secrets]
    .filter(one => one.metadata.namespace !== rendered.all('Namespace')[0].metadata.name).map(one => `${one.kind} ${one.metadata.name}`);
}
