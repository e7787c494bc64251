const words = (text: string): string[] => text.trim().split(/\s+/);

/**
 * Functions that a query may call, by what they are for. Everything else is refused, above all what reaches files, other
 * hosts, dictionaries, settings, the server or other sessions, what waits, what takes the name of a table as text, and what
 * works long on a single row, since limits are looked at between blocks.
 */
const scalar = new Set(
  words(`
  and or not xor equals notEquals less lessOrEquals greater greaterOrEquals in notIn globalIn globalNotIn exists
  isDistinctFrom isNotDistinctFrom like notLike ilike notILike match
  if multiIf caseWithExpression caseWithExpr caseWithoutExpr caseWithoutExpression coalesce ifNull nullIf isNull isNotNull
  isZeroOrNull assumeNotNull toNullable least greatest clamp transform identity materialize firstNonDefault
  plus minus multiply divide divideOrNull intDiv intDivOrZero intDivOrNull modulo moduloOrZero moduloOrNull mod
  positiveModulo negate abs gcd lcm divideDecimal multiplyDecimal ifNotFinite isFinite isInfinite isNaN max2 min2 midpoint
  round roundBankers floor ceil ceiling trunc truncate roundDown roundToExp2 sign sqrt cbrt exp exp2 exp10 log log2 log10
  log1p ln pow power pi e sin cos tan asin acos atan atan2 degrees radians sigmoid widthBucket width_bucket
  bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight bitTest bitCount
  cast _cast accurateCast accurateCastOrNull accurateCastOrDefault toTypeName toBool toString toFixedString toDecimalString
  toInt8 toInt16 toInt32 toInt64 toInt128 toInt256 toUInt8 toUInt16 toUInt32 toUInt64 toUInt128 toUInt256 toFloat32 toFloat64
  toInt8OrZero toInt16OrZero toInt32OrZero toInt64OrZero toUInt8OrZero toUInt16OrZero toUInt32OrZero toUInt64OrZero
  toInt8OrNull toInt16OrNull toInt32OrNull toInt64OrNull toUInt8OrNull toUInt16OrNull toUInt32OrNull toUInt64OrNull
  toFloat32OrZero toFloat64OrZero toFloat32OrNull toFloat64OrNull toInt32OrDefault toInt64OrDefault toUInt32OrDefault
  toUInt64OrDefault toFloat64OrDefault
  toDecimal32 toDecimal64 toDecimal128 toDecimal256 toDecimal32OrZero toDecimal64OrZero toDecimal128OrZero
  toDecimal32OrNull toDecimal64OrNull toDecimal128OrNull toUUID toUUIDOrNull toLowCardinality
  date toDate toDate32 toDateTime toDateTime32 toDateTime64 toDateOrZero toDateOrNull toDateTimeOrZero toDateTimeOrNull
  toDateTime64OrZero toDateTime64OrNull parseDateTime parseDateTimeOrNull parseDateTimeBestEffort
  parseDateTimeBestEffortOrNull parseDateTimeBestEffortOrZero parseDateTime64BestEffort parseDateTime64BestEffortOrNull
  parseDateTime64BestEffortOrZero makeDate makeDateTime makeDateTime64 fromUnixTimestamp fromUnixTimestamp64Milli
  toUnixTimestamp toUnixTimestamp64Milli now now64 today yesterday current_date current_timestamp utcTimestamp
  timezoneOf timezoneOffset toTimezone toYear toQuarter toMonth toWeek toISOWeek toISOYear toYearWeek toDayOfYear
  toDayOfMonth toDayOfWeek toHour toMinute toSecond toMillisecond year quarter month week day hour minute second dayOfWeek
  dayOfMonth dayOfYear toStartOfYear toStartOfISOYear toStartOfQuarter toStartOfMonth toStartOfWeek toMonday toStartOfDay
  toStartOfHour toStartOfMinute toStartOfSecond toStartOfFiveMinutes toStartOfFiveMinute toStartOfTenMinutes
  toStartOfFifteenMinutes toStartOfInterval toStartOfMillisecond toLastDayOfMonth toLastDayOfWeek toYYYYMM toYYYYMMDD
  toYYYYMMDDhhmmss toRelativeDayNum toRelativeHourNum toRelativeMinuteNum toRelativeMonthNum toRelativeWeekNum
  dateDiff date_diff timestampDiff age dateTrunc date_trunc date_bin dateName monthName formatDateTime timeSlot time_bucket
  addYears addQuarters addMonths addWeeks addDays addHours addMinutes addSeconds addMilliseconds addInterval addDate
  subtractYears subtractQuarters subtractMonths subtractWeeks subtractDays subtractHours subtractMinutes subtractSeconds
  subtractMilliseconds subtractInterval subDate toIntervalYear toIntervalQuarter toIntervalMonth toIntervalWeek
  toIntervalDay toIntervalHour toIntervalMinute toIntervalSecond toIntervalMillisecond
  length lengthUTF8 empty notEmpty lower upper lowerUTF8 upperUTF8 initcap reverse reverseUTF8 concat concatWithSeparator
  concat_ws substring substr mid left right substringUTF8 leftUTF8 rightUTF8 substringIndex leftPad rightPad lpad rpad
  trim trimBoth trimLeft trimRight ltrim rtrim startsWith endsWith startsWithCaseInsensitive endsWithCaseInsensitive
  position positionCaseInsensitive positionUTF8 locate countSubstrings countMatches hasToken hasTokenCaseInsensitive
  extract extractAll extractGroups regexpExtract replaceAll replaceOne replace replaceRegexpAll replaceRegexpOne translate
  overlay splitByChar splitByString splitByRegexp splitByWhitespace alphaTokens multiSearchAny multiMatchAny
  ascii hex unhex bin isValidUTF8 formatReadableQuantity
  formatReadableSize formatReadableTimeDelta formatReadableDecimalSize bar
  JSONExtract JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat JSONExtractBool JSONExtractRaw
  JSONExtractArrayRaw JSONExtractKeys JSONHas JSONLength JSONType isValidJSON toJSONString
  array arrayJoin arrayElement arrayElementOrNull arrayMap arrayFilter arraySum arrayAvg arrayMin arrayMax arrayProduct
  arrayCount arrayExists arrayAll arrayFirst arrayFirstIndex arrayFirstOrNull arrayLast arrayLastIndex arrayLastOrNull
  arraySort arrayReverseSort arrayReverse arrayDistinct arrayUniq arrayConcat arraySlice arrayPushBack arrayPushFront
  arrayPopBack arrayPopFront arrayResize arrayZip arrayEnumerate arrayEnumerateUniq arrayDifference arrayCumSum arrayCompact
  arrayFlatten flatten arrayIntersect arrayUnion arrayExcept arrayStringConcat arrayWithConstant arraySplit
  arrayReverseSplit has hasAll hasAny hasSubstr indexOf countEqual range
  tuple tupleElement untuple tupleConcat map mapKeys mapValues mapContains mapFromArrays mapFilter mapApply lambda
  cityHash64 sipHash64 xxHash64 intHash64 MD5 SHA256
  runningDifference rowNumberInAllBlocks finalizeAggregation isConstant grouping
  row_number rank dense_rank denseRank percent_rank percentRank cume_dist ntile lag lead lagInFrame leadInFrame first_value
  last_value nth_value numbers
  `).map((name) => name.toLowerCase()),
);

const aggregate = new Set(
  words(`
  count sum sumWithOverflow sumKahan avg avgWeighted min max any anyLast anyHeavy any_value argMin argMax min_by max_by
  uniq uniqExact uniqCombined uniqCombined64 uniqHLL12 groupArray groupArraySorted groupArrayLast groupUniqArray
  groupArrayMovingSum groupArrayMovingAvg groupConcat group_concat topK topKWeighted approx_top_k median medianExact
  medianTDigest medianDD quantile quantiles quantileExact quantilesExact quantileExactLow quantileExactHigh quantileTDigest
  quantilesTDigest quantileTiming quantilesTiming quantileDD quantilesDD quantileExactInclusive quantilesExactInclusive
  quantileExactExclusive quantilesExactExclusive quantileExactWeighted quantileDeterministic stddevPop stddevSamp
  stddev_pop stddev_samp varPop varSamp var_pop var_samp covarPop covarSamp corr skewPop skewSamp kurtPop kurtSamp entropy
  histogram simpleLinearRegression deltaSum deltaSumTimestamp exponentialMovingAverage groupBitOr
  groupBitAnd groupBitXor maxIntersections intervalLengthSum windowFunnel retention sequenceCount sequenceMatch
  mannWhitneyUTest studentTTest welchTTest kolmogorovSmirnovTest
  `).map((name) => name.toLowerCase()),
);

const combinators = /(simplestate|state|merge|ordefault|ornull|distinct|foreach|argmin|argmax|array|map|if)$/;

/** May a query call it? Names are compared in lower case: no refused function differs from one of these by case alone. */
export function mayCall(name: string): boolean {
  const folded = name.toLowerCase();
  return scalar.has(folded) || mayAggregate(folded);
}

/** An aggregate with any number of combinators: sumIf, uniqExactMergeIf. */
function mayAggregate(folded: string): boolean {
  if (aggregate.has(folded)) return true;
  const base = folded.replace(combinators, '');
  return base !== folded && mayAggregate(base);
}
