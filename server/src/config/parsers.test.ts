import { expect, test } from "vitest";
import {
  databaseUrl,
  duration,
  flag,
  groupRole,
  hostName,
  httpUrl,
  integer,
  listOf,
  networkRange,
} from "./parsers.ts";

test.each([
  ["0", 0],
  ["65535", 65_535],
  [8080, 8080],
  ["65536", undefined],
  ["-1", undefined],
  ["1e3", undefined],
  ["", undefined],
  [1.5, undefined],
  [null, undefined],
])("the port %j is %j", (value, port) => {
  expect(integer(0, 65_535).parse(value, "")).toBe(port);
});

test.each([
  ["30s", 30_000],
  ["500ms", 500],
  ["2m", 120_000],
  ["1.5 s", 1_500],
  ["10", 10_000],
  [10, 10_000],
  ["2h", undefined],
  ["s", undefined],
  ["5d", undefined],
])("the duration %j is %j ms", (value, ms) => {
  expect(duration(0, 3_600).parse(value, "")).toBe(ms);
});

test.each([
  [true, true],
  ["1", true],
  ["TRUE", true],
  [false, false],
  ["0", false],
  ["no", undefined],
  ["constructor", undefined],
])("the flag %j is %j", (value, on) => {
  expect(flag.parse(value, "")).toBe(on);
});

test.each([
  ["postgresql://u:p@h:5432/db?sslmode=require", true],
  ["postgres://%2Ftmp%2Fsocket/db", true],
  ["mysql://h/db", false],
  ["h:5432", false],
])("%j as a database URL: %j", (value, good) => {
  expect(databaseUrl.parse(value, "")).toBe(good ? value : undefined);
});

test.each([
  ["https://asktell.example.org/", "https://asktell.example.org"],
  ["http://localhost:8080", "http://localhost:8080"],
  ["https://example.org/asktell", undefined],
  ["ftp://example.org", undefined],
  ["example.org", undefined],
])("the public URL %j is %j", (value, origin) => {
  expect(httpUrl.parse(value, "")).toBe(origin);
});

test.each([
  ["10.0.0.1", ["10.0.0.1"]],
  ["10.0.0.0/8, fd00::/8", ["10.0.0.0/8", "fd00::/8"]],
  [["10.0.0.0/33"], undefined],
  ["proxy", undefined],
  ["", undefined],
])("the ranges %j are %j", (value, ranges) => {
  expect(listOf(networkRange).parse(value, "")).toEqual(ranges);
});

test.each([
  ["lab/ml=default/worker", [{ group: "lab/ml", project: "default", role: "worker" }]],
  [
    "lab/=lab/viewer, lab/leads=lab/admin",
    [
      { group: "lab/", project: "lab", role: "viewer" },
      { group: "lab/leads", project: "lab", role: "admin" },
    ],
  ],
  ["lab=default/root", undefined],
  ["lab=default", undefined],
  ["=default/admin", undefined],
  ["lab=../etc/admin", undefined],
])("the roles of groups %j are %j", (value, roles) => {
  expect(listOf(groupRole).parse(value, "")).toEqual(roles);
});

test.each([
  ["Asktell.Example.org", "asktell.example.org"],
  ["10.0.0.7", "10.0.0.7"],
  ["::1", "::1"],
  ["asktell.example.org:8080", undefined],
  ["https://asktell.example.org", undefined],
  ["-a", undefined],
])("the host name %j is %j", (value, name) => {
  expect(hostName.parse(value, "")).toBe(name);
});
