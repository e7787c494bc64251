import type { Interest } from '#app/live/use-live.ts';
import type { IncidentView } from '#app/presenters/incident-page.ts';

/**
 * What the page of an incident is read again for: what people do to it, and what its figures and links tell of. A case of
 * any order may be one of a linked cause. What nobody announces, such as a connector's backlog, is asked for in between.
 */
export function interestIn({
  id,
  links,
}: Pick<IncidentView, 'id'> & { links: Pick<IncidentView['links'][number], 'link'>[] }): Interest {
  const cases = links.some(({ link }) => link.kind === 'cause' || link.kind === 'case');
  const keys = links.flatMap(({ link }) => (link.kind === 'transaction' ? [link.key] : []));
  return {
    topics: ['incidents'],
    keys: [id],
    beside: [
      ...(cases ? [{ topics: ['cases'] as const }] : []),
      ...(keys.length > 0 ? [{ topics: ['steps', 'cases'] as const, keys }] : []),
    ],
    ...(links.length > 0 && { everyMs: 15_000 }),
  };
}
