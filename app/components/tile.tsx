import { Link } from '@remix-run/react';
import { clsx } from 'clsx';
import { ratesPath } from '#app/rates/paths.ts';
import { Hint } from './hint.tsx';
import { Sparkline, type SparkPoint } from './sparkline.tsx';
import { StatusMark, type Condition } from './status-mark.tsx';

export interface TileProps {
  id: string;
  name: string;
  /** How the figure is computed. */
  definition: string;
  /** Of a sum over currencies: the rates it was worked out by. */
  rates?: string | undefined;
  /** "the last 30 minutes" */
  window: string;
  value: string;
  unit: string;
  change: { words: string; better: boolean | undefined } | undefined;
  target: string;
  condition: Condition;
  word: string;
  beside: readonly { text: string; condition: Condition }[];
  spark: { label: string; points: readonly SparkPoint[]; target: number | undefined } | undefined;
  to: string;
}

const besideColour: Record<Condition, string> = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  none: 'text-muted',
};

/**
 * One figure that matters: name, figure, unit, change against the period before, target, sparkline; its state by shape,
 * word and colour. The tile is a link to what it counts.
 */
export function Tile(props: TileProps) {
  const { change } = props;
  return (
    <Hint
      side="bottom"
      text={
        <>
          <strong className="font-semibold">{props.name}.</strong> {props.definition}
          {/* The table is in the rail, too, where the keyboard reaches it. */}
          {props.rates && (
            <Link to={ratesPath} tabIndex={-1} className="mt-1 block underline">
              {props.rates}
            </Link>
          )}
          <span className="mt-1 block text-muted">
            Window: {props.window}.{change && ' The change is against the period before.'}
          </span>
        </>
      }
    >
      <Link
        to={props.to}
        preventScrollReset
        data-testid={`tile-${props.id}`}
        className="flex min-w-0 flex-col rounded border border-line bg-raised p-3 hover:border-line-strong"
      >
        <span className="truncate text-label text-muted">{props.name}</span>
        <span className="mt-0.5 flex items-baseline gap-1.5 whitespace-nowrap">
          <span className="text-figure font-semibold tracking-tight">{props.value}</span>
          <span className="truncate text-muted">{props.unit}</span>
        </span>
        <StatusMark condition={props.condition} word={props.word} className="text-label font-medium" />
        <span className="flex min-h-4 justify-between gap-2 text-label whitespace-nowrap text-muted">
          <span className={clsx(change?.better === true && 'text-good', change?.better === false && 'text-bad')}>
            {change && (
              <>
                {change.words}
                <span className="sr-only"> against the period before</span>
              </>
            )}
          </span>
          <span className="truncate">{props.target}</span>
        </span>
        {/* At the foot, so that the curves of a row are on one line; where none has a curve, no room is kept for one. */}
        {props.spark && (
          <span className="mt-auto block pt-1">
            <span className="block h-7">
              <Sparkline points={props.spark.points} target={props.spark.target} label={props.spark.label} />
            </span>
          </span>
        )}
        <span className={clsx('flex flex-col pt-1.5 text-label', props.spark ? 'min-h-13.5' : 'mt-auto min-h-5')}>
          {props.beside.map(({ text, condition }) => (
            <span key={text} className={clsx('truncate', besideColour[condition])}>
              {text}
            </span>
          ))}
        </span>
      </Link>
    </Hint>
  );
}
