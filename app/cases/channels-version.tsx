import { Notice } from '#app/components/state-notice.tsx';

/** What the editor shows once the channel's own newer version of an order was taken over. */
export const ChannelsVersion = () => (
  <Notice kind="info" className="mt-2">
    This is the channel’s newest version, with what was wrong in it. “Changes” shows what differs from what arrived
    first: correct it, try it, then replay it.
  </Notice>
);
