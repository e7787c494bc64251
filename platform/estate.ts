import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { estate, type Estate } from '#contracts/v1/estate.ts';

/** What is wrong with an estate file, each problem with the path of its field. */
export class EstateError extends Error {
  override name = 'EstateError';
}

/**
 * Replaces `${NAME}` and `${NAME:-default}` by variables.
 * @throws EstateError where a variable without a default is not set.
 */
export function substitute(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\$\{([A-Z][A-Z0-9_]*)(?::-([^}]*))?\}/g, (_, name: string, fallback: string | undefined) => {
    const value = variables[name] ?? fallback;
    if (value === undefined) throw new EstateError(`The variable ${name}, named in the estate file, is not set.`);
    return value;
  });
}

/** Parses and validates the text of an estate file. @throws EstateError naming every offending field. */
export function parseEstate(text: string, variables: Readonly<Record<string, string | undefined>>): Estate {
  let document: unknown;
  try {
    document = parse(substitute(text, variables));
  } catch (error) {
    if (error instanceof EstateError) throw error;
    throw new EstateError(
      `The estate file is not valid YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = estate.safeParse(document);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(file)'}: ${issue.message}`);
  throw new EstateError(`The estate file is not valid:\n${problems.join('\n')}`);
}

/** Loads an estate file. @throws EstateError with what to correct. */
export async function loadEstate(
  path: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Estate> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new EstateError(`The estate file ${path} cannot be read.`);
  }
  return parseEstate(text, variables);
}

/** Turns `env:NAME` settings into their values. */
export function resolveSecret(setting: string, variables: Readonly<Record<string, string | undefined>>): string {
  if (!setting.startsWith('env:')) return setting;
  const name = setting.slice(4);
  const value = variables[name];
  if (value === undefined || value === '')
    throw new EstateError(`The secret ${name}, named in the estate file as "${setting}", is not set.`);
  return value;
}
