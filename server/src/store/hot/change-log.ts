/*
 * The log of changes says which trials changed when: a row a statement, with the change numbers that the statement gave out and the trials
 * that got them, in their order. `trial.seq` itself is in no index, so that a tell, which finds room beside the row that it changes, need not
 * touch any index (a heap-only update).
 *
 * An entry holds as long as the trial's `seq` is one of its row's: later changes have entries of their own, and numbers that a statement named
 * but did not change never had one.
 */

/**
 * The part of a statement that logs what it changes, in the commit that moves `study_clock.change_seq` on. All are SQL expressions over `from`,
 * which has one row, or none when nothing changes; the study is `$1`.
 *
 * @param last - the study's change number after the statement
 * @param numbers - int[] of as many trials as the statement gave out change numbers, in their order
 */
export const logChanges = (last: string, numbers: string, from: string) => `
  insert into trial_change (study_id, first_seq, last_seq, numbers)
  select $1, last_seq - cardinality(numbers) + 1, last_seq, numbers from (select ${last} as last_seq, ${numbers} as numbers from ${from}) logged`;

/**
 * The trials that have changed since a revision, in the order of their changes, with the given columns of `trial` as `t`. What is not needed
 * for the first `limit` of them is not read. All parameters as in a statement's text.
 */
export const changedTrials = (columns: string, study: string, revision: string, limit: string) => `
  select ${columns} from (
    select first_seq, last_seq, numbers from trial_change where study_id = ${study} and last_seq > ${revision} order by last_seq offset 0
  ) c cross join lateral unnest(c.numbers) with ordinality as x(number, place)
  cross join lateral (
    select * from trial where study_id = ${study} and number = x.number and seq between greatest(c.first_seq, ${revision} + 1) and c.last_seq offset 0
  ) t
  order by c.last_seq, x.place limit ${limit}`;
