-- transaction_references: "which transaction has this number": order number, external id, SKU, ERP document, tracking
-- number, customer e-mail, business key. Filled from attributes `ref_<kind>` (values separated by spaces).
-- Look up with folded = lower(value), or startsWith(folded, prefix); SELECT DISTINCT flow, key (a pair may be repeated
-- until merges remove it). Kind customer_email needs the permission personal_data.read.

CREATE TABLE transaction_references $ON_CLUSTER
(
    folded String,
    kind LowCardinality(String),
    flow LowCardinality(String),
    key String,
    value String,
    occurred_at DateTime64(3, 'UTC'),
    INDEX by_key key TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = $ENGINE(ReplacingMergeTree)
ORDER BY (folded, kind, flow, key)
SETTINGS non_replicated_deduplication_window = 2000;

CREATE MATERIALIZED VIEW transaction_references_view $ON_CLUSTER TO transaction_references AS
SELECT
    lowerUTF8(value) AS folded,
    kind,
    flow,
    key,
    value,
    occurred_at
FROM
(
    SELECT
        flow, key, occurred_at,
        arrayJoin(arrayDistinct(arrayConcat(
            arrayFlatten(arrayMap(
                name -> arrayMap(part -> (substring(name, 5), part), splitByChar(' ', attributes[name])),
                arrayFilter(name -> startsWith(name, 'ref_'), mapKeys(attributes)))),
            [('business_key', business_key)]))) AS pair,
        pair.1 AS kind,
        pair.2 AS value
    FROM steps_landing
)
WHERE value != ''
GROUP BY folded, kind, flow, key, value, occurred_at;
