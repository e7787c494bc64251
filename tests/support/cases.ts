import type { CaseState } from '#contracts/v1/case.ts';
import { publisherOf } from '#platform/nats/publisher.ts';
import { CaseStore } from '#sync-engine/cases/case-store.ts';
import type { TestEngine } from './engine.ts';

/** A case as it is now. @throws where there is none. */
export async function caseState({ nc, manager }: Pick<TestEngine, 'nc' | 'manager'>, id: string): Promise<CaseState> {
  const stored = await new CaseStore(publisherOf(nc), manager, 'test', () => new Date()).get(id);
  if (stored === undefined) throw new Error(`no case ${id}`);
  return stored.state;
}
