import { useFetcher, useNavigate, useSearchParams } from '@remix-run/react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '#app/components/button.tsx';
import { Dialog, DialogButtons } from '#app/components/dialog.tsx';
import { Field } from '#app/components/field.tsx';
import { Notice } from '#app/components/state-notice.tsx';
import type { SavedResult } from '#app/routes/query.saved.ts';
import type { OfferedQuery } from '#app/sql/saved-query.ts';
import { queryPath } from './paths.ts';

/** Saves the text under a name; one's own saved query is changed in place, or saved anew under another name. */
export function SaveForm({ sql, chosen }: { sql: string; chosen: OfferedQuery | undefined }) {
  const [open, setOpen] = useState(false);
  const fetcher = useFetcher<SavedResult>();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const own = chosen?.mine === true ? chosen : undefined;
  const arrive = useRef((id: string) => navigate(queryPath(search, { saved: id })));
  useEffect(() => {
    arrive.current = (id) => navigate(queryPath(search, { saved: id }));
  });
  const savedId = fetcher.state === 'idle' && fetcher.data?.ok === true ? fetcher.data.id : undefined;
  useEffect(() => {
    if (savedId === undefined) return;
    setOpen(false);
    arrive.current(savedId);
  }, [savedId, fetcher.data]);
  return (
    <>
      <Button onClick={() => setOpen(true)} disabled={sql.trim() === ''}>
        Save
      </Button>
      <Dialog open={open} onOpenChange={setOpen} title="Save this query">
        <fetcher.Form method="post" action="/query/saved" className="flex flex-col gap-3">
          <input type="hidden" name="sql" value={sql} />
          <Field label="Name" name="name" required maxLength={80} autoComplete="off" defaultValue={own?.name} />
          <label className="flex items-center gap-2">
            <input type="checkbox" name="shared" value="yes" defaultChecked={own?.shared} /> Share it with everybody who
            may run queries
          </label>
          {own && (
            <label className="flex items-center gap-2">
              <input type="checkbox" name="id" value={own.id} defaultChecked /> In place of “{own.name}”
            </label>
          )}
          {fetcher.data?.ok === false && fetcher.state === 'idle' && <Notice kind="bad">{fetcher.data.message}</Notice>}
          <DialogButtons leave="Cancel" onLeave={() => setOpen(false)} confirm="Save" busy={fetcher.state !== 'idle'} />
        </fetcher.Form>
      </Dialog>
    </>
  );
}
