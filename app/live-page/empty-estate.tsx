import { StateNotice } from '#app/components/state-notice.tsx';

/** The first look at an estate in which nothing has happened yet: what will be here, and how to send a first order. */
export function EmptyEstate() {
  return (
    <div className="rounded border border-line bg-raised">
      <StateNotice kind="info" title="No order has arrived yet">
        <p>
          As soon as a channel sends its first order, this page shows it within a second or two. Nothing needs to be
          reloaded.
        </p>
        <p className="mt-2">Post a webhook to the intake as a shop would, signed with the shop’s secret:</p>
        <pre className="mt-1 overflow-x-auto rounded border border-line bg-sunken px-2 py-1.5 font-mono text-[12px] text-text">
          npx syncline intake send shopify-us order.json
        </pre>
        <p className="mt-2">Or start the simulated estate, which brings traffic and a history of its own.</p>
      </StateNotice>
    </div>
  );
}
