import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Repair, type RepairRun, repairRun } from '#contracts/v1/repair.ts';
import { clientActor, type ConsoleClient } from './console-client.ts';

const AGAIN_MS = 500;
/** Cases land, and are shown, well within this. */
const SHOWN_WITHIN_MS = 120_000;

const causes = z.object({ causes: z.array(z.object({ fingerprint: z.string(), cases: z.number() })) });
const runs = z.object({ repairs: z.array(repairRun) });
const asked = z.object({ run: repairRun.optional() });

/** The cause that has so many cases, once the console counts them all. */
export async function findCause(client: ConsoleClient, cases: number): Promise<string> {
  const by = performance.now() + SHOWN_WITHIN_MS;
  for (;;) {
    const shown = await client.get('/api/v1/causes?per_page=200', causes);
    const found = shown.causes.find((cause) => cause.cases === cases);
    if (found !== undefined) return found.fingerprint;
    if (performance.now() > by)
      throw new Error(`no cause has ${cases} cases, but ${shown.causes.map((cause) => cause.cases).join(', ')}`);
    await delay(AGAIN_MS);
  }
}

/** Has a repair tried. Where no answer comes, the runs tell whether it was begun all the same. @returns the run's id */
export async function tryRepair(client: ConsoleClient, fingerprint: string, repair: Repair): Promise<string> {
  for (;;) {
    const reason = 'the levy is the state tax by another name';
    const answer = await client.post('/api/v1/repairs', { fingerprint, repair, reason });
    const run = answer?.status === 200 ? asked.parse(answer.body).run : undefined;
    if (run !== undefined) return run.run_id;
    if (answer !== undefined) throw new Error(`the trial was refused: ${JSON.stringify(answer.body)}`);
    const { repairs } = await client.get('/api/v1/repairs', runs);
    const begun = repairs.find((one) => one.fingerprint === fingerprint && one.created_by === clientActor);
    if (begun !== undefined) return begun.run_id;
    await delay(AGAIN_MS);
  }
}

/** Has a tried run replayed, however many answers are lost. */
export async function startRepair(client: ConsoleClient, id: string, ratePerS: number): Promise<void> {
  for (;;) {
    const answer = await client.post(`/api/v1/repairs/${id}/start`, { rate_per_s: ratePerS });
    if (answer?.status === 200) return;
    const { status } = await client.get(`/api/v1/repairs/${id}`, repairRun);
    if (status !== 'tried') return;
    if (answer !== undefined) throw new Error(`the start was refused: ${JSON.stringify(answer.body)}`);
    await delay(AGAIN_MS);
  }
}

/** Looks at a run through the console, again and again. */
export class Progress {
  readonly #client: ConsoleClient;
  readonly #say: (line: string) => void;
  #last: RepairRun | undefined;
  looks = 0;
  /** What was shown and then was not so any more, whoever was killed in between. */
  readonly wentBack: string[] = [];

  constructor(client: ConsoleClient, say: (line: string) => void) {
    this.#client = client;
    this.#say = say;
  }

  /** Until it matches. A run may pause where too many failed again, which is a finding. */
  async until(id: string, matches: (run: RepairRun) => boolean): Promise<RepairRun> {
    for (let round = 0; ; round++) {
      const run = await this.#look(id);
      if (matches(run)) return run;
      if (run.status === 'paused') throw new Error(`the run paused: ${run.message}`);
      if (round % 20 === 0) this.#say(`${run.status}, ${JSON.stringify(run.counts)} ${run.message}`);
      await delay(AGAIN_MS);
    }
  }

  async #look(id: string): Promise<RepairRun> {
    const run = await this.#client.get(`/api/v1/repairs/${id}`, repairRun);
    const before = this.#last;
    this.looks++;
    this.#last = run;
    if (before === undefined) return run;
    const resolved = [before.counts.resolved ?? 0, run.counts.resolved ?? 0] as const;
    if (run.revision < before.revision) this.wentBack.push(`revision ${before.revision} to ${run.revision}`);
    if (resolved[1] < resolved[0]) this.wentBack.push(`${resolved[0]} resolved to ${resolved[1]}`);
    return run;
  }
}
