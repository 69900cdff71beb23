/** The columns of a part of a curve, of a table or alias: a row of `curve_part`. */
export const partColumns = `number, attempt, last, steps, "values", times, metrics`;

/** The reports beside a lease that are in no part yet, as a part; of a table or CTE with the columns of `running`. */
export const newestPart = (lease: string) =>
  `select number, attempt, kept as last, steps, "values", times, null::jsonb as metrics from ${lease} where parted < kept`;

/**
 * The reports in some parts, one row each: number, attempt, step, values, metrics, reported_at. Of a step that was reported again, only the
 * newest.
 */
export const reportsIn = (parts: string) => `
select distinct on (p.number, p.attempt, r.step) p.number, p.attempt, r.step, r.reported_at,
  p."values"[(r.place - 1) * p.width + 1 : r.place * p.width] as "values", case when r.place = cardinality(p.steps) then p.metrics end as metrics
from (select *, cardinality("values") / cardinality(steps) as width from (${parts}) parts) p
  cross join lateral unnest(p.steps, p.times) with ordinality as r(step, reported_at, place)
order by p.number, p.attempt, r.step, p.last desc, r.place desc`;

/** Curves of reports that are grouped by trial, as arrays ordered by step. */
export const curveColumns = `array_agg(step order by step) as steps, array_agg("values" order by step) as vals,
    case when count(metrics) > 0 then jsonb_agg(metrics order by step) end as metrics, array_agg(reported_at order by step) as times`;
