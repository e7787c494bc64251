import { clsx } from 'clsx';
import type { ReactNode } from 'react';

/** Title line and content of a page inside the frame. `actions` stand at the right of the title. */
export function Page(props: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div className={clsx('flex flex-col gap-4 p-3 sm:p-4', props.className)}>
      <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <h1 className="text-title font-semibold">{props.title}</h1>
        {props.lead && <div className="text-muted">{props.lead}</div>}
        {props.actions && <div className="ml-auto flex flex-wrap items-center gap-2">{props.actions}</div>}
      </header>
      {props.children}
    </div>
  );
}

/** A bordered part of a page with a small heading. */
export function Panel(props: {
  title: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  return (
    <section aria-label={props.title} className={clsx('min-w-0 rounded border border-line bg-raised', props.className)}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-2 border-b border-line px-3 py-1.5">
        <h2 className="font-medium">{props.title}</h2>
        {props.note && <span className="text-label text-muted">{props.note}</span>}
        {props.actions && <div className="ml-auto flex items-center gap-2">{props.actions}</div>}
      </header>
      <div className={props.flush ? undefined : 'p-3'}>{props.children}</div>
    </section>
  );
}
