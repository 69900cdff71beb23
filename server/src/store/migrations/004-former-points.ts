import { Migration } from "@mikro-orm/migrations";

/**
 * What waiting trials were before users edited them. A replica of the release before neither edits nor looks for edits: until it is gone
 * it may suggest as if an edited trial still had its former point.
 */
export class FormerPoints extends Migration {
  override up(): void {
    this.addSql("alter table trial add column former_points jsonb null");
  }
}
