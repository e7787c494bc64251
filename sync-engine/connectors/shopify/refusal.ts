import type { Answer, ConnectorError } from '../connector.ts';
import { ConnectorError as Refused } from '../connector.ts';
import { parseExactJson } from '#platform/exact-json.ts';
import { refusalOf } from '../transport/answer.ts';
import { errorBody, graphqlErrors } from './contract.ts';

/** The refusal a REST answer is. */
export function restRefusal(answer: Answer): ConnectorError | undefined {
  return refusalOf(answer, (body) => {
    const parsed = errorBody.safeParse(body);
    if (!parsed.success) return undefined;
    const { errors, error } = parsed.data;
    const words = typeof errors === 'object' ? listed(errors) : (errors ?? error);
    return words === undefined ? undefined : { code: `HTTP_${answer.status}`, message: `Shopify: ${words}` };
  });
}

/** @throws ConnectorError where a REST answer is a refusal */
export function demandOk(answer: Answer): void {
  const error = restRefusal(answer);
  if (error !== undefined) throw error;
}

/** The refusal a GraphQL answer is: by status, or by the errors of a 200. What is in `errors` was not carried out. */
export function graphqlRefusal(answer: Answer): ConnectorError | undefined {
  const byStatus = restRefusal(answer);
  if (byStatus !== undefined) return byStatus;
  const parsed = graphqlErrors.safeParse(parsedOrUndefined(answer.body));
  const first = parsed.success ? parsed.data.errors[0] : undefined;
  if (!parsed.success || first === undefined) return undefined;
  const code = first.extensions?.code ?? 'GRAPHQL_ERROR';
  const message = `Shopify: ${first.message}`;
  if (code === 'THROTTLED') {
    const retryAfterMs = restoredInMs(parsed.data);
    return new Refused({
      errorClass: 'throttled',
      code,
      message,
      retryable: true,
      retryAfterMs,
      mayHaveHappened: false,
    });
  }
  if (code === 'ACCESS_DENIED')
    return new Refused({ errorClass: 'auth', code, message, retryable: false, mayHaveHappened: false });
  if (code === 'INTERNAL_SERVER_ERROR')
    return new Refused({ errorClass: 'unavailable', code, message, retryable: true, mayHaveHappened: true });
  return new Refused({ errorClass: 'rejected', code, message, retryable: false, mayHaveHappened: false });
}

/** Until the cost bucket has refilled enough for the query, in milliseconds. */
function restoredInMs({ extensions }: { extensions?: GraphqlExtensions | null | undefined }): number {
  const cost = extensions?.cost;
  if (cost === undefined) return 1000;
  const missing = Number(cost.requestedQueryCost) - Number(cost.throttleStatus.currentlyAvailable);
  const rate = Math.max(1, Number(cost.throttleStatus.restoreRate));
  return Math.max(100, Math.ceil((missing / rate) * 1000));
}
interface GraphqlExtensions {
  cost: { requestedQueryCost: string; throttleStatus: { currentlyAvailable: string; restoreRate: string } };
}

function listed(errors: string[] | Record<string, string | string[]>): string {
  if (Array.isArray(errors)) return errors.join('; ');
  return Object.entries(errors)
    .map(([field, texts]) => `${field}: ${Array.isArray(texts) ? texts.join(', ') : texts}`)
    .join('; ');
}

function parsedOrUndefined(body: string): unknown {
  try {
    return parseExactJson(body);
  } catch {
    return undefined;
  }
}
