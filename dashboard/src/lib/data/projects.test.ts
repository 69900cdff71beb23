import { expect, test } from "vitest";
import { homeProject, projectId, projectTitle } from "./projects.ts";

const project = (name: string, personal = false, displayName = "") => ({
  name: `projects/${name}`,
  personal,
  displayName,
});

test("a project is called by its title, else by its id, and one's own says so", () => {
  expect(projectTitle(project("lab", false, "The lab"))).toBe("The lab");
  expect(projectTitle(project("lab"))).toBe("lab");
  expect(projectTitle(project("ada", true, "Ada Lovelace"))).toBe("Ada Lovelace (personal)");
  expect(projectId(project("lab.1"))).toBe("lab.1");
});

test("home is one's own project, else the default one, else the first", () => {
  const [ada, lab, standard] = [project("ada", true), project("lab"), project("default")];
  expect(homeProject([lab, standard, ada])).toBe(ada);
  expect(homeProject([lab, standard])).toBe(standard);
  expect(homeProject([lab])).toBe(lab);
  expect(homeProject([])).toBeUndefined();
});
