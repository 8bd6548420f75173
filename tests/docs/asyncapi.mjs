// Validates an AsyncAPI document with the parser of the AsyncAPI initiative: node asyncapi.mjs FILE
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
const errors = diagnostics.filter(({ severity }) => severity === 0);
for (const { severity, path, message, range } of diagnostics)
  console.log(`${severity === 0 ? 'error' : 'note'} line ${range.start.line + 1} ${path.join('.')}: ${message}`);
process.exitCode = document && errors.length === 0 ? 0 : 1;
