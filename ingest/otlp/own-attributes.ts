/** Everything that is meant for us; the rest of a span is the sender's own affair. */
export const OWN = 'syncline.';

const isOwn = (attribute: unknown): boolean =>
  typeof attribute === 'object' &&
  attribute !== null &&
  'key' in attribute &&
  typeof attribute.key === 'string' &&
  attribute.key.startsWith(OWN);

/** The attributes of ours that a span carries, as it came: the rest of it may be malformed. */
export const ownAttributes = (span: unknown): unknown[] =>
  typeof span === 'object' && span !== null && 'attributes' in span && Array.isArray(span.attributes)
    ? span.attributes.filter(isOwn)
    : [];
