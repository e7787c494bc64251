import { useEffect, useMemo, useState } from 'react';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { PayloadSchema } from './schema-problems.ts';

type Check = (text: string, name: PayloadSchema) => CaseProblem[];
const none: CaseProblem[] = [];

/** What does not keep to the source's contract in a text that is being edited. The contract is loaded with the first edit. */
export function useSchemaProblems(text: string, schema: PayloadSchema | undefined, editing: boolean): CaseProblem[] {
  const [check, setCheck] = useState<Check>();
  const wanted = editing && schema !== undefined;
  useEffect(() => {
    if (!wanted) return undefined;
    let gone = false;
    void import('./schema-problems.ts').then(({ schemaProblems }) =>
      gone ? undefined : setCheck(() => schemaProblems),
    );
    return () => {
      gone = true;
    };
  }, [wanted]);
  return useMemo(
    () => (check && wanted && schema !== undefined ? check(text, schema) : none),
    [check, wanted, schema, text],
  );
}
