import { useRevalidator } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { useLiveContext } from './live-provider.tsx';
import type { News, Topic } from './news.ts';

interface Shown {
  /** Kinds of change the page shows; default: any. */
  topics?: readonly Topic[];
  /** Flows the page shows; default: any. */
  flows?: readonly string[];
  /** Keys of transactions, or ids of incidents, that the page shows; default: any. */
  keys?: readonly string[];
}

export interface Interest extends Shown {
  /** What the page shows beside, each with topics, flows and keys of its own. */
  beside?: readonly Shown[];
  /** Asks again after this many milliseconds even if nothing was announced, where a window slides with time. */
  everyMs?: number;
  /** A page stops listening once what it shows is final. */
  final?: boolean;
}

const atMostEveryMs = 1_000;
const pollMs = 10_000;
const pulseWithinMs = 2_500;
/** Where the console cannot answer just now the page keeps what it shows, and looks again after this. */
const againMs = 2_000;

const canAnswer = (): Promise<boolean> =>
  fetch('/live/pulse', { signal: AbortSignal.timeout(pulseWithinMs) }).then(
    (response) => response.ok,
    () => false,
  );

/** Whether news concern a page. News that could not name all keys concern every key. */
export const concerns = (news: News, { beside = [], ...shown }: Interest): boolean =>
  [shown, ...beside].some((one) => touches(news, one));

function touches(news: News, { topics, flows, keys }: Shown): boolean {
  const some = <T>(wanted: readonly T[] | undefined, got: readonly T[]) =>
    wanted === undefined || got.length === 0 || wanted.some((one) => got.includes(one));
  const keyed = keys === undefined || news.more || keys.some((key) => news.keys.includes(key));
  return some(topics, news.topics) && some(flows, news.flows) && keyed;
}

/**
 * Reloads the page's data when something it shows has changed, at most once a second and only while the tab is visible;
 * polls while the stream is lost.
 */
export function useLive(interest: Interest = {}): void {
  const { listen, connection, figuresAt, announcedAt } = useLiveContext();
  const revalidator = useRevalidator();
  const current = useRef({ interest, revalidator, figuresAt });
  useEffect(() => {
    current.current = { interest, revalidator, figuresAt };
  });
  const final = interest.final ?? false;
  const everyMs = connection === 'lost' ? Math.min(pollMs, interest.everyMs ?? pollMs) : interest.everyMs;

  useEffect(() => {
    if (final) return undefined;
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let missed = false;
    let stopped = false;
    const reload = async () => {
      const busy = current.current.revalidator.state !== 'idle';
      const wanted = !document.hidden && !busy;
      const answered = wanted && (await canAnswer());
      timer = undefined;
      if (stopped) return;
      missed = document.hidden;
      if (document.hidden) return;
      if (wanted) last = Date.now() + (answered ? 0 : againMs - atMostEveryMs);
      if (answered) void current.current.revalidator.revalidate();
      else schedule();
    };
    const schedule = () => {
      timer ??= setTimeout(() => void reload(), Math.max(50, last + atMostEveryMs - Date.now()));
    };
    const onVisible = () => {
      if (!document.hidden && missed) schedule();
    };
    const stop = listen((news) => {
      if (news === undefined || concerns(news, current.current.interest)) schedule();
    });
    // An announcement may have come between the answer this page shows and its listening.
    if (announcedAt() > current.current.figuresAt) schedule();
    const poll = everyMs === undefined ? undefined : setInterval(schedule, everyMs);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      stopped = true;
      stop();
      clearTimeout(timer);
      clearInterval(poll);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [listen, announcedAt, everyMs, final]);
}
