import { Form, Link, useLocation, useSearchParams } from '@remix-run/react';
import { clsx } from 'clsx';
import { CalendarRange, ChevronDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { rangeIds, rangeLabels, type RangeId } from '#app/time-range.ts';
import { buttonClass } from './button.tsx';
import { inputClass } from './field.tsx';
import { instantOf } from './local-time.ts';

/** Chooses the time range in the URL; everything else there stays, but for the page of a list. */
export function TimeRangePicker() {
  const [search] = useSearchParams();
  const { pathname } = useLocation();
  const current = [...rangeIds, 'custom' as const].find((id) => id === search.get('range')) ?? 'live';
  const to = (id: RangeId) => {
    const next = new URLSearchParams(search);
    for (const name of ['from', 'to', 'page', 'range']) next.delete(name);
    if (id !== 'live') next.set('range', id);
    const text = next.toString();
    return text ? `${pathname}?${text}` : pathname;
  };
  return (
    <div className="flex items-center">
      <div role="group" aria-label="Time range" className="hidden rounded border border-line bg-raised md:flex">
        {rangeIds.map((id) => (
          <Link
            key={id}
            to={to(id)}
            preventScrollReset
            aria-current={id === current ? 'true' : undefined}
            className={clsx(
              'flex h-[30px] items-center px-2.5 first:rounded-l-[5px] hover:bg-hover',
              id === current ? 'bg-accent-soft font-medium text-accent' : 'text-muted',
            )}
          >
            {rangeLabels[id]}
          </Link>
        ))}
        <CustomRange current={current} />
      </div>
      <div className="md:hidden">
        <RangeMenu current={current} to={to} />
      </div>
    </div>
  );
}

function RangeMenu({ current, to }: { current: RangeId; to: (id: RangeId) => string }) {
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className={buttonClass('secondary', 'px-2')} aria-label={`Time range: ${rangeLabels[current]}`}>
        {rangeLabels[current]} <ChevronDown aria-hidden className="size-3.5 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          className="z-50 w-36 rounded border border-line-strong bg-raised p-1"
        >
          {rangeIds.map((id) => (
            <Link
              key={id}
              to={to(id)}
              onClick={() => setOpen(false)}
              className={clsx('flex h-10 items-center rounded px-2 hover:bg-hover', id === current && 'text-accent')}
            >
              {rangeLabels[id]}
            </Link>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Local wall times of the browser, sent as instants. */
function CustomRange({ current }: { current: RangeId }) {
  const [search] = useSearchParams();
  const [open, setOpen] = useState(false);
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const valid = from !== '' && to !== '' && from < to;
  const kept = [...search].filter(([name]) => !['range', 'from', 'to', 'page'].includes(name));
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label="Custom time range"
        className={clsx(
          'flex h-[30px] items-center rounded-r-[5px] px-2 hover:bg-hover',
          current === 'custom' ? 'bg-accent-soft text-accent' : 'text-muted',
        )}
      >
        <CalendarRange aria-hidden className="size-4" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          className="z-50 w-64 rounded border border-line-strong bg-raised p-3"
        >
          <Form className="flex flex-col gap-2" onSubmit={() => setOpen(false)} preventScrollReset>
            {kept.map(([name, value]) => (
              <input key={`${name}=${value}`} type="hidden" name={name} value={value} />
            ))}
            <input type="hidden" name="range" value="custom" />
            <input type="hidden" name="from" value={instantOf(from)} />
            <input type="hidden" name="to" value={instantOf(to)} />
            <label className="text-label text-muted">
              From (your time)
              <input
                type="datetime-local"
                required
                className={inputClass}
                value={from}
                onChange={(event) => setFrom(event.target.value)}
              />
            </label>
            <label className="text-label text-muted">
              Until, not included
              <input
                type="datetime-local"
                required
                className={inputClass}
                value={to}
                onChange={(event) => setTo(event.target.value)}
              />
            </label>
            <button type="submit" disabled={!valid} className={buttonClass('primary')}>
              Show this time
            </button>
          </Form>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
