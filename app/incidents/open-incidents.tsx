import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useLiveContext } from '#app/live/live-provider.tsx';
import type { OpenIncident, OpenIncidentsView } from '#app/presenters/incidents.ts';

interface OpenIncidents {
  /** The worst first. */
  incidents: readonly OpenIncident[];
  may: { raise: boolean; update: boolean };
}

const Context = createContext<OpenIncidents>({ incidents: [], may: { raise: false, update: false } });

interface ProviderProps {
  /** As the page was loaded. */
  loaded: OpenIncidentsView;
  may: OpenIncidents['may'];
  children: ReactNode;
}

/** Of two answers that of later: they may come in any order, and from processes of which one has heard less. */
export const later = <T extends Pick<OpenIncidentsView, 'version'>>(known: T, told: T): T =>
  told.version >= known.version ? told : known;

/** Knows what is open on every page: as the page was loaded, and from then on as people change it. */
export function OpenIncidentsProvider({ loaded, may, children }: ProviderProps) {
  const [{ incidents }, setOpen] = useState(loaded);
  const { listen } = useLiveContext();
  useEffect(() => setOpen((known) => later(known, loaded)), [loaded]);
  useEffect(() => {
    let gone = false;
    // Apart from the page's own data: a page whose figures are final asks no more, and nothing else has to be read again.
    const look = async () => {
      const response = await fetch('/incidents/open').catch(() => undefined);
      if (response?.ok !== true || response.redirected || gone) return;
      const told = (await response.json()) as OpenIncidentsView;
      setOpen((known) => later(known, told));
    };
    const stop = listen((news) => {
      if (news === undefined || news.topics.includes('incidents')) void look();
    });
    return () => {
      gone = true;
      stop();
    };
  }, [listen]);
  return <Context.Provider value={{ incidents, may }}>{children}</Context.Provider>;
}

export const useOpenIncidents = (): OpenIncidents => useContext(Context);
