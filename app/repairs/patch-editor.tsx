import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { PatchOperation } from '#contracts/v1/repair.ts';
import { Button } from '#app/components/button.tsx';
import { Field, inputClass } from '#app/components/field.tsx';

type Op = PatchOperation['op'];

interface Row {
  id: number;
  op: Op;
  path: string;
  was: string;
  value: string;
}

const ops: readonly (readonly [Op, string])[] = [
  ['replace', 'Replace'],
  ['add', 'Add'],
  ['remove', 'Remove'],
  ['test', 'Only where'],
];

let made = 0;
const emptyRow = (): Row => ({ id: ++made, op: 'replace', path: '', was: '', value: '' });

/** Text stands for itself; what is meant as a number, true or null stands after an equals sign: `=12.50`. */
const asText = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'string' && !value.startsWith('=') ? value : `=${JSON.stringify(value)}`;

function asValue(text: string): unknown {
  if (!text.startsWith('=')) return text;
  try {
    return JSON.parse(text.slice(1)) as unknown;
  } catch {
    return text;
  }
}

const rowOf = (operation: PatchOperation): Row => ({
  id: ++made,
  op: operation.op,
  path: operation.path,
  was: 'was' in operation ? asText(operation.was) : '',
  value: 'value' in operation ? asText(operation.value) : '',
});

function operationOf({ op, path, was, value }: Row): object {
  const guard = was === '' || op === 'add' || op === 'test' ? {} : { was: asValue(was) };
  return op === 'remove' ? { op, path, ...guard } : { op, path, value: asValue(value), ...guard };
}

/** What is changed in a payload, one change a row; travels in the form as the field `operations`. */
export function PatchEditor({ operations }: { operations: readonly PatchOperation[] }) {
  const [rows, setRows] = useState<Row[]>(() => (operations.length === 0 ? [emptyRow()] : operations.map(rowOf)));
  const change = (id: number, part: Partial<Row>) =>
    setRows((now) => now.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-label text-muted">What is changed in the payload</legend>
      <input
        type="hidden"
        name="operations"
        value={JSON.stringify(rows.filter(({ path }) => path !== '').map(operationOf))}
      />
      {rows.map((row, i) => (
        <div
          key={row.id}
          role="group"
          aria-label={`Change ${i + 1}`}
          className="grid grid-cols-[1fr_auto] items-end gap-2 rounded border border-line p-2 sm:grid-cols-[110px_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_auto]"
        >
          <label className="flex flex-col gap-1 text-label text-muted">
            Do
            <select
              value={row.op}
              onChange={(event) => change(row.id, { op: event.target.value as Op })}
              className={inputClass}
            >
              {ops.map(([value, word]) => (
                <option key={value} value={value}>
                  {word}
                </option>
              ))}
            </select>
          </label>
          <Button
            look="quiet"
            aria-label={`Remove change ${i + 1}`}
            className="px-2 sm:order-last"
            disabled={rows.length === 1}
            onClick={() => setRows((now) => now.filter(({ id }) => id !== row.id))}
          >
            <X aria-hidden className="size-4" />
          </Button>
          <Field
            label="Where"
            className="max-sm:col-span-2"
            value={row.path}
            placeholder="/line_items/*/sku"
            pattern="(\/([^~\/]|~[01])*)*"
            title="A JSON Pointer, such as /line_items/*/sku"
            spellCheck={false}
            autoCapitalize="none"
            onChange={(event) => change(row.id, { path: event.target.value })}
          />
          {row.op === 'add' || row.op === 'test' ? (
            <span className="max-sm:hidden" />
          ) : (
            <Field
              label="Only where it is"
              className="max-sm:col-span-2"
              value={row.was}
              placeholder="anything"
              onChange={(event) => change(row.id, { was: event.target.value })}
            />
          )}
          {row.op === 'remove' ? (
            <span className="max-sm:hidden" />
          ) : (
            <Field
              label={row.op === 'test' ? 'It is' : 'Becomes'}
              className="max-sm:col-span-2"
              value={row.value}
              onChange={(event) => change(row.id, { value: event.target.value })}
            />
          )}
        </div>
      ))}
      <p className="text-label text-muted">
        A star stands for every line. Text is taken as it stands; write numbers, true and null after an equals sign,
        such as =12.50.
      </p>
      <Button className="self-start" onClick={() => setRows((now) => [...now, emptyRow()])}>
        <Plus aria-hidden className="size-4 text-muted" /> Another change
      </Button>
    </fieldset>
  );
}
