let armed: { name: string; hits: number } | undefined;

/**
 * Arms one crash point for the whole process: `name`, or `name@n` for its n-th hit. Used by the crash tests, which give
 * it to a child process through its environment.
 */
export function configureCrashPoint(spec: string | undefined): void {
  if (spec === undefined || spec === '') {
    armed = undefined;
    return;
  }
  const [name = '', count = '1'] = spec.split('@');
  armed = { name, hits: Math.max(1, Number(count)) };
}

/** Ends the process as a power cut would, if this point is armed and its turn has come. */
export function crashPoint(name: string): void {
  if (armed?.name !== name) return;
  if (--armed.hits === 0) process.kill(process.pid, 'SIGKILL');
}
