import { Hint } from '#app/components/hint.tsx';
import { StatusMark } from '#app/components/status-mark.tsx';
import { type Trend, trendWords } from './trend.ts';

/** What is going on with a cause; what the word means exactly is shown on hover. */
export function TrendMark({ trend }: { trend: Trend }) {
  const { word, condition, definition } = trendWords[trend];
  return (
    <Hint text={definition}>
      <span>
        <StatusMark condition={condition} word={word} />
      </span>
    </Hint>
  );
}
