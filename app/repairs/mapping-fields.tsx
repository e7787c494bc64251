import { useState } from 'react';
import { Field, inputClass } from '#app/components/field.tsx';
import { TargetField } from '#app/mappings/target-field.tsx';
import { useKnownTargets } from '#app/mappings/use-known-targets.ts';

interface Option {
  value: string;
  label: string;
}

export interface MappingChoices {
  kinds: readonly Option[];
  systems: readonly Option[];
}

/** A mapping as a form's fields `mapping_kind`, `system`, `code` and `target`. */
export function MappingFields({
  choices,
  missing,
}: {
  choices: MappingChoices;
  /** What is known to be missing: only what it means is left to be said. */
  missing?: { kind: string; system: string; code: string } | undefined;
}) {
  const [kind, setKind] = useState(missing?.kind ?? choices.kinds[0]?.value ?? '');
  const [system, setSystem] = useState(missing?.system ?? choices.systems[0]?.value ?? '');
  const known = useKnownTargets(kind, system);
  return (
    <div className="grid gap-3 sm:grid-cols-4">
      <Select label="Kind" name="mapping_kind" options={choices.kinds} value={kind} onChange={setKind} />
      <Select label="Of the system" name="system" options={choices.systems} value={system} onChange={setSystem} />
      <Field label="This code" name="code" required maxLength={200} defaultValue={missing?.code} />
      <TargetField label="Becomes" known={known} />
    </div>
  );
}

function Select(props: {
  label: string;
  name: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label className="flex flex-col gap-1 text-label text-muted">
      {props.label}
      <select
        name={props.name}
        className={inputClass}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      >
        {props.options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
