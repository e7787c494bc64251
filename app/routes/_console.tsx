import type { LoaderFunctionArgs } from '@remix-run/node';
import { Outlet, useLoaderData, useSearchParams } from '@remix-run/react';
import { Megaphone } from 'lucide-react';
import { useMemo, useState } from 'react';
import { requireUser } from '#app/auth/guard.ts';
import { Frame } from '#app/components/frame.tsx';
import { Palette } from '#app/components/palette.tsx';
import { placesOf } from '#app/components/places.ts';
import { ShortcutsDialog, useShortcuts } from '#app/components/shortcuts.tsx';
import { TimeRangePicker } from '#app/components/time-range-picker.tsx';
import { TopBar } from '#app/components/top-bar.tsx';
import { UserMenu } from '#app/components/user-menu.tsx';
import { IncidentBanner } from '#app/incidents/incident-banner.tsx';
import { OpenIncidentsProvider } from '#app/incidents/open-incidents.tsx';
import { incidentsPath, raisePath } from '#app/incidents/paths.ts';
import { LiveAge } from '#app/live/live-age.tsx';
import { LiveProvider } from '#app/live/live-provider.tsx';
import { readPreferences } from '#app/preferences.ts';
import { presentFrame } from '#app/presenters/frame.ts';

export async function loader(args: LoaderFunctionArgs) {
  const viewer = requireUser(args);
  return presentFrame(args.context, viewer, readPreferences(args.request));
}

/** Every page of the console: frame, live connection, palette and shortcuts around it. */
export default function ConsoleFrame() {
  const frame = useLoaderData<typeof loader>();
  const [search] = useSearchParams();
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const places = useMemo(() => placesOf(frame.viewer.roles), [frame.viewer.roles]);
  const actions = frame.may.raise ? [{ path: raisePath(), label: 'Raise an incident', icon: Megaphone }] : [];
  useShortcuts(places, { search: () => setSearching(true), help: () => setHelping(true) });
  if (search.get('wall') === '1')
    return (
      <LiveProvider loadedAt={frame.loadedAt}>
        <OpenIncidentsProvider loaded={frame.incidents} may={frame.may}>
          <Outlet />
        </OpenIncidentsProvider>
      </LiveProvider>
    );
  return (
    <LiveProvider loadedAt={frame.loadedAt}>
      <OpenIncidentsProvider loaded={frame.incidents} may={frame.may}>
        <Frame
          places={places}
          collapsed={frame.preferences.railCollapsed}
          counts={{ '/quarantine': frame.openCases, [incidentsPath]: frame.incidents.incidents.length }}
          foot={<IncidentBanner />}
          topBar={
            <TopBar
              estate={frame.estate}
              age={<LiveAge />}
              timeRange={<TimeRangePicker />}
              onSearch={() => setSearching(true)}
              userMenu={
                <UserMenu {...frame.viewer} theme={frame.preferences.theme} onShortcuts={() => setHelping(true)} />
              }
            />
          }
        >
          <Outlet />
        </Frame>
      </OpenIncidentsProvider>
      <Palette places={places} actions={actions} open={searching} onOpenChange={setSearching} />
      <ShortcutsDialog places={places} open={helping} onOpenChange={setHelping} />
    </LiveProvider>
  );
}
