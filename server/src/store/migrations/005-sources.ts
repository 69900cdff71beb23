import { Migration } from "@mikro-orm/migrations";

/** What studies take over from earlier ones. */
export class Sources extends Migration {
  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // No reference to the earlier study, which may be deleted; nor to the study, as with all tables whose key begins with it.
  `create table study_source (
    study_id bigint not null,
    position int not null,
    name text not null,
    trials jsonb not null,
    primary key (study_id, position))`,
];
