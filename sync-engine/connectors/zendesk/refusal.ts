import type { Answer } from '../connector.ts';
import { refusalOf } from '../transport/answer.ts';
import { errorBody } from './contract.ts';

/** @throws ConnectorError in Zendesk's own words. */
export function refuse(answer: Answer): void {
  const error = refusalOf(answer, (body) => {
    const parsed = errorBody.safeParse(body);
    if (!parsed.success) return undefined;
    const { error: said, description, details } = parsed.data;
    if (typeof said !== 'string') return { code: `HTTP_${answer.status}`, message: `${said.title}: ${said.message}` };
    const fields = Object.entries(details ?? {}).map(([name, problems]) =>
      [name, ...problems.map((problem) => problem.description)].join(': '),
    );
    return { code: said, message: [description, ...fields].filter(Boolean).join('; ') || said };
  });
  if (error !== undefined) throw error;
}
