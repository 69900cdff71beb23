import { Migration } from "@mikro-orm/migrations";

/**
 * What has changed since a revision comes from a log, a row a statement, instead of an index that every change of every trial had to
 * maintain. No release was without it.
 */
export class ChangeLog extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // Nobody may change a trial between the copy and the end of the index.
  `lock table trial in access exclusive mode`,

  `create table trial_change (
    study_id bigint not null,
    last_seq bigint not null,
    first_seq bigint not null,
    numbers int[] not null,
    primary key (study_id, last_seq))
    with (autovacuum_vacuum_scale_factor = 0.05)`,

  `insert into trial_change (study_id, last_seq, first_seq, numbers)
    select study_id, max(seq), min(seq), array_agg(number order by seq, number)
    from (select study_id, number, seq, (row_number() over (partition by study_id order by seq, number) - 1) / 1000 as block from trial) t
    group by study_id, block`,

  `drop index trial_study_seq`,

  // Room for a tell's version of a row on the page where the ask wrote it: of trials that are told one after the other nearly all find it, since
  // the versions of earlier tells go as soon as somebody needs their place. Pages that exist are left as they are.
  `alter table trial set (fillfactor = 70)`,
];
