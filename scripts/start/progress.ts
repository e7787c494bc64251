import pc from 'picocolors';

/** Lines that tell a person what is happening. Plain text where the output is not a terminal. */
export interface Progress {
  say(line: string): void;
  done(what: string, sinceMs: number): void;
  warn(line: string): void;
  fail(line: string): void;
}

export function createProgress(out: (line: string) => void = (line) => console.log(line)): Progress {
  return {
    say: (line) => out(`  ${pc.dim('·')} ${line}`),
    done: (what, sinceMs) => out(`  ${pc.green('✓')} ${what} ${pc.dim(`(${seconds(Date.now() - sinceMs)})`)}`),
    warn: (line) => out(`  ${pc.yellow('▲')} ${line}`),
    fail: (line) => out(`  ${pc.red('■')} ${line}`),
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
