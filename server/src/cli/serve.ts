import { Command } from "commander";
import { settingNames } from "../config.ts";
import { defaultProjectName } from "../identity/index.ts";
import { type Log, createLog } from "../log.ts";
import { banner, firstSteps, signInLink } from "./banner.ts";
import { addSettings, addressSettings, dataSettings, repeatedFlags, settle } from "./settings-options.ts";
import { onStopSignals } from "./signals.ts";
import { type RunningServer, startServer } from "./start-server.ts";

/** `asktell serve` */
export function serveCommand(): Command {
  const command = new Command("serve").description(
    "Runs the server until it is asked to stop (Ctrl-C, SIGTERM). On its first start it makes a token and prints it.",
  );
  return addSettings(command, settingNames).action(async () => {
    const config = settle(command);
    const log = createLog({ level: config["log-level"], format: config["log-format"] });
    const hasTls = config["tls-cert"] !== undefined;
    // Without a certificate to read again, SIGHUP means what it means for others: the terminal was closed.
    const stop = awaitStop(log, hasTls ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP"]);
    const server = await startServer(config, log);
    stop.onCut(server.cut);
    if (hasTls) process.on("SIGHUP", () => void reload(server, log));
    // Any free one was asked for, and this one was found.
    if (config.port === 0) command.setOptionValue("port", new URL(server.url).port);
    // Not awaited: a database that is away just then must keep nobody from being served, nor this from stopping.
    void greet(server, log, {
      data: repeatedFlags(command, dataSettings),
      link: repeatedFlags(command, [...dataSettings, ...addressSettings]),
    });
    await stop.requested;
    await server.close();
    log.info("stopped");
    // Whatever might still hold the process is not worth waiting for.
    setTimeout(() => process.exit(), 2_000).unref();
  });
}

/** What other commands must be told to find this server, as it was told: its data, and the way that browsers take to it. */
interface Whereabouts {
  readonly data: string;
  readonly link: string;
}

async function greet(server: RunningServer, log: Log, where: Whereabouts): Promise<void> {
  try {
    console.log(await greeting(server, where));
  } catch (error) {
    console.log(banner(server));
    log.warn(
      { err: error },
      "no sign-in link or first token could be made; `asktell login-link` and `asktell token create` make them",
    );
  }
}

async function greeting(server: RunningServer, where: Whereabouts): Promise<string> {
  const { identity, url } = server;
  const opening = `${banner(server)}${await signIn(server, where.link)}`;
  if (await identity.hasTokens()) return opening;
  const project = await identity.getProject(defaultProjectName);
  const { secret } = await identity.createToken({
    projectId: project.id,
    displayName: "first start",
    scopes: ["manage"],
    validSeconds: firstTokenSeconds,
  });
  return `${opening}\n${firstSteps(url, secret, where.data)}`;
}

/** The lines that let whoever reads this terminal into the dashboard. */
async function signIn({ identity, url, links, hasDashboard }: RunningServer, flags: string): Promise<string> {
  return hasDashboard && links !== "off"
    ? `\n${signInLink(url, await identity.createLoginCode(), flags)}`
    : "";
}

/** The owner's own: the longest that there is. */
const firstTokenSeconds = 365 * 86_400;

async function reload(server: RunningServer, log: Log): Promise<void> {
  await server.reloadCertificate().catch((error: unknown) => {
    log.error({ err: error }, "the certificate could not be read again; the old one stays");
  });
}

/** How long a process that met an unforeseen error may take to stop in order, ms. */
const crashGraceMs = 10_000;

/** Settles once the process should stop, by a signal or because it met an error that nobody foresaw. */
function awaitStop(log: Log, signals: readonly NodeJS.Signals[]) {
  const { promise: requested, resolve } = Promise.withResolvers<void>();
  let cut = () => {};
  onStopSignals(signals, {
    first(signal) {
      log.info({ signal }, "stopping; once more cuts the calls under way");
      resolve();
    },
    second() {
      log.warn("cutting the calls under way; once more ends the process at once");
      cut();
    },
    third: () => process.exit(130),
  });
  process.on("uncaughtException", (error) => {
    log.fatal({ err: error }, "an error that nobody caught; stopping");
    process.exitCode = 1;
    resolve();
    setTimeout(() => process.exit(1), crashGraceMs).unref();
  });
  return { requested, onCut: (action: () => void) => void (cut = action) };
}
