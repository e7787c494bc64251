/** What each figure on screen is, in one sentence that is exactly how it is computed. Shown beside the figure on hover. */
export interface FigureDefinition {
  name: string;
  definition: string;
  /** Of a sum over currencies: the rates it was worked out by. */
  rates?: string | undefined;
}

export const figures = {
  ordersPerMinute: {
    name: 'Orders per minute',
    definition: 'Orders accepted at intake within the window, divided by its minutes. Backfill is not counted.',
  },
  orderSyncLatency: {
    name: 'Order sync latency',
    definition:
      'ERP sales order confirmed − placed at the channel, of orders confirmed within the window; percentiles are over orders. What still waits stands beside it. Backfill is not counted.',
  },
  failedPostings: {
    name: 'Failed postings',
    definition:
      'Postings whose latest attempt failed ÷ postings attempted, by the time of the latest attempt. Backfill is not counted.',
  },
  pendingPostings: {
    name: 'Pending postings',
    definition:
      'Postings whose latest attempt, begun within the window, has no answer yet, or which a replay is about to try. Backfill is not counted.',
  },
  postedPostings: {
    name: 'Posted',
    definition: 'Postings whose latest attempt, within the window, put the document there. Backfill is not counted.',
  },
  duplicatesPrevented: {
    name: 'Duplicates prevented',
    definition:
      'Postings of which an attempt within the window found the document posted already, by an attempt whose answer was lost, and took it over instead of posting it again. Backfill is not counted.',
  },
  inventoryFreshness: {
    name: 'Inventory freshness',
    definition:
      'Items not stale ÷ items, now. An item is a SKU at a location in a channel that is told of it; it is stale when the channel should show another quantity since its newest change, and has waited for it longer than the target. A channel’s refusal is no confirmation.',
  },
  staleItems: {
    name: 'Stale items',
    definition:
      'Items whose channel should show another quantity since its newest change, and has waited for it longer than the target, now. Beside it those that wait within the target.',
  },
  publicationLatency: {
    name: 'Publication latency',
    definition:
      'Channel confirmed the quantity − the oldest of the coalesced stock changes happened, of publications confirmed within the window; percentiles are over publications. What still waits stands beside it. Backfill is not counted.',
  },
  supersededUpdates: {
    name: 'Superseded updates',
    definition:
      'Stock changes within the window that were left alone because their source had told of a newer one before: events “stock changed” with status superseded, one for all that one entry of the journal brought. Backfill is not counted.',
  },
  sellable: {
    name: 'Sellable in a channel',
    definition:
      'Channel’s allocation × (on hand − reserved − safety stock), never below 0, rounded down. In transit is not sold before it is received.',
  },
  drift: {
    name: 'Drift',
    definition:
      'What the latest comparison of stock found an ERP, a warehouse or a channel to have otherwise than Syncline: theirs − ours, while it is neither healed nor closed.',
  },
  backlog: {
    name: 'Backlog',
    definition: 'Messages pending, in flight and waiting for a retry in the queues of all connectors, now.',
  },
  connectorBacklog: {
    name: 'Backlog of a connector',
    definition:
      'Messages pending in its queue, in flight and waiting for a retry, now; the oldest is the one that was put onto the queue first.',
  },
  connectorRate: {
    name: 'Calls a second',
    definition:
      'Calls that the engine made to it, a second, over the last minute: for its queue, and in polls, comparisons and dry runs. The agreed rate is kept by these.',
  },
  warnings: {
    name: 'Early warnings',
    definition:
      'What the engine found, in its latest evaluation of each kind, to fail before long or to fail already where nobody does anything. What could not be evaluated stands below the list; what was warned of before counts until it can be.',
  },
  callSuccess: {
    name: 'Success of calls',
    definition:
      'Attempts at calls that did what was asked ÷ attempts that ended within the window, to the minute. Refusals, timeouts and calls that the breaker or a pause kept back count against it; backfill counts too.',
  },
  callTime: {
    name: 'Time of calls',
    definition:
      'From the beginning of an attempt to its end, looking up and waiting for the rate limit included; 95th percentile over the attempts that ended within the window.',
  },
  openCases: {
    name: 'Open cases',
    definition:
      'Cases that wait for a person or a replay, now. At risk is their order value and that of stuck orders without a case, in the reporting currency by the rates in force today.',
  },
  ratesInForce: {
    name: 'Rates in force',
    definition:
      'Of each currency the latest rate that was set for the day (UTC) or one before it; before the first, the estate file’s. Sums over currencies are of things as they stand now, so they are worth what today’s rates make of them.',
  },
  inventoryAccuracy: {
    name: 'Inventory accuracy',
    definition:
      'Agreeing SKU-locations ÷ compared, in the latest comparison of stock. One agrees where every side compared has the quantity that Syncline has; those in motion are undecided and not counted.',
  },
  operationalBreaks: {
    name: 'Stock breaks',
    definition: 'Differences in stock that the comparisons found and that are neither healed nor closed, now.',
  },
  accountingBreaks: {
    name: 'Accounting breaks',
    definition:
      'Captures, refunds and postings that payment systems or books have otherwise than Syncline, neither healed nor closed, now; what the sides are apart in the reporting currency by the rates in force today.',
  },
  missingOrders: {
    name: 'Orders that never arrived',
    definition:
      'Orders on a channel’s own list that Syncline never received, found by the comparisons, neither arrived since nor closed, now; their amounts in the reporting currency by the rates in force today. Test and cancelled orders that policy leaves alone do not count.',
  },
  exceptionRate: {
    name: 'Exception rate',
    definition:
      'Transactions that had a case or a final failure ÷ transactions that happened within the window, whatever became of them since.',
  },
  reconciliationLag: {
    name: 'Reconciliation lag',
    definition: 'End of the run − end of its period: the longest of the latest comparisons of money.',
  },
  incidentDuration: {
    name: 'Duration',
    definition: 'When the incident was over − when it began; while it is open, until now.',
  },
  incidentCases: {
    name: 'Cases',
    definition:
      'Cases of the linked causes that were open at any time between the beginning and the end of the incident, and the cases linked themselves.',
  },
  incidentOpenCases: {
    name: 'Open cases',
    definition: 'Those of the incident’s cases that are not resolved, done outside or discarded.',
  },
  incidentOrders: {
    name: 'Orders',
    definition:
      'Orders and other transactions of the incident’s cases, and those linked themselves, each counted once.',
  },
  incidentValue: {
    name: 'Value affected',
    definition: 'Sum of the value of the incident’s orders in the reporting currency, whatever became of them since.',
  },
  incidentAtRisk: {
    name: 'Value at risk',
    definition:
      'Sum of the value of those of the incident’s orders that have an open case or, where they are linked themselves, are stuck, in the reporting currency.',
  },
} as const satisfies Record<string, FigureDefinition>;

/** At most this share of postings may have failed at their latest attempt. */
export const failedPostingsTarget = 0.01;
/** Below this share of fresh items, freshness is bad and not merely a warning. */
export const freshnessFloor = 0.99;
