import { z } from 'zod';
import { channelScope, problem } from '#contracts/v1/channel-api.ts';
import { type Document, jsonContent, jsonSchema, keyScheme, problemAnswers } from '#platform/http/openapi.ts';
import type { ConnectorDefinition } from '../connectors/definition.ts';
import { type Operation, operations, type Parameter, webhookOperations } from './operations.ts';

const problems: readonly (readonly [number, string])[] = [
  [400, 'The body is not JSON; line and column are named'],
  [401, 'No valid API key or signature'],
  [403, 'The API key lacks the scope, which is named'],
  [404, 'Not known'],
  [408, 'The request took too long to arrive'],
  [409, 'The same identification with another content'],
  [413, 'The body is too large'],
  [422, 'The content is not valid; every offending path is listed'],
  [429, 'Too many requests; Retry-After says when to go on'],
  [503, 'Not accepted because it could not be stored; send it again'],
];

/** Which problems an operation can answer with. */
function problemsOf(operation: Operation): readonly (readonly [number, string])[] {
  const excluded = new Set([
    ...(operation.method === 'GET' ? [400, 408, 409, 413] : []),
    ...(operation.scope === undefined ? [403, 409, 422] : []),
  ]);
  return problems.filter(([status]) => !excluded.has(status));
}

function describeOperation(name: string, operation: Operation): Document {
  const { answer, body } = operation;
  const answers: Document = {
    [answer.status]: {
      description: answer.status === 202 ? 'Accepted: it is durable' : 'As asked',
      content: jsonContent(answer.name),
    },
  };
  if (answer.status === 202)
    answers['200'] = { description: 'Accepted before: a repetition without effect', content: jsonContent(answer.name) };
  if (operation.method === 'GET') answers['304'] = { description: 'What If-None-Match names is still so' };
  Object.assign(answers, problemAnswers(problemsOf(operation)));
  return {
    operationId: name,
    summary: operation.summary,
    description: operation.description,
    ...(operation.deprecated === undefined ? {} : { deprecated: true }),
    tags: [operation.scope === undefined ? 'Webhooks' : 'Channel API'],
    security: operation.scope === undefined ? [] : [{ apiKey: [operation.scope] }],
    parameters: [...operation.parameters, ...conditions(operation)].map(describeParameter),
    ...(body === undefined ? {} : { requestBody: { required: true, content: jsonContent(body.name) } }),
    ...(operation.scope === undefined
      ? { requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } } }
      : {}),
    responses: answers,
  };
}

/** What may be asked of every question. */
const conditions = ({ method }: Operation): readonly Parameter[] =>
  method === 'GET'
    ? [
        {
          name: 'If-None-Match',
          in: 'header',
          required: false,
          description: 'Entity tag of an earlier answer; 304 where nothing has changed since.',
          schema: z.string().max(500),
        },
      ]
    : [];

const describeParameter = ({ schema, ...parameter }: Parameter): Document => ({
  ...parameter,
  schema: jsonSchema(schema, 'input'),
});

/** Everything intake answers: the webhooks of these connectors and Syncline's own API. */
export const operationList = (definitions: readonly ConnectorDefinition[]): (readonly [string, Operation])[] => [
  ...webhookOperations(definitions),
  ...Object.entries(operations),
];

/** OpenAPI 3.1 description of everything intake answers, made from the same tables as its routes. */
export function openApi(definitions: readonly ConnectorDefinition[]): Document {
  const paths: Record<string, Document> = {};
  const schemas: Document = { Problem: jsonSchema(problem, 'output') };
  for (const [name, operation] of operationList(definitions)) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describeOperation(name, operation) };
    if (operation.body !== undefined) schemas[operation.body.name] = jsonSchema(operation.body.schema, 'input');
    schemas[operation.answer.name] = jsonSchema(operation.answer.schema, 'output');
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Syncline intake and channel API',
      version: '1.0.0',
      description:
        'Whatever is answered with 2xx is durable. Errors are problem details (RFC 9457). Amounts are decimal strings, times RFC 3339 UTC with milliseconds.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        apiKey: keyScheme(channelScope.options),
      },
      schemas,
    },
  };
}
