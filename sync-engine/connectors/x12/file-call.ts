import { z } from 'zod';
import type { CaseProblem } from '#contracts/v1/case.ts';
import type { Partner } from '../../edi/partner.ts';
import type { OutSet } from '../../edi/write/outgoing.ts';
import { writeX12 } from '../../edi/write/write-x12.ts';
import type { Answer, ConnectorError, PreparedCall, Send } from '../connector.ts';
import type { ReleasedOrder } from '../topics.ts';
import { impossible, readBody, refusalOf } from '../transport/answer.ts';
import { placed } from './contract.ts';

const refused = z.object({ code: z.string(), message: z.string() });

/** What is written does not depend on numbers and moments, so a document that cannot be written is refused unsent. */
export function fileCall(name: string, set: OutSet, partner: Partner, released?: ReleasedOrder): PreparedCall {
  const trial = { controlNumber: 1, at: '2000-01-01T00:00:00.000Z', groups: [{ controlNumber: 1, sets: [set] }] };
  const written = writeX12(partner, trial);
  const [error] = 'errors' in written ? written.errors : [];
  if (error !== undefined) throw impossible(`X12_${error.code}`, `${error.path}: ${error.message}`);
  const headers = { 'content-type': 'application/json' };
  return { method: 'PUT', path: pathOf(name), headers, body: bodyOf(set, released) };
}

const bodyOf = (set: OutSet, released?: ReleasedOrder): string =>
  JSON.stringify({ ...set, ...(released && { released }) });

/** Why a canonical document cannot be said in X12, as the refusal of a call that is not made. */
export function unsayable(problems: readonly CaseProblem[]): ConnectorError {
  const [first] = problems;
  return impossible(first?.error_code ?? 'unsayable', first?.message ?? 'It cannot be said in X12.', first?.path);
}

/** @throws ConnectorError where it was refused. */
export function readPlaced(answer: Answer): { control_number: number; file: string } {
  const error = refusal(answer);
  if (error !== undefined) throw error;
  return readBody(answer, placed, 'The folder');
}

export const refusal = (answer: Answer): ConnectorError | undefined =>
  refusalOf(answer, (body) => {
    const said = refused.safeParse(body);
    return said.success ? said.data : undefined;
  });

/** Does the document of this name lie in the folder, or did it? With `set`, only one that says just that counts. */
export async function wasPlaced(name: string, send: Send, set?: OutSet): Promise<boolean> {
  const body = set === undefined ? '' : bodyOf(set);
  const { status } = await send({ method: 'GET', path: pathOf(name), headers: {}, body });
  return status === 200;
}

const pathOf = (name: string): string => `/${encodeURIComponent(name)}`;
