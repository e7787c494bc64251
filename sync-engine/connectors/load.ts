import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Estate } from '#contracts/v1/estate.ts';
import { EstateError } from '#platform/estate.ts';
import type { ConnectorDefinition } from './definition.ts';

const module = z.object({
  connector: z.custom<ConnectorDefinition>(
    (value) => z.looseObject({ kind: z.string(), open: z.function() }).safeParse(value).success,
  ),
});

/**
 * The connectors that an estate brings along: each module exports `connector`, for systems of its kind.
 * @param estateFile where `connector` paths start from.
 * @throws EstateError naming the module that cannot be used, and why.
 */
export async function loadConnectors(
  { systems }: Pick<Estate, 'systems'>,
  estateFile: string,
): Promise<ConnectorDefinition[]> {
  const paths = new Map<string, string>();
  for (const { id, kind, connector } of systems) {
    if (connector === undefined) continue;
    const other = paths.get(kind);
    if (other !== undefined && other !== connector)
      throw new EstateError(`The system "${id}" names another connector for its kind "${kind}" than ${other}.`);
    paths.set(kind, connector);
  }
  return Promise.all(
    [...paths].map(async ([kind, path]) => {
      const file = resolve(dirname(estateFile), path);
      const loaded = module.safeParse(
        await import(pathToFileURL(file).href).catch((error: unknown) => unusable(path, error)),
      );
      if (!loaded.success) throw new EstateError(`The module ${path} exports no "connector" with a kind and open().`);
      if (loaded.data.connector.kind === kind) return loaded.data.connector;
      throw new EstateError(
        `The module ${path} speaks to systems of kind "${loaded.data.connector.kind}"; the estate names it for "${kind}".`,
      );
    }),
  );
}

function unusable(path: string, cause: unknown): never {
  throw new EstateError(
    `The module ${path}, named as a connector in the estate file, cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
}
