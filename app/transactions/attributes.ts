/** What transactions are grouped and filtered by. Each is a parameter of the address; `not.<name>` leaves values out. */
export const attributes = [
  'channel',
  'region',
  'entity',
  'brand',
  'tier',
  'location',
  'system',
  'step',
  'error',
  'code',
  'sku',
  'origin',
  'attempts',
] as const;
export type Attribute = (typeof attributes)[number];

/** Ways a transaction may stand; several hold at once. */
export const states = [
  'open',
  'finished',
  'late',
  'stuck',
  'retrying',
  'failed',
  'quarantined',
  'exception',
  'trouble',
  'going',
  'smooth',
  'well',
] as const;
export type State = (typeof states)[number];

/**
 * States that stand for the absence of others. Values chosen of a facet are alternatives; a figure that counts those of the
 * chosen which are in trouble leaves out what is well.
 */
export const absences: readonly State[] = ['going', 'smooth', 'well'];

/** Everything that an address can choose values of. */
export const facets = ['state', ...attributes] as const;
export type Facet = (typeof facets)[number];

export const facetWords: Record<Facet, string> = {
  state: 'State',
  channel: 'Channel',
  region: 'Region',
  entity: 'Legal entity',
  brand: 'Brand',
  tier: 'Tier',
  location: 'Location',
  system: 'System it stands at',
  step: 'Step it stands at',
  error: 'Kind of error',
  code: 'Error code',
  sku: 'SKU',
  origin: 'Origin',
  attempts: 'Attempts',
};

export const stateWords: Record<State, { word: string; about: string }> = {
  open: { word: 'Open', about: 'Not finished.' },
  finished: { word: 'Finished', about: 'Nothing is to be done for it any more.' },
  late: { word: 'Late', about: 'Open and past its deadline.' },
  stuck: {
    word: 'Stuck',
    about: 'Open and past its deadline, or, of an order, without a step for longer than its next step’s target.',
  },
  retrying: { word: 'Tried again', about: 'Open; its latest attempt failed and another comes by itself.' },
  failed: { word: 'Failed', about: 'Open; its latest step failed for good.' },
  quarantined: { word: 'In quarantine', about: 'Open; a case waits for somebody.' },
  exception: { word: 'Exception', about: 'It had a case or a final failure, whatever became of it.' },
  trouble: { word: 'In trouble', about: 'Stuck, or it had a case or a final failure.' },
  going: { word: 'Going on by itself', about: 'Open, and neither failed nor in quarantine.' },
  smooth: { word: 'Without exception', about: 'It never had a case or a final failure.' },
  well: { word: 'Well', about: 'Not in trouble.' },
};

/** Latencies that transactions are measured by; all but the first are of orders. */
export const measures = ['whole', 'accepted', 'acknowledged', 'erp', 'released', 'shipped', 'delivered'] as const;
export type Measure = (typeof measures)[number];

export const measureWords: Record<Measure, { word: string; about: string }> = {
  whole: { word: 'End to end', about: 'last step − first step, of those that are finished' },
  accepted: { word: 'Placed to accepted', about: 'order ingestion lag: intake accepted − placed' },
  acknowledged: { word: 'Placed to acknowledged', about: 'acknowledgement time: channel acknowledged − placed' },
  erp: { word: 'Placed to ERP', about: 'order sync latency: ERP sales order confirmed − placed' },
  released: { word: 'Placed to released', about: 'order release time: released to warehouse − placed' },
  shipped: { word: 'Placed to shipped', about: 'shipped completely − placed' },
  delivered: { word: 'Placed to delivered', about: 'order cycle time: delivered (or shipped) − placed' },
};
