import type { TestProject } from 'vitest/node';
import { bundleForNode } from './bundle.ts';

/** Programs that tests run in processes of their own, to kill them or because people do. What each takes as arguments it says itself. */
const programs = {
  cli: 'tests/support/cli-process.ts',
  commands: 'tests/support/commands-process.ts',
  events: 'tests/support/events-process.ts',
  files: 'tests/support/files-process.ts',
  ingest: 'tests/support/ingest-child.ts',
  lock: 'tests/support/lock-process.ts',
  polls: 'tests/support/polls-process.ts',
  stock: 'tests/support/stock-process.ts',
};
export type Program = keyof typeof programs;

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the programs' bundle lies. */
    programs: Record<string, string>;
  }
}

/** Set-up of the integration tests: the programs are bundled once for all of them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const bundle = await bundleForNode(programs);
  project.provide('programs', Object.fromEntries(Object.keys(programs).map((name) => [name, bundle.entry(name)])));
  return () => bundle.remove();
}
