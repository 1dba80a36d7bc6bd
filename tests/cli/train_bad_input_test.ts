import { assert, assertEquals, assertMatch } from "@std/assert";
import { MemoryDisk } from "../io/memory_disk.ts";
import { memoryHost, trainStandIn } from "./memory_host.ts";

const SENTENCE = /^Cannot [^:\n]+: wanted [^\n]+, got [^\n]+$/;

/** A disk with a finished run in `done`, a stopped one in `half`, seeds in `many`, and other things. */
async function usedDisk(): Promise<MemoryDisk> {
  const files = new MemoryDisk();
  await trainStandIn(["--run-folder", "done"], memoryHost({ files }));
  await trainStandIn(["--run-folder", "half"], memoryHost({ files, stopAtReading: 200 }));
  await trainStandIn(["--seeds", "1..2", "--run-folder", "many"], memoryHost({ files }));
  files.entries.set("file", "");
  files.makeFolder("photos");
  files.entries.set("photos/1.png", "");
  files.readOnly.push("locked");
  return files;
}

/** Checks that a command line is refused in one sentence, and that nothing has been written. */
async function assertRefused(files: MemoryDisk, line: string, message: string): Promise<void> {
  const host = memoryHost({ files });
  const before = files.snapshot();
  const code = await trainStandIn(line.split(" ").filter(Boolean), host);
  assertEquals(host.noted.length, 1, `${line}: ${host.noted.join("\n")}`);
  assertMatch(host.noted[0], SENTENCE);
  assert(host.noted[0].includes(message), `${line}: ${host.noted[0]}`);
  assertEquals([code, host.printed], [2, []], line);
  assertEquals(files.snapshot(), before, line);
}

const REFUSED: Record<string, [line: string, message: string][]> = {
  "options that are unknown, stray, doubled or without a value": [
    ["--lenght 5", "Cannot read the options: wanted an option that --help lists, got --lenght"],
    ["--iteration 5", "wanted an option that exists, such as --iterations, got --iteration"],
    ["--step-lenght 5", "such as --step-length, got --step-lenght"],
    ["-x", "got -x"],
    ["train", 'wanted options that begin with --, got "train"'],
    ["-- --seed 3", 'wanted options that begin with --, got "--"'],
    ["--seed 1 --seed 2", "wanted --seed once, got it twice"],
    ["--iterations", "wanted a value after --iterations, got nothing"],
    ["--iterations=", "wanted a value after --iterations, got nothing"],
    ["--iterations --seed 3", "wanted a value after --iterations, got --seed"],
    ["--json=yes", 'wanted --json without a value, got "yes"'],
    ["--backwards=no", 'wanted --backwards without a value, got "no"'],
    ["--leisure 2", "Cannot train walk: wanted one of --iterations, --step-length"],
    ["--experiment run", 'Cannot read --experiment: wanted one of walk, stroll, got "run"'],
    ["--experiment", "wanted a value after --experiment, got nothing"],
  ],
  "values of the wrong kind or out of range": [
    ["--iterations -1", 'Cannot read --iterations: wanted an integer of at least 1, got "-1"'],
    ["--iterations 2.5", 'got "2.5"'],
    ["--iterations many", 'got "many"'],
    ["--step-length 0", 'Cannot read --step-length: wanted a number above 0, got "0"'],
    ["--step-length NaN", 'got "NaN"'],
    ["--step-length 1e999", 'got "1e999"'],
    ["--starts 0.1,b", "Cannot read --starts: wanted numbers separated by commas"],
    ["--starts 0.1,,2", 'got "0.1,,2"'],
    ["--starts NaN", 'got "NaN"'],
    ["--kind brisk", 'Cannot read --kind: wanted normal or uniform, got "brisk"'],
    ["--seed -1", "Cannot read --seed: wanted an integer of at least 0 and at most 4294967295"],
    ["--seed 4294967296", 'got "4294967296"'],
    ["--threads 0", "Cannot read --threads: wanted an integer of at least 1 and at most 64"],
    ["--workers 0", "Cannot read --workers: wanted an integer of at least 1 and at most 256"],
  ],
  "seeds that are no range": [
    [
      "--seeds 5..1",
      'Cannot read --seeds: wanted two integers from 0 to 4294967295 in ascending order, such as 1..20, got "5..1"',
    ],
    ["--seeds 5", 'got "5"'],
    ["--seeds 1..x", 'got "1..x"'],
    ["--seeds 1..3 --seed 2", "wanted --seeds or --seed, got both"],
    ["--seeds 1..3 --threads 2", "wanted --seeds or --threads, got both"],
  ],
  "settings that contradict each other": [
    ["--backwards --kind uniform", "Cannot walk: wanted --backwards with --kind normal"],
    ["--backwards --kind uniform --seeds 1..2", "Cannot walk: wanted --backwards"],
    ["--resume half --run-folder b", "wanted --resume or --run-folder, got both"],
    ["--resume half --seeds 1..2", "wanted --resume or --seeds, got both"],
    ["--workers 2", "Cannot read the options: wanted --seeds with --workers, got --workers alone"],
    ["--resume half --workers 2", "wanted --seeds with --workers, got --workers alone"],
  ],
  "run folders that cannot be used": [
    [
      "--run-folder done",
      "wanted a new or empty folder, got one that already holds a run (--resume done would",
    ],
    ["--run-folder half/", "got one that already holds a run"],
    ["--run-folder many", "got one that already holds a run"],
    ["--run-folder photos", "got one with other files in it"],
    ["--run-folder file", "Cannot start a run in file: wanted a new or empty folder, got a file"],
    [
      "--run-folder locked/a",
      'Cannot start a run in locked/a: wanted a folder that can be written, got "Permission',
    ],
    ["--run-folder locked --seeds 1..3", "wanted a folder that can be written"],
    ["--run-folder", "wanted a value after --run-folder, got nothing"],
  ],
  "resumes of what is no run, or of another one": [
    ["--resume", "wanted a value after --resume, got nothing"],
    ["--resume nowhere", "Cannot resume nowhere: wanted a folder that holds a run, got nothing"],
    ["--resume file", "got a file"],
    ["--resume photos", "got a folder without config.json"],
    ["--resume half --experiment stroll", "wanted --experiment walk, which it holds, got stroll"],
    ["--resume half --iterations 900", "wanted --iterations as it was started with (400), got 900"],
    ["--resume half --seed 2", "wanted --seed as it was started with (1), got 2"],
    ["--resume half --leisure 2", "Cannot train walk: wanted one of --iterations"],
    [
      "--resume half --iterations x",
      'Cannot read --iterations: wanted an integer of at least 1, got "x"',
    ],
    ["--resume many --seed 2", "wanted --seed as it was started with (none), got 2"],
  ],
};

for (const [what, cases] of Object.entries(REFUSED)) {
  Deno.test(`refused in one sentence, with nothing written: ${what}`, async () => {
    const files = await usedDisk();
    for (const [line, message] of cases) await assertRefused(files, line, message);
  });
}

Deno.test("refused in one sentence, with nothing written: damaged or edited run folders", async () => {
  const files = await usedDisk();
  const original = new Map(files.snapshot());
  const config = String(original.get("half/config.json"));
  const manyConfig = String(original.get("many/config.json"));
  const checkpoint = String(original.get("half/checkpoint.safetensors"));
  const damages: [path: string, text: string, message: string][] = [
    ["half/config.json", "", "wanted a whole config.json, got something else"],
    ["half/config.json", "3", "wanted settings in config.json, got 3"],
    [
      "half/config.json",
      config.replace('"walk"', '"run"'),
      'wanted a run of one of walk, stroll, got "run"',
    ],
    [
      "half/config.json",
      config.replace('"walk"', '"stroll"'),
      "wanted a number as leisure, got none",
    ],
    [
      "half/config.json",
      config.replace("400", "0"),
      "wanted an integer of at least 1 as iterations, got 0",
    ],
    ["half/config.json", config.replace("400", "500"), "wanted the settings it was started with"],
    ["half/config.json", config.replace('"seed"', '"sede"'), "as seed, got none"],
    [
      "half/config.json",
      config.replace('"seed"', '"x":1,"seed"'),
      "wanted only settings of walk, got x",
    ],
    [
      "half/checkpoint.safetensors",
      "",
      "Cannot read half/checkpoint.safetensors: wanted a safetensors file",
    ],
    ["half/checkpoint.safetensors", checkpoint.replace("400", "500"), "it was damaged or edited"],
    ["half/metrics.jsonl", "", "lines in metrics.jsonl, got 0"],
    [
      "many/config.json",
      manyConfig.replace('"last":2', '"last":0'),
      "wanted a range of seeds, got {",
    ],
    [
      "many/seed-1/result.json",
      "{",
      "Cannot read many/seed-1/result.json: wanted the result of this",
    ],
  ];
  for (const [path, text, message] of damages) {
    assert(original.has(path) && text !== original.get(path), path);
    files.entries.set(path, text);
    const folder = path.split("/")[0];
    const host = memoryHost({ files });
    const before = files.snapshot();
    assertEquals(await trainStandIn(["--resume", folder], host), 2);
    const last = host.noted[host.noted.length - 1];
    assertMatch(last, SENTENCE);
    assert(last.includes(message), `${path}: ${last}`);
    assert(!last.includes("resume with"), last);
    assertEquals([host.printed, files.snapshot()], [[], before]);
    files.entries.set(path, original.get(path)!);
  }
  files.entries.delete("half/checkpoint.safetensors");
  await assertRefused(
    files,
    "--resume half",
    "Cannot resume half: wanted a run with checkpoint.safetensors, got one without",
  );
  files.entries.set("half/checkpoint.json", "{}");
  await assertRefused(files, "--resume half", 'of version "2", got version "1"');
  // The default experiment of version 1 had another name; its many seeds have a folder each.
  const seeds = { experiment: "string-reversal", settings: {}, seeds: { first: 1, last: 2 } };
  files.makeFolder("old/seed-1");
  files.entries.set("old/config.json", JSON.stringify(seeds));
  files.entries.set("old/seed-1/checkpoint.json", "{}");
  await assertRefused(files, "--resume old", 'of version "2", got version "1"');
});
