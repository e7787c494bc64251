import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { asyncApi } from './asyncapi.ts';
import { incompatibilities } from './compatibility.ts';
import { publishedV1, toJsonSchema, type JsonSchema } from './published.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const current = 'contracts/schemas/v1/';
const baseline = 'contracts/schemas/published/v1/';

/** Text of every generated file, by path relative to the repository. */
export function generatedFiles(): Map<string, string> {
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const files = new Map<string, string>();
  for (const [name, entry] of Object.entries(publishedV1))
    files.set(`${current}${name}.json`, text(toJsonSchema(name, entry)));
  files.set('docs/api/asyncapi.json', text(asyncApi()));
  return files;
}

/** What today's schemas would break for those who rely on the published baseline, one line each. */
export function brokenPromises(): string[] {
  return readdirSync(`${root}${baseline}`).flatMap((file) => {
    const name = file.replace(/\.json$/, '');
    const entry = publishedV1[name];
    if (entry === undefined) return [`${name}: a published schema may not be removed`];
    const before = JSON.parse(readFileSync(`${root}${baseline}${file}`, 'utf8')) as JsonSchema;
    return incompatibilities(before, toJsonSchema(name, entry), entry.use).map(
      (one) => `${name} ${one.path}: ${one.message}`,
    );
  });
}

function write(path: string, text: string): void {
  const file = `${root}${path}`;
  mkdirSync(file.slice(0, file.lastIndexOf('/')), { recursive: true });
  writeFileSync(file, text);
}

/** Makes today's schemas the baseline that later ones are held to; refuses where they break the present baseline. */
function publish(): void {
  const broken = brokenPromises();
  if (broken.length > 0) {
    process.stderr.write(`These changes would break those who rely on version 1:\n  ${broken.join('\n  ')}\n`);
    process.exitCode = 1;
    return;
  }
  for (const [path, text] of generatedFiles())
    if (path.startsWith(current)) write(`${baseline}${path.slice(current.length)}`, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = generatedFiles();
  mkdirSync(`${root}${current}`, { recursive: true });
  mkdirSync(`${root}${baseline}`, { recursive: true });
  for (const file of readdirSync(`${root}${current}`))
    if (!wanted.has(`${current}${file}`)) rmSync(`${root}${current}${file}`);
  for (const [path, text] of wanted) write(path, text);
  if (process.argv.includes('--publish')) publish();
}
