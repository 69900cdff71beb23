import {
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type HandlerContext,
} from "@connectrpc/connect";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, onTestFinished, test, vi } from "vitest";
import {
  StudyService,
  WatchStudyResponseSchema,
  type WatchStudyRequest,
} from "@asktell/proto/asktell/v1/study_service_pb";
import { followStudy, type FollowStatus } from "./follow-study.ts";

type Step = MessageInitShape<typeof WatchStudyResponseSchema> | Error | "hang";

/** A service whose watch plays one script a connection; the last hangs until it is cut. */
function serve(scripts: readonly (readonly Step[])[]) {
  const asked: string[] = [];
  const transport = createRouterTransport(({ service }) =>
    service(StudyService, {
      async *watchStudy(request: WatchStudyRequest, context: HandlerContext) {
        const script = scripts[asked.push(request.cursor) - 1] ?? ["hang"];
        for (const step of script) {
          if (step instanceof Error) throw step;
          if (step === "hang")
            await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
          else yield create(WatchStudyResponseSchema, step);
        }
      },
    }),
  );
  return { client: createClient(StudyService, transport), asked };
}

async function follow(
  scripts: readonly (readonly Step[])[],
  until: (cursor: string, statuses: readonly FollowStatus[]) => boolean,
  silence?: number,
) {
  const { client, asked } = serve(scripts);
  const stop = new AbortController();
  const statuses: FollowStatus[] = [];
  const waits: number[] = [];
  let last = "";
  const check = (): void => {
    if (until(last, statuses)) stop.abort();
  };
  const cursor = await followStudy(client, {
    study: "s",
    cursor: "0",
    signal: stop.signal,
    onMessage(message) {
      last = message.cursor;
      check();
      return message.study?.name === "other" ? "again" : "on";
    },
    onStatus: (status) => (statuses.push(status), check()),
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...(silence === undefined ? {} : { silence }),
  });
  return { cursor, asked, statuses: statuses.map((status) => status.kind), waits };
}

test("resumes from the last cursor when the server ends the stream", async () => {
  const seen = await follow(
    [
      [{ cursor: "1" }, { cursor: "2" }],
      [{ cursor: "3" }, "hang"],
    ],
    (cursor) => cursor === "3",
  );
  expect(seen.asked).toEqual(["0", "2"]);
  expect(seen.cursor).toBe("3");
  expect(seen.waits).toEqual([]);
});

test("waits longer after each failure, up to a bound, and starts over after a success", async () => {
  const down = new ConnectError("server is going down", Code.Unavailable);
  const seen = await follow(
    [[down], [down], [down], [{ cursor: "5" }, down], ["hang"]],
    (_, statuses) => statuses.filter(({ kind }) => kind === "waiting").length === 4,
  );
  expect(seen.asked).toEqual(["0", "0", "0", "0"]);
  expect(seen.statuses).toEqual(["connecting", "waiting", "waiting", "waiting", "live", "waiting"]);
  const [a = 0, b = 0, c = 0] = seen.waits;
  expect(a).toBeGreaterThanOrEqual(250);
  expect(a).toBeLessThanOrEqual(500);
  expect(b).toBeLessThanOrEqual(1_000);
  expect(c).toBeGreaterThanOrEqual(1_000);
});

test("begins again with a study that has taken the name of another one", async () => {
  const seen = await follow(
    [
      [{ cursor: "7" }],
      [{ cursor: "8", study: { name: "other" } }, { cursor: "9" }],
      [{ cursor: "2" }, "hang"],
    ],
    (cursor) => cursor === "2",
  );
  expect(seen.asked).toEqual(["0", "7", "0"]);
});

test("begins again where its cursor lies beyond all that there is, and gives up if that is refused, too", async () => {
  const refused = new ConnectError("7 lies beyond the newest change", Code.InvalidArgument);
  const seen = await follow([[{ cursor: "7" }], [refused], [refused]], () => false);
  expect(seen.asked).toEqual(["0", "7", "0"]);
  expect(seen.statuses.at(-1)).toBe("ended");
});

test("gives up on a study that does not exist", async () => {
  const seen = await follow([[new ConnectError("no such study", Code.NotFound)]], () => false);
  expect(seen.statuses).toEqual(["connecting", "ended"]);
});

test("counts a silent connection as lost", async () => {
  const seen = await follow(
    [[{ cursor: "7" }, "hang"]],
    (_, statuses) => statuses.some(({ kind }) => kind === "waiting"),
    // Longer than a busy machine keeps what has been said from being heard.
    1_000,
  );
  expect(seen.statuses).toEqual(["connecting", "live", "waiting"]);
  expect(seen.cursor).toBe("7");
});

test("counts the connection as lost when the browser goes offline, and resumes", async () => {
  const network = new EventTarget();
  vi.stubGlobal("addEventListener", network.addEventListener.bind(network));
  vi.stubGlobal("removeEventListener", network.removeEventListener.bind(network));
  onTestFinished(() => void vi.unstubAllGlobals());
  let went = false;
  const seen = await follow(
    [
      [{ cursor: "7" }, "hang"],
      [{ cursor: "8" }, "hang"],
    ],
    (cursor, statuses) => {
      if (!went && statuses.at(-1)?.kind === "live") {
        went = true;
        network.dispatchEvent(new Event("offline"));
      }
      return cursor === "8";
    },
  );
  expect(seen.asked).toEqual(["0", "7"]);
  expect(seen.statuses).toEqual(["connecting", "live", "waiting", "live"]);
});
