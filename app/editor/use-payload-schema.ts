import { useEffect, useMemo, useState } from 'react';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { PayloadSchema } from '#contracts/v1/payload-schema.ts';

const asked = new Map<string, Promise<PayloadSchema | undefined>>();

/** What the engine reads of a payload, asked for once by name; undefined until it is there, and where nothing is known. */
export function usePayloadSchema(name: string, wanted: boolean): PayloadSchema | undefined {
  const [schema, setSchema] = useState<PayloadSchema>();
  useEffect(() => {
    if (!wanted || name === '') return undefined;
    let gone = false;
    void askFor(name).then((answer) => (gone ? undefined : setSchema(answer)));
    return () => {
      gone = true;
    };
  }, [name, wanted]);
  return schema;
}

/** A question that could not be answered is asked again by the next who wants to know. */
function askFor(name: string): Promise<PayloadSchema | undefined> {
  const before = asked.get(name);
  if (before !== undefined) return before;
  const question = fetch(`/quarantine/payload-schema?of=${encodeURIComponent(name)}`)
    .then(async (response) => (response.ok ? ((await response.json()) as PayloadSchema) : undefined))
    .catch(() => undefined);
  asked.set(name, question);
  void question.then((answer) => (answer === undefined ? asked.delete(name) : undefined));
  return question;
}

type Check = (text: string) => CaseProblem[];
const none: CaseProblem[] = [];

/** What a text that is being edited has that the engine would not read. What checks it is loaded with the first edit. */
export function useSchemaProblems(text: string, schema: PayloadSchema | undefined, editing: boolean): CaseProblem[] {
  const [check, setCheck] = useState<Check>();
  const wanted = editing ? schema : undefined;
  useEffect(() => {
    if (wanted === undefined) return undefined;
    let gone = false;
    void import('./schema-problems.ts')
      .then(({ schemaCheck }) => schemaCheck(wanted))
      // What cannot be told here is told by the dry run.
      .catch(() => undefined)
      .then((loaded) => (gone ? undefined : setCheck(() => loaded)));
    return () => {
      gone = true;
    };
  }, [wanted]);
  return useMemo(() => (check && editing ? check(text) : none), [check, editing, text]);
}
