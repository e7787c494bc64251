import { useFetcher } from '@remix-run/react';
import { useEffect, useRef, type Ref } from 'react';
import { Button } from '#app/components/button.tsx';
import type { CaseResult } from '#app/commands/case.ts';
import { MentionField } from './mention-field.tsx';
import { ResultNotice } from './result-notice.tsx';

/** Something to be read on the case's history by whoever comes next. */
export function CommentForm({ revision, field }: { revision: number; field: Ref<HTMLTextAreaElement> }) {
  const fetcher = useFetcher<CaseResult>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (fetcher.state === 'idle' && fetcher.data?.ok === true) form.current?.reset();
  }, [fetcher.state, fetcher.data]);
  return (
    <fetcher.Form ref={form} method="post" className="mt-3 flex flex-col gap-2">
      <input type="hidden" name="intent" value="comment" />
      <input type="hidden" name="revision" value={revision} />
      <MentionField field={field} />
      <ResultNotice result={fetcher.state === 'idle' ? fetcher.data : undefined} quiet={['comment']} />
      <Button type="submit" className="self-start" busy={fetcher.state !== 'idle'}>
        Write it down
      </Button>
    </fetcher.Form>
  );
}
