import { Duration } from '#app/components/values.tsx';

const none = <span className="text-muted">–</span>;

/** Share of calls that did what was asked, per cent; empty where nothing was called. */
export function SuccessShare({ success }: { success: string }) {
  return success === '' ? none : `${success} %`;
}

/** A time that calls took. */
export function CallTime({ ms }: { ms: number | null }) {
  return ms === null ? none : <Duration ms={ms} />;
}
