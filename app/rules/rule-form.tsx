import { Form } from '@remix-run/react';
import type { ReactNode } from 'react';
import { Button } from '#app/components/button.tsx';
import { Field, inputClass, TextArea } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { RuleResult } from '#app/commands/rule.ts';
import type { RuleDraft, presentChoices } from '#app/presenters/rule-page.ts';
import { PatchEditor } from '#app/repairs/patch-editor.tsx';

type Choices = Awaited<ReturnType<typeof presentChoices>>;

interface RuleFormProps {
  draft: RuleDraft;
  choices: Choices;
  /** Decided on this version; 0 for a new rule. */
  version: number;
  confirm: string;
  busy: boolean;
  result: RuleResult | undefined;
  leave?: ReactNode;
}

/** Name, cause, limits, changes and expiry of a rule. */
export function RuleForm({ draft, choices, version, confirm, busy, result, leave }: RuleFormProps) {
  return (
    <Form method="post" className="flex max-w-4xl flex-col gap-4">
      <input type="hidden" name="intent" value="save" />
      <input type="hidden" name="version" value={version} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Name" name="name" defaultValue={draft.name} required maxLength={100} />
        <Field
          label="Applies until the end of"
          type="date"
          name="expires"
          defaultValue={draft.expiresAt.slice(0, 10)}
          required
          note="A year at most, by the day of UTC."
        />
      </div>
      <label className="flex flex-col gap-1 text-label text-muted">
        The cause it answers
        <select name="fingerprint" defaultValue={draft.fingerprint} required className={inputClass}>
          <option value="">Choose a cause…</option>
          {choices.causes.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <div className="grid gap-4 sm:grid-cols-2">
        <Limits legend="Only these channels" name="channel" options={choices.channels} chosen={draft.channels} />
        <Limits legend="Only these legal entities" name="entity" options={choices.entities} chosen={draft.entities} />
      </div>
      <PatchEditor operations={draft.operations} />
      <TextArea label="Why (kept with the version)" name="reason" rows={2} maxLength={1000} />
      {result !== undefined && !result.ok && <Notice kind="bad">{result.message}</Notice>}
      <div className="flex gap-2">
        <Button type="submit" look="primary" busy={busy}>
          {confirm}
        </Button>
        {leave}
      </div>
    </Form>
  );
}

interface LimitsProps {
  legend: string;
  name: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[];
}

function Limits({ legend, name, options, chosen }: LimitsProps) {
  // What the estate has no more stays ticked: left out, the rule would apply everywhere without anybody wanting it.
  const gone = chosen.filter((id) => !options.some(({ value }) => value === id));
  const offered = [...options, ...gone.map((id) => ({ value: id, label: `${id} (not there any more)` }))];
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-label text-muted">{legend} (all where none is ticked)</legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {offered.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-1.5 max-sm:min-h-9">
            <input
              type="checkbox"
              name={name}
              value={value}
              defaultChecked={chosen.includes(value)}
              className="accent-accent"
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
