-- rejected_steps: who wrote an event and what marks it apart from all others, as columns of their own: a list read the whole text of
-- every event of its time for them. Addresses in a producer's name are hidden as in texts that people read.

ALTER TABLE rejected_steps $ON_CLUSTER
    ADD COLUMN IF NOT EXISTS producer String MATERIALIZED replaceRegexpAll(
        if(stream = 'OTLP', subject, JSONExtractString(raw, 'writer')), '[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+', '‹hidden›'),
    ADD COLUMN IF NOT EXISTS mark String MATERIALIZED lower(hex(sipHash64(stream, stream_seq, subject, path, reason, raw)));

ALTER TABLE rejected_steps $ON_CLUSTER
    MATERIALIZE COLUMN producer, MATERIALIZE COLUMN mark;
