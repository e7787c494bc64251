import type { InlineStep, Passed, View } from './flow.ts';

/** Outputs of a transaction that tells a channel one version of something. */
interface Telling {
  /** The channel was told a version here, or may have been. */
  told?: boolean;
}

/**
 * Two versions' calls may be under way at once, and nobody knows which came last at the channel. So whoever told one looks
 * which is in force by then: where that is another than it was to tell, that one is told again.
 */
export interface Versions<Data, Env, Version> {
  /** What this transaction is to tell. */
  wanted(view: View<Data>): Version;
  /** What the channel is to show now, of all that is known; read where it is current. */
  inForce(view: View<Data>, env: Env): Promise<Version | undefined>;
  /** Equal for a version and the same version read again. */
  idOf(version: Version): string | number;
  /** Why one is not told: none is in force, or this one. */
  because(wanted: Version, inForce: Version | undefined): string;
}

/** Why a version is not told, where there is a reason. */
export async function replacedBecause<Data, Env, Version>(
  versions: Versions<Data, Env, Version>,
  view: View<Data>,
  env: Env,
): Promise<string | undefined> {
  const wanted = versions.wanted(view);
  const inForce = await versions.inForce(view, env);
  if (inForce !== undefined && versions.idOf(inForce) === versions.idOf(wanted)) return undefined;
  // An attempt that nobody heard the end of may have gone over what is in force: that is told again.
  if (inForce !== undefined && view.state.may_exist === true) return undefined;
  return versions.because(wanted, inForce);
}

/** What is told: what is in force, which after an attempt in doubt may be another version than was wanted. */
export const toTell = async <Data, Env, Version>(
  versions: Versions<Data, Env, Version>,
  view: View<Data>,
  env: Env,
): Promise<Version> => (await versions.inForce(view, env)) ?? versions.wanted(view);

/** What has another version told that came into force while the channel was told; nothing where none did. */
export async function unlessInForce<Data extends Telling, Env, Version>(
  versions: Versions<Data, Env, Version>,
  again: (version: Version) => Partial<Data>,
  view: View<Data>,
  env: Env,
): Promise<Passed<Data> | undefined> {
  const inForce = view.data.told === true ? await versions.inForce(view, env) : undefined;
  if (inForce === undefined || versions.idOf(inForce) === versions.idOf(versions.wanted(view))) return undefined;
  const reason = `${versions.because(versions.wanted(view), inForce)} It is set again.`;
  return { status: 'superseded', data: again(inForce), attributes: { reason } };
}

/**
 * Ends the transaction, unless another version came into force while the channel was told.
 * @param again the step that tells the channel, and what has it tell that version.
 */
export const closeUnlessReplaced = <Data extends Telling, Env, Version>(
  versions: Versions<Data, Env, Version>,
  again: { step: string; with: (version: Version) => Partial<Data> },
): InlineStep<Data, Env> => ({
  kind: 'inline',
  name: 'close',
  next: () => again.step,
  run: async (view, env) =>
    (await unlessInForce(versions, again.with, view, env)) ?? { status: 'completed', finish: true },
});
