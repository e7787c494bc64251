import { useNavigation, useRevalidator } from '@remix-run/react';
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { connectLive } from './connect.ts';
import { type News, ofIncident } from './news.ts';

export type Connection = 'connecting' | 'live' | 'lost';

interface Live {
  connection: Connection;
  /** When what the page shows was asked for, in milliseconds since the epoch. */
  figuresAt: number;
  /** Hears what changed until the returned function is called; `undefined` means: anything may have. */
  listen: (listener: (news: News | undefined) => void) => () => void;
  /** Hears of every case at which people came or left, until the returned function is called. */
  listenPresence: (listener: (caseId: string) => void) => () => void;
  /** When something was last announced, in milliseconds since the epoch; 0 before the stream is up. */
  announcedAt: () => number;
}

const LiveContext = createContext<Live>({
  connection: 'connecting',
  figuresAt: 0,
  listen: () => () => undefined,
  listenPresence: () => () => undefined,
  announcedAt: () => 0,
});

/** Follows the live stream for the pages below it and knows how old their figures are. */
export function LiveProvider({ loadedAt, children }: { loadedAt: string; children: ReactNode }) {
  const [connection, setConnection] = useState<Connection>('connecting');
  const revalidator = useRevalidator();
  const revalidate = useRef(revalidator.revalidate);
  useEffect(() => {
    revalidate.current = revalidator.revalidate;
  });
  const listeners = useRef(new Set<(news: News | undefined) => void>());
  const watchers = useRef(new Set<(caseId: string) => void>());
  const announced = useRef(0);
  const figuresAt = useFiguresAt(Date.parse(loadedAt));

  useEffect(() => {
    const tell = (message: News | undefined) => {
      announced.current = Date.now();
      for (const listener of listeners.current) listener(message);
    };
    let wasUp = false;
    const follow = (up: boolean) => {
      setConnection(up ? 'live' : 'lost');
      // What happened since the figures were read, or while the stream was lost, was not announced.
      if (up && !wasUp) tell(undefined);
      wasUp = up;
    };
    return connectLive((message) => {
      switch (message.type) {
        case 'nudge':
          tell(message.nudge);
          break;
        case 'presence':
          for (const watcher of watchers.current) watcher(message.caseId);
          break;
        case 'incidents':
          tell(ofIncident(message.incidentId));
          break;
        case 'stream':
          follow(message.up);
          break;
        case 'signed-out':
          // Asking again leads to sign-in and back here, or nowhere where another tab has begun a new session.
          void revalidate.current();
          break;
        case 'lost':
          follow(false);
          break;
      }
    });
  }, []);

  const listen = useCallback<Live['listen']>((listener) => {
    const heard = listeners.current;
    heard.add(listener);
    return () => void heard.delete(listener);
  }, []);
  const listenPresence = useCallback<Live['listenPresence']>((listener) => {
    const heard = watchers.current;
    heard.add(listener);
    return () => void heard.delete(listener);
  }, []);
  const announcedAt = useCallback(() => announced.current, []);
  const live = useMemo<Live>(
    () => ({ connection, figuresAt, listen, listenPresence, announcedAt }),
    [connection, figuresAt, listen, listenPresence, announcedAt],
  );
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>;
}

export const useLiveContext = (): Live => useContext(LiveContext);

/** The moment of the last question whose answer the page shows. */
function useFiguresAt(loadedAt: number): number {
  const [figuresAt, setFiguresAt] = useState(loadedAt);
  const asked = useRef<number | undefined>(undefined);
  const revalidator = useRevalidator();
  const navigation = useNavigation();
  const loading = revalidator.state === 'loading' || navigation.state === 'loading';
  useEffect(() => {
    if (loading) {
      asked.current = Date.now();
    } else if (asked.current !== undefined) {
      setFiguresAt(asked.current);
      asked.current = undefined;
    }
  }, [loading]);
  return figuresAt;
}
