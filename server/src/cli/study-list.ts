import { Command } from "commander";
import { closePool, createPool } from "../store/pool.ts";
import { type StudyRecord, listStudies } from "../store/study/index.ts";
import { projectOption } from "./project-option.ts";
import { addSettings, databaseSettings } from "./settings-options.ts";
import { formatTable, formatTime } from "./table.ts";
import { withIdentity } from "./with-identity.ts";

/** `asktell study list` */
export function studyListCommand(): Command {
  const command = new Command("list")
    .summary("list a project's studies")
    .description("Lists the studies of a project, newest first. Times are UTC.")
    .addOption(projectOption("the project that they are in"))
    .option("--json", "print one JSON object a line instead of a table");
  return addSettings(command, databaseSettings).action((options: { project: string; json?: boolean }) =>
    withIdentity(command, async (identity, { connection }) => {
      const project = await identity.getProject(options.project);
      const pool = createPool(connection, { max: 1 });
      try {
        const studies = await allStudies((before) =>
          listStudies(
            pool,
            { projectId: project.id, state: undefined, labels: {}, search: "" },
            before,
            pageSize,
          ),
        );
        if (options.json) for (const study of studies) console.log(JSON.stringify(summaryOf(study)));
        else console.log(formatTable(header, studies.map(rowOf)));
      } finally {
        await closePool(pool);
      }
    }),
  );
}

const pageSize = 500;

async function allStudies(
  list: (before: number | undefined) => Promise<{ studies: StudyRecord[] }>,
): Promise<StudyRecord[]> {
  const all: StudyRecord[] = [];
  for (;;) {
    const { studies } = await list(all.at(-1)?.id);
    all.push(...studies);
    if (studies.length < pageSize) return all;
  }
}

function summaryOf({ name, displayName, createdAt, clock }: StudyRecord) {
  const { state, finishReason, maxTrials, nextNumber, counts, best } = clock;
  return { name, displayName, state, finishReason, trials: nextNumber, maxTrials, counts, best, createdAt };
}

const header = ["NAME", "STATE", "TRIALS", "RUNNING", "BEST", "CREATED"];

function rowOf({ name, createdAt, clock }: StudyRecord): string[] {
  const { state, maxTrials, nextNumber, counts, best } = clock;
  return [
    name,
    state,
    maxTrials === undefined ? String(nextNumber) : `${nextNumber} of ${maxTrials}`,
    String(counts.running),
    best === undefined ? "" : `${best.value} (trial ${best.number})`,
    formatTime(createdAt),
  ];
}
