import { Option } from "commander";
import { defaultProjectName } from "../identity/index.ts";

/** `--project NAME` of a command about what belongs to a project: the one that every server has, unless another is named. */
export function projectOption(meaning: string): Option {
  return new Option("--project <name>", meaning).default(defaultProjectName, defaultProjectName);
}
