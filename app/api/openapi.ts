import { z } from 'zod';
import { problem, workScope } from '#contracts/v1/channel-api.ts';
import { type Document, jsonContent, jsonSchema, keyScheme, problemAnswers } from '#platform/http/openapi.ts';
import type { ApiOperation } from './operation.ts';
import { operations } from './operations.ts';

const problems: readonly (readonly [number, string])[] = [
  [400, 'The body is not JSON; line and column are named'],
  [401, 'No valid API key'],
  [403, 'The API key lacks the scope, which is named'],
  [404, 'Not known'],
  [409, 'Somebody else was first, or it is refused as things stand; `because` says what can be done about it'],
  [413, 'The body is too large'],
  [422, 'The content is not valid; every offending path is listed'],
  [429, 'Too many requests; Retry-After says when to go on'],
  [503, 'Not done; try again'],
];
const ofReading = new Set([401, 403, 404, 422, 429]);

const pathOf = ({ path }: ApiOperation): string => path.replace(/:(\w+)/g, '{$1}');

/** `POST /api/v1/cases/:id/dry-run` is postCasesIdDryRun. */
const operationId = ({ method, path }: ApiOperation): string =>
  method.toLowerCase() +
  path.replace('/api/v1', '').replace(/[/:.-]+(\w)/g, (_, letter: string) => letter.toUpperCase());

function describe(operation: ApiOperation): Document {
  const { method, tag, summary, description, scope, id, query = {}, body, answer } = operation;
  return {
    operationId: operationId(operation),
    summary,
    ...(description === undefined ? {} : { description }),
    tags: [tag],
    security: [{ apiKey: [scope] }],
    parameters: [
      ...(id === undefined
        ? []
        : [
            {
              name: 'id',
              in: 'path',
              required: true,
              description: id.description,
              schema: jsonSchema(id.schema, 'input'),
            },
          ]),
      ...Object.entries(query).map(([name, one]) => ({
        name,
        in: 'query',
        required: false,
        description: one.description,
        schema: jsonSchema(one.list === true ? z.array(one.schema) : one.schema, 'input'),
      })),
    ],
    ...(body === undefined ? {} : { requestBody: { required: true, content: jsonContent(body.name) } }),
    responses: {
      200: {
        description: 'As asked',
        content: contentOf(answer),
      },
      ...problemAnswers(problems.filter(([status]) => method === 'POST' || ofReading.has(status))),
    },
  };
}

function contentOf(answer: ApiOperation['answer']): Document {
  if (answer === 'text/csv') return { 'text/csv': { schema: { type: 'string' } } };
  if ('schema' in answer) return jsonContent(answer.name);
  return Object.fromEntries(answer.files.map((type) => [type, {}]));
}

/** OpenAPI 3.1 description of the console's API, made from the same table as its routes. */
export function openApi(): Document {
  const paths: Record<string, Document> = {};
  const schemas: Document = { Problem: jsonSchema(problem, 'output') };
  for (const operation of operations) {
    const path = pathOf(operation);
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation) };
    const { body, answer } = operation;
    if (body !== undefined) schemas[body.name] = jsonSchema(body.schema, 'input');
    if (typeof answer === 'object' && 'schema' in answer) schemas[answer.name] = jsonSchema(answer.schema, 'output');
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Syncline console API',
      version: '1.0.0',
      description:
        'What people do with cases, for programs, and tables for analysis. Errors are problem details (RFC 9457). Amounts are decimal strings, times RFC 3339 UTC with milliseconds. A change names the revision it was decided on: sent twice it is done once, and the second answer is 409.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { apiKey: keyScheme([...workScope.options, 'mappings.write']) },
      schemas,
    },
  };
}
