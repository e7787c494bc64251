import { caseTag } from '#contracts/v1/case.ts';

/** What somebody wrote as a tag: "Tax office" is tax-office; undefined where it cannot be one. */
export function asTag(written: string): string | undefined {
  const tag = written
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
  return caseTag.safeParse(tag).success ? tag : undefined;
}

export const tagForm = 'A tag is up to 40 letters, digits and dashes, such as tax-office.';
