import { Link } from '@remix-run/react';
import { buttonClass } from '#app/components/button.tsx';
import { CountdownMark } from '#app/components/countdown.tsx';
import { SidePanel } from '#app/components/dialog.tsx';
import { Facts } from '#app/components/facts.tsx';
import { Identifier } from '#app/components/identifier.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { Duration, Instant, Money } from '#app/components/values.tsx';
import type { OrderListItem } from '#app/presenters/order-list.ts';
import { orderStateWords } from '#app/words/lifecycle.ts';
import { casePath, orderPath } from './paths.ts';

/** One order of the list at a glance, beside the list. */
export function OrderPanel({ order, onClose }: { order: OrderListItem | undefined; onClose: () => void }) {
  if (order === undefined) return null;
  const state = orderStateWords(order.lifecycle, order.open);
  return (
    <SidePanel
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Order ${order.number}`}
      description={order.channel}
    >
      <div className="flex flex-col gap-4">
        {order.message !== '' && order.open && (
          <Notice kind="bad" title={order.doing}>
            {order.message}
          </Notice>
        )}
        <Facts
          facts={[
            ['State', <StatusMark key="s" condition={state.tone} word={state.word} />],
            ['Deadline', <CountdownMark key="d" deadline={order.deadline} />],
            ['Amount', <Money key="a" amount={order.amount} currency={order.currency} />],
            ['Legal entity', order.entity],
            ['Tier', order.tier || '–'],
            ['Placed', <Instant key="p" at={order.placedAt} />],
            ['Latest step', order.doing],
            [
              'Order sync latency',
              order.syncMs === null ? order.open ? 'waits' : '–' : <Duration key="l" ms={order.syncMs} />,
            ],
            [
              'Order release time',
              order.releaseMs === null ? order.open ? 'waits' : '–' : <Duration key="r" ms={order.releaseMs} />,
            ],
            ['Key', <Identifier key="k" value={order.key} longest={32} />],
          ]}
        />
        <div className="flex flex-wrap gap-2">
          <Link to={orderPath(order.key)} className={buttonClass('primary')}>
            Open the order
          </Link>
          {order.caseId !== '' && (
            <Link to={casePath(order.caseId)} className={buttonClass()}>
              Open its case
            </Link>
          )}
        </div>
      </div>
    </SidePanel>
  );
}
