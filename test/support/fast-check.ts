import fc from "fast-check";

/**
 * fast-check with the same cases at every run: a change is refused for what it breaks, and not because on that day a case was drawn that
 * was wrong before. `ASKTELL_TEST_SEED=<any integer>` draws others, to look for such cases.
 */
fc.configureGlobal({ seed: Number(process.env["ASKTELL_TEST_SEED"] ?? 1) });

export { fc };
