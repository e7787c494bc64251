import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

export interface Tab {
  id: string;
  label: string;
  /** A count beside the label. */
  count?: number;
  content: ReactNode;
}

export function Tabs(props: { label: string; tabs: readonly Tab[]; value?: string; onChange?: (id: string) => void }) {
  const first = props.tabs[0]?.id ?? '';
  const control = props.value === undefined ? { defaultValue: first } : { value: props.value };
  return (
    <Radix.Root {...control} {...(props.onChange ? { onValueChange: props.onChange } : {})}>
      <Radix.List aria-label={props.label} className="flex gap-4 overflow-x-auto border-b border-line">
        {props.tabs.map((tab) => (
          <Radix.Trigger
            key={tab.id}
            value={tab.id}
            className="-mb-px h-9 border-b-2 border-transparent whitespace-nowrap text-muted hover:text-text data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text"
          >
            {tab.label}
            {tab.count !== undefined && <span className="ml-1.5 text-label text-muted">{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {props.tabs.map((tab) => (
        <Radix.Content key={tab.id} value={tab.id} className="pt-3">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
