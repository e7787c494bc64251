import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useLiveContext } from '#app/live/live-provider.tsx';
import type { OpenIncident } from '#app/presenters/incidents.ts';
import type { OpenIncidentsAnswer } from '#app/routes/incidents.open.ts';

interface OpenIncidents {
  /** The worst first. */
  incidents: readonly OpenIncident[];
  may: { raise: boolean; update: boolean };
}

const Context = createContext<OpenIncidents>({ incidents: [], may: { raise: false, update: false } });

/** Knows what is open on every page: as the page was loaded, and from then on as people change it. */
export function OpenIncidentsProvider({ children, ...loaded }: OpenIncidents & { children: ReactNode }) {
  const [incidents, setIncidents] = useState(loaded.incidents);
  const { listen } = useLiveContext();
  useEffect(() => setIncidents(loaded.incidents), [loaded.incidents]);
  useEffect(() => {
    let gone = false;
    // Apart from the page's own data: a page whose figures are final asks no more, and nothing else has to be read again.
    const look = async () => {
      const response = await fetch('/incidents/open').catch(() => undefined);
      if (response?.ok !== true || response.redirected || gone) return;
      setIncidents(((await response.json()) as OpenIncidentsAnswer).incidents);
    };
    const stop = listen((news) => {
      if (news === undefined || news.topics.includes('incidents')) void look();
    });
    return () => {
      gone = true;
      stop();
    };
  }, [listen]);
  return <Context.Provider value={{ incidents, may: loaded.may }}>{children}</Context.Provider>;
}

export const useOpenIncidents = (): OpenIncidents => useContext(Context);
