import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import type { KnownTargetsAnswer } from '#app/routes/quarantine.mapping-targets.ts';

const none: readonly string[] = [];

/** What codes of a kind lead to in a system; asked for whenever either is chosen anew. */
export function useKnownTargets(kind: string, system: string): readonly string[] {
  const { load, data } = useFetcher<KnownTargetsAnswer>();
  useEffect(() => {
    if (kind !== '' && system !== '')
      load(`/quarantine/mapping-targets?${new URLSearchParams({ kind, system }).toString()}`);
  }, [load, kind, system]);
  return data?.kind === kind && data.system === system ? data.targets : none;
}
