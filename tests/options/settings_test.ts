import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "@/io/user_error.ts";
import { flagOf, readValues, SEED_OPTION, settingsFromFile } from "@/options/settings.ts";
import { standIn, walkSettings } from "../runs/stand_in.ts";

Deno.test("what is not given has its default, what is given is read", () => {
  const options = { ...standIn.options, seed: SEED_OPTION };
  assertEquals(readValues(options, new Map()), walkSettings());
  const given = new Map([["--step-length", "2"], ["--backwards", "true"], ["--seed", "9"]]);
  const expected = walkSettings({ stepLength: 2, backwards: true, seed: 9 });
  assertEquals(readValues(options, given), expected);
});

Deno.test("settings survive config.json", () => {
  const settings = walkSettings({ starts: [0.1, 1 / 3], enough: 7 });
  assertEquals(settingsFromFile(standIn, JSON.parse(JSON.stringify(settings)), "resume"), settings);
});

Deno.test("settings from a file keep the order of the options, whatever that of the file", () => {
  const turned = Object.fromEntries(Object.entries(walkSettings()).reverse());
  const settings = settingsFromFile(standIn, turned, "resume");
  assertEquals(JSON.stringify(settings), JSON.stringify(walkSettings()));
});

Deno.test("a file with a setting too few, too many or of another type is refused", () => {
  const { kind: _, ...few } = walkSettings();
  for (
    const [saved, message] of [
      [few, "Cannot resume: wanted normal or uniform as kind, got none"],
      [{ ...walkSettings(), pace: 1 }, "wanted only settings of walk, got pace"],
      [{ ...walkSettings(), seed: "1" }, 'as seed, got "1"'],
      [null, "got none"],
      [[1], "got none"],
    ] as const
  ) {
    assertThrows(() => settingsFromFile(standIn, saved, "resume"), UserError, message);
  }
});

Deno.test("a flag that a file does not have is not set: the file is older", () => {
  const { backwards: _, ...older } = walkSettings();
  assertEquals(settingsFromFile(standIn, older, "resume"), walkSettings());
});

Deno.test("names in code become flags", () => {
  assertEquals(["seed", "learningRate", "aLongName"].map(flagOf), [
    "--seed",
    "--learning-rate",
    "--a-long-name",
  ]);
});
