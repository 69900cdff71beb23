import { open } from "node:fs/promises";
import { fromJsonString } from "@bufbuild/protobuf";
import {
  type ExportStudyResponse,
  ExportStudyResponseSchema,
} from "@asktell/proto/asktell/v1/study_service_pb";
import { Command } from "commander";
import { readExport } from "../rpc/read-export.ts";
import { isGiven, replayStudy } from "../studies/replay.ts";
import { CommandError } from "./command-error.ts";

/** How many trials that differ are shown. */
const most = 10;

/** `asktell study replay`: proves from an export that every suggestion follows from the study alone. */
export function studyReplayCommand(): Command {
  return new Command("replay")
    .summary("compute an exported study's suggestions again")
    .description(
      "Reads what `study export` printed, and computes every suggestion again from the history that its sampler saw. Fails " +
        "unless all are the same, bit for bit. Needs no server and no database.",
    )
    .argument("<file>", "the export, one JSON object a line")
    .action(async (file: string) => {
      const { specs, trials, sources } = readExport(await readMessages(file));
      const different: string[] = [];
      let same = 0;
      for (const { trial, computed, isSame } of replayStudy(specs, trials, sources)) {
        if (isSame) same++;
        else different.push(`  trial ${trial.number}: ${show(trial.params)}, computed ${show(computed)}`);
      }
      const given = trials.filter(isGiven).length;
      console.log(
        `${trials.length} trials: ${same} suggestions are the same, ${different.length} differ, ${given} points were given`,
      );
      if (different.length === 0) return;
      for (const line of different.slice(0, most)) console.log(line);
      throw new CommandError(
        `The export does not follow from itself: ${different.length} suggestions differ.`,
      );
    });
}

function show(params: unknown): string {
  return params === undefined ? "none" : JSON.stringify(params);
}

async function readMessages(path: string): Promise<ExportStudyResponse[]> {
  const messages: ExportStudyResponse[] = [];
  await using file = await open(path).catch((cause: Error) => {
    throw new CommandError(`The export ${path} cannot be read: ${cause.message}.`, { cause });
  });
  for await (const line of file.readLines()) {
    if (line.trim() === "") continue;
    try {
      messages.push(fromJsonString(ExportStudyResponseSchema, line));
    } catch (cause) {
      throw new CommandError(`Line ${messages.length + 1} of ${path} is no part of an export.`, { cause });
    }
  }
  return messages;
}
