export { hasDatabase } from "./cluster.ts";
export { type PostgresConnection, connectionUrl } from "./endpoint.ts";
export type { Log } from "./log.ts";
export { type ServerSettings } from "./settings.ts";
export {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from "./start-embedded-postgres.ts";
