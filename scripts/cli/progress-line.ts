const BAR = 24;
/** How often it is drawn: on a terminal, and as lines of a log. */
const DRAWN_MS = 200;
const LINE_MS = 5_000;

export interface ProgressLine {
  show(phase: string, done: number, of: number): void;
  /** Leaves the terminal as it was. */
  end(): void;
}

/** How far long work has come, with its rate and what remains: one line drawn anew on a terminal, else a line now and then. */
export function createProgressLine(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  now: () => number = Date.now,
): ProgressLine {
  let phase = '';
  let begunAt = 0;
  let begunWith = 0;
  let drawnAt = now();
  return {
    show(name, done, of) {
      if (name !== phase) [phase, begunAt, begunWith] = [name, now(), done];
      if (now() - drawnAt < (stream.isTTY ? DRAWN_MS : LINE_MS)) return;
      drawnAt = now();
      const text = describeProgress({ phase, done, of, ms: drawnAt - begunAt, since: begunWith });
      stream.write(stream.isTTY ? `\r\u001B[K${text}` : `${text}\n`);
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001B[K');
    },
  };
}

interface Progress {
  phase: string;
  done: number;
  of: number;
  /** How long the phase has run, and what was done when it began. */
  ms: number;
  since: number;
}

export function describeProgress({ phase, done, of, ms, since }: Progress): string {
  const share = of === 0 ? 1 : Math.min(1, done / of);
  const filled = Math.round(share * BAR);
  const rate = ms === 0 ? 0 : ((done - since) / ms) * 1000;
  const parts = [
    phase.padEnd(8),
    `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`,
    `${Math.floor(share * 100)}%`.padStart(4),
    `${compact(done)} of ${compact(of)}`,
    `${compact(rate)}/s`,
    ...(rate > 0 ? [`${duration((of - done) / rate)} left`] : []),
  ];
  return parts.join('  ');
}

const compact = (value: number): string =>
  value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 });

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const tail = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${tail}` : tail;
}
