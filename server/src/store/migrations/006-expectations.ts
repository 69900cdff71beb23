import { Migration } from "@mikro-orm/migrations";

/** What a model expected of a trial when it suggested it: a mean for each objective, then a standard deviation for each. */
export class Expectations extends Migration {
  override up(): void {
    this.addSql("alter table trial add column expected float8[] null");
  }
}
