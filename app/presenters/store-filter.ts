/** What stores can be chosen by. */
interface Chosen {
  id: string;
  name: string;
  /** State of its line, in words. */
  word: string;
  /** Days of it in quarantine. */
  stopped: number;
  company: string;
  region: string;
  ownership: string;
}

const IN_QUARANTINE = 'day in quarantine';
const states = ['silent', 'catching up', 'on schedule', 'never heard of', IN_QUARANTINE];

/** Is a store among those that an address asks for, as `?state=silent&region=eu&q=london`? Pure. */
export function isAskedFor(store: Chosen, search: URLSearchParams): boolean {
  const among = (name: string, ...values: string[]) =>
    !search.has(name) || search.getAll(name).some((one) => values.includes(one));
  const wanted = (search.get('q') ?? '')
    .toLowerCase()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const known = `${store.id} ${store.name}`.toLowerCase();
  return (
    among('state', store.word, ...(store.stopped > 0 ? [IN_QUARANTINE] : [])) &&
    among('company', store.company) &&
    among('region', store.region) &&
    among('ownership', store.ownership) &&
    (wanted.length === 0 || wanted.some((line) => known.includes(line)))
  );
}

const optionsOf = (values: readonly string[]) => [...new Set(values)].map((value) => ({ value, label: value }));

/** What there is to choose from. */
export const storeFilters = (stores: readonly Chosen[]) => ({
  states: optionsOf(states),
  companies: optionsOf(stores.map(({ company }) => company).sort()),
  regions: optionsOf(stores.map(({ region }) => region).sort()),
  ownerships: optionsOf(stores.map(({ ownership }) => ownership).sort()),
});
