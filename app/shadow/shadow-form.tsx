import { Form, useNavigation } from '@remix-run/react';
import { FileUp } from 'lucide-react';
import { useState, type ChangeEvent } from 'react';
import { Button, buttonClass } from '#app/components/button.tsx';
import { Field, TextArea } from '#app/components/field.tsx';
import { Segmented } from '#app/components/segmented.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { ShadowResult } from '#app/commands/shadow.ts';
import type { presentShadows } from '#app/presenters/shadows.ts';
import { MappingFields } from '#app/repairs/mapping-fields.tsx';
import { PatchEditor } from '#app/repairs/patch-editor.tsx';

const kinds = [
  ['mapping', 'A mapping'],
  ['patch', 'A correction'],
  ['estate', 'An estate file'],
] as const;
type Kind = (typeof kinds)[number][0];

interface ShadowFormProps {
  choices: Awaited<ReturnType<typeof presentShadows>>['choices'];
  result: ShadowResult | undefined;
}

/** What is to be tried, and on how many orders. */
export function ShadowForm({ choices, result }: ShadowFormProps) {
  const navigation = useNavigation();
  const [kind, setKind] = useState<Kind>('mapping');
  const busy = navigation.state !== 'idle' && navigation.formData !== undefined;
  return (
    <Form method="post" className="flex max-w-4xl flex-col gap-4">
      <Segmented name="kind" label="What is tried" choices={kinds} value={kind} onChange={setKind} />
      {kind === 'mapping' && <MappingFields choices={choices} />}
      {kind === 'patch' && <PatchEditor operations={[]} />}
      {kind === 'estate' && <EstateField />}
      <Field
        label="On how many of the last orders"
        type="number"
        name="payloads"
        defaultValue={200}
        min={1}
        max={2_000}
        required
        className="max-w-56"
      />
      {!busy && result !== undefined && !result.ok && (
        <Notice kind="bad">
          <span className="whitespace-pre-line">{result.message}</span>
        </Notice>
      )}
      <Button type="submit" look="primary" busy={busy} className="self-start">
        Try it
      </Button>
    </Form>
  );
}

const LARGEST = 200_000;

function EstateField() {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (file === undefined) return;
    if (file.size > LARGEST) {
      setProblem('The file is larger than 200 kB; a trial takes no more.');
      return;
    }
    void file.text().then((read) => {
      setText(read);
      setProblem(undefined);
    });
  };
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        label="The estate file as it would be"
        name="yaml"
        rows={10}
        required
        spellCheck={false}
        value={text}
        problem={problem}
        note="Secrets stay as env:NAME: none is read. A variable takes the default that is written in the file."
        onChange={(event) => setText(event.target.value)}
      />
      <label
        className={buttonClass(
          'secondary',
          'w-fit cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent',
        )}
      >
        <FileUp aria-hidden className="size-4 text-muted" /> Choose the file
        <input type="file" accept=".yaml,.yml,text/yaml" onChange={choose} className="sr-only" />
      </label>
    </div>
  );
}
