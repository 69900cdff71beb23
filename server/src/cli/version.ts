import { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };

export const version = manifest.version;

/** `asktell version` */
export function versionCommand(): Command {
  return new Command("version").description("Prints the version.").action(() => {
    console.log(`asktell ${version} (Node ${process.versions.node}, ${process.platform} ${process.arch})`);
  });
}
