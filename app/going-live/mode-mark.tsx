import { StatusMark } from '#app/components/status-mark.tsx';

/** The mode of a system. */
export function ModeMark({ live }: { live: boolean }) {
  return live ? <StatusMark condition="good" word="live" /> : <StatusMark condition="info" word="observed only" />;
}
