import { maskText } from '#app/payloads/mask.ts';
import type { PostingCauseRow } from '#app/queries/postings.ts';
import { type EstateNames, inWords, systemName } from '#app/words/names.ts';
import { documentName } from '#app/words/postings.ts';
import { titleOf } from './case-list.ts';
import type { CauseTitle } from './cause-titles.ts';

/** Failed postings of one cause. `fingerprint` is empty where no case is of it, as while attempts still come. Pure. */
export function presentPostingCause(row: PostingCauseRow, titles: ReadonlyMap<string, CauseTitle>, names: EstateNames) {
  const known = titles.get(row.fingerprint);
  return {
    id: row.cause,
    fingerprint: row.fingerprint,
    title: known?.title ?? titleOf({ ...row, missing_kind: '', missing_system: '', missing_code: '' }, names),
    message: known?.message ?? inWords(maskText(row.error_message), names),
    code: row.error_code || row.error_class,
    system: systemName(names, row.system),
    document: documentName(row.document),
    failed: row.failed,
    retrying: row.retrying,
    latestAt: row.latest_at,
  };
}
export type PostingCause = ReturnType<typeof presentPostingCause>;
