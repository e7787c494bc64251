-- What stock_levels and told_levels took over in 0025. A file of its own: one that is begun again after a crash copies first.

DROP VIEW IF EXISTS inventory_position_states_view $ON_CLUSTER SYNC;
DROP VIEW IF EXISTS publication_states_view $ON_CLUSTER SYNC;
DROP TABLE IF EXISTS inventory_position_states $ON_CLUSTER SYNC;
DROP TABLE IF EXISTS publication_states $ON_CLUSTER SYNC;

-- Pages read transactions of a window by a text with the columns they need.
DROP VIEW IF EXISTS transactions_within $ON_CLUSTER SYNC;
