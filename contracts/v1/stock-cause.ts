/** Characters of an attribute of a step event. */
const ATTRIBUTE_MAX = 1_000;

const word = (kind: string, id: string): string => `${kind}:${encodeURIComponent(id)}`;

/** What an order reserved, gave back or shipped: `order:<transaction key>`, percent-encoded. */
export const orderCause = (key: string): string => word('order', key);
/** What a system told: `<system>:<change id>`, percent-encoded. */
export const stockCause = (source: string, changeId: string): string => word(source, changeId);

/** Attribute `caused_by` of step stock_changed: by what stock changed, as many words as an attribute holds. */
export const joinCauses = (causes: readonly string[]): string =>
  causes.reduce((text, cause) => {
    const longer = text === '' ? cause : `${text} ${cause}`;
    return longer.length <= ATTRIBUTE_MAX ? longer : text;
  }, '');
