import { Link } from '@remix-run/react';
import type { ReactNode } from 'react';
import { rulePath } from '#app/rules/paths.ts';
import type { TraceEvent } from '#app/waterfall/bars.ts';
import { stepLabel } from '#app/words/steps.ts';

/** What else a step tells, as names and values. A rule that cured the order is led to. */
export function attributeFacts(event: TraceEvent): (readonly [string, ReactNode])[] {
  return event.step === 'repair_rule_applied'
    ? ruleFacts(event.attributes)
    : Object.entries(event.attributes).map(([name, value]) => [words(name), value] as const);
}

function ruleFacts(attributes: TraceEvent['attributes']): (readonly [string, ReactNode])[] {
  const { repair_rule = '', rule_name = '', rule_version = '', rule_owner = '' } = attributes;
  return [
    [
      'Rule',
      <Link key="rule" to={rulePath(repair_rule)} className="text-accent hover:underline">
        {rule_name}, version {rule_version}
      </Link>,
    ],
    ['Owner', rule_owner],
    ['It had stopped at', stepLabel(attributes['failed_step'] ?? '')],
    ['Because', attributes['failed_message'] ?? ''],
  ];
}

const words = (name: string) => {
  const text = name.replace(/^ref_/, '').replaceAll('_', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
