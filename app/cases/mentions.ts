/** Characters of a comment, as the engine takes it. */
export const commentLimit = 4_000;

/** The colleagues a comment speaks to: those whose address stands in it after an @, as whole addresses. */
export function mentionsIn(comment: string, colleagues: readonly string[]): string[] {
  const written = comment.toLowerCase();
  return colleagues.filter((email) => {
    const mention = `@${email.toLowerCase()}`;
    for (let at = written.indexOf(mention); at >= 0; at = written.indexOf(mention, at + 1))
      if (isEdge(written[at - 1]) && !/^[\w-]|^\.\w/.test(written.slice(at + mention.length))) return true;
    return false;
  });
}

const isEdge = (character: string | undefined): boolean => character === undefined || /[\s(,;:]/.test(character);

/** What is being written after an @ just before the caret; undefined where nobody is being mentioned. */
export function mentionAt(text: string, caret: number): { from: number; begun: string } | undefined {
  const found = /(?:^|[\s(,;:])@([\w.+@-]*)$/.exec(text.slice(0, caret));
  const begun = found?.[1];
  return begun === undefined ? undefined : { from: caret - begun.length, begun: begun.toLowerCase() };
}
