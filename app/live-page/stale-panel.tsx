import { useNavigate, useSearchParams } from '@remix-run/react';
import { SidePanel } from '#app/components/dialog.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { StateNotice } from '#app/components/state-notice.tsx';
import { RelativeTime } from '#app/components/values.tsx';
import { formatDuration, formatNumber } from '#app/format.ts';
import type { StaleItemsView } from '#app/presenters/stale-items.ts';

/** The stale items behind the freshness tile; open while the URL says `panel=stale`. */
export function StalePanel({ stale }: { stale: StaleItemsView | null }) {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const close = () => {
    const next = new URLSearchParams(search);
    next.delete('panel');
    navigate(`?${next.toString()}`, { preventScrollReset: true });
  };
  return (
    <SidePanel
      open={stale !== null}
      onOpenChange={(open) => !open && close()}
      title="Stale items"
      description={`Changes unpublished for longer than ${formatDuration((stale?.targetS ?? 0) * 1_000)}, the longest first`}
    >
      {stale?.items.length === 0 && (
        <StateNotice kind="empty" title="Every change is at its channels">
          What a channel sells from agrees with the newest stock, or changed within the target.
        </StateNotice>
      )}
      <ul className="-my-2 divide-y divide-line">
        {stale?.items.map((item) => (
          <li key={item.id} className="py-2">
            <span className="flex items-baseline justify-between gap-2">
              <Identifier value={item.sku} />
              <span className="text-label text-bad">
                changed <RelativeTime at={item.changedAt} />
              </span>
            </span>
            <span className="block text-label text-muted">
              {item.location} → {item.channel},{' '}
              {item.published === null ? 'never published' : `channel has ${formatNumber(item.published)}`}
            </span>
          </li>
        ))}
      </ul>
      {stale?.cut && (
        <p className="pt-3 text-label text-muted">The first {formatNumber(stale.items.length)} are shown.</p>
      )}
    </SidePanel>
  );
}
