import { Money } from '#app/components/values.tsx';

/** What a rule does not do by itself, whatever it may cure. */
export function RuleLimit({ limit }: { limit: { amount: string; currency: string } | undefined }) {
  if (limit === undefined) return null;
  return (
    <p className="my-2 text-muted">
      An order worth more than <Money {...limit} whole />, as it arrived or as it becomes, is not changed by it: its
      case opens and names the rule, and a second person approves the replay.
    </p>
  );
}
