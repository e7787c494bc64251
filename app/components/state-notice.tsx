import { CircleSlash, Inbox, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { clsx } from 'clsx';

const looks = {
  empty: { icon: Inbox, colour: 'text-muted' },
  info: { icon: Info, colour: 'text-info' },
  warn: { icon: TriangleAlert, colour: 'text-warn' },
  error: { icon: CircleSlash, colour: 'text-bad' },
} as const;

/** An empty, failed or stale place that says what is so and what to do; never a bare "no data". */
export function StateNotice(props: {
  kind: keyof typeof looks;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
  /** It is all there is on the page. */
  alone?: boolean;
}) {
  const { icon: Icon, colour } = looks[props.kind];
  const Title = props.alone === true ? 'h1' : 'p';
  return (
    <div role={props.kind === 'error' ? 'alert' : undefined} className={clsx('flex gap-3 p-4', props.className)}>
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', colour)} />
      <div className="min-w-0">
        <Title className="font-medium">{props.title}</Title>
        {props.children && <div className="mt-0.5 max-w-prose text-muted">{props.children}</div>}
        {props.action && <div className="mt-2">{props.action}</div>}
      </div>
    </div>
  );
}

/** An inline notice in a box of its role's colour, for what must not be missed. */
export function Notice(props: {
  kind: 'good' | 'info' | 'warn' | 'bad';
  title?: string;
  children: ReactNode;
  className?: string;
}) {
  const ground = {
    good: 'border-good/40 bg-good-soft',
    info: 'border-info/40 bg-info-soft',
    warn: 'border-warn/40 bg-warn-soft',
    bad: 'border-bad/40 bg-bad-soft',
  }[props.kind];
  return (
    <div
      role={props.kind === 'bad' ? 'alert' : 'status'}
      className={clsx('rounded border px-3 py-2', ground, props.className)}
    >
      {props.title && <p className="font-medium">{props.title}</p>}
      <div>{props.children}</div>
    </div>
  );
}

/** Holds the place of what is still loading at its final size. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={clsx('skeleton block', className)} />;
}
