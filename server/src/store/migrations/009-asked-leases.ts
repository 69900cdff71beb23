import { Migration } from "@mikro-orm/migrations";

/** How long a lease was that has ended, for a worker that comes back to its trial. */
export class AskedLeases extends Migration {
  override up(): void {
    this.addSql("alter table trial add column lease_seconds float8 null");
  }
}
