import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** The interpreter for Python tests: `.ci/run` names one that has the packages of test/support/requirements.txt. */
export const python = process.env["ASKTELL_TEST_PYTHON"] ?? "python3";

/** True if the command succeeds. */
export function works(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the tests of `what` are left out here because a tool is missing: then it says so. In continuous integration
 * nothing is left out, and the tests fail for want of the tool.
 */
export function leaveOut(what: string, missing: readonly (string | false)[]): boolean {
  const names = missing.filter((name) => name !== false);
  if (names.length === 0 || process.env["CI"]) return false;
  console.warn(`Left out: ${what}. Missing: ${names.join(", ")}.`);
  return true;
}

/** What of a C++ toolchain is missing. */
export function missingCpp(): (string | false)[] {
  return [
    !works("cmake", "--version") && "cmake",
    !works("c++", "--version") && "a C++ compiler",
    !works("pkg-config", "--exists", "grpc++") && "libgrpc++-dev",
    !works("pkg-config", "--exists", "protobuf") && "libprotobuf-dev",
    !existsSync("/usr/bin/protoc") && "protobuf-compiler",
  ];
}

/** Which of these Python modules are missing. */
export function missingPython(...modules: readonly string[]): (string | false)[] {
  return modules.map((name) => !works(python, "-c", `import ${name}`) && `Python's ${name}`);
}
