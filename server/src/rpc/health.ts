import { Health, HealthCheckResponse_ServingStatus as Status } from "@asktell/proto/health/v1/health_pb";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ConnectRouter } from "@connectrpc/connect";

/** The standard health service (https://grpc.io/docs/guides/health-checking/). */
export interface HealthService {
  readonly register: (router: ConnectRouter) => void;
  /** Tells all watchers. Say false when shutdown begins, before anything is closed. */
  setServing(serving: boolean): void;
}

/**
 * @param services full names that may be asked for; "" always may, and means the server. All share one state,
 *   since they share one database.
 */
export function createHealthService(services: () => Iterable<string>): HealthService {
  let status: Status = Status.SERVING;
  let changed = Promise.withResolvers<void>();

  function setServing(serving: boolean): void {
    status = serving ? Status.SERVING : Status.NOT_SERVING;
    changed.resolve();
    changed = Promise.withResolvers();
  }

  function statusOf(service: string): Status {
    const known = service === "" || new Set(services()).has(service);
    return known ? status : Status.SERVICE_UNKNOWN;
  }

  function register(router: ConnectRouter): void {
    router.service(Health, {
      check({ service }) {
        const found = statusOf(service);
        if (found !== Status.SERVICE_UNKNOWN) return { status: found };
        throw new ConnectError(`no service "${service}"`, Code.NotFound);
      },
      async *watch({ service }, { signal }) {
        let told: Status | undefined;
        const aborted = new Promise<void>((resolve) => {
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        while (!signal.aborted) {
          const change = changed.promise;
          const now = statusOf(service);
          if (now !== told) yield { status: now };
          told = now;
          await Promise.race([change, aborted]);
        }
      },
      list() {
        const names = ["", ...services()];
        return { statuses: Object.fromEntries(names.map((name) => [name, { status }])) };
      },
    });
  }

  return { register, setServing };
}
