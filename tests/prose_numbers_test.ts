/** Every number that a notebook's text states is backed by its code; see `prose_numbers.ts` for what that means. */
import { assert, assertEquals } from "@std/assert";
import { type Notebook, parseNotebook } from "@/jupyter/notebook_file.ts";
import { type Claim, isClaimBacked, mutateClaim, readClaims } from "./prose_numbers.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

/** Why a number has no backing. */
const REASONS = {
  published: "quoted from a source, which no cell can check",
  setting: "a setting in lib, which the notebook's results depend on",
  recalled: "asserted in another part of the notebook",
  history: "how something was found, before there was a notebook",
} as const;

/** The numbers without backing, each within the text that states it, so that a changed digit is noticed here too. */
const UNBACKED: Readonly<Record<string, Record<string, keyof typeof REASONS>>> = {
  "00_start_here.ipynb": { "1 nat is 1.44 bits": "published" },
  "05_steering_with_weights.ipynb": {
    "drawn as 0.2 · N(0, 1) − 0.2; biases 0; η = 0.5;": "setting",
  },
  "06_a_recurrent_network.ipynb": { "Its text says a hundred thousand times": "published" },
  "07_a_neural_controller.ipynb": {
    "weights from −0.1 to 0.1": "setting",
    "starts between 0.1 and 0.3": "setting",
    "reached 19 symbols": "published",
  },
  "08_the_autoencoder_fix.ipynb": {
    "above 0.9 while reading, and every pop above 0.9 while writing": "setting",
    "on seeds from 101 up, so that seeds 1 to 20 stay fresh": "history",
    "The controls stop at 0.8 or so": "history",
  },
  "10_gates.ipynb": {
    "cell-id=learning-rate) of 0.01": "setting",
    "last 20 updates is below 0.05": "setting",
  },
  "11_reversing_strings.ipynb": {
    "have 8 to 64 characters": "recalled",
    "strings have 65 to 128": "recalled",
    "after 25 million strings 0.98 of its places": "recalled",
    "On test strings it was 0.37": "recalled",
    "the 0.37 above is the best in its log": "recalled",
    "on 50 of each length": "setting",
    "the 0.37 of the RNN of 2019 cannot be with the 0.15 of 2015": "recalled",
  },
  "12_every_seed.ipynb": {
    "1,000 of 65 to 128": "recalled",
    "on seeds 1001 to 1040": "history",
    "takes half a million strings": "published",
    "With Flamant's half a million strings": "published",
    "In 64 steps nobody": "recalled",
    "next to nothing in 64 steps": "recalled",
    "learns from at most 64": "recalled",
  },
  "20_looking_back.ipynb": { "The settings were chosen on seed 1001": "history" },
};

/** The least share of changed numbers of two digits or more that are noticed, in each notebook. */
const LEAST_NOTICED = 0.75;
/** And in all notebooks together. */
const LEAST_NOTICED_TOGETHER = 0.9;

function testNumbers(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

function readAllClaims(): Record<string, Claim[]> {
  const files = [...Deno.readDirSync("notebooks")].map(({ name }) => name)
    .filter((name) => name.endsWith(".ipynb")).sort();
  const notebooks: Notebook[] = []; // by their numbers, of which some are missing
  for (const file of files) {
    const text = Deno.readTextFileSync(`notebooks/${file}`);
    notebooks[Number.parseInt(file)] = parseNotebook(text, file);
  }
  return Object.fromEntries(
    files.map((file) => [file, readClaims(notebooks[Number.parseInt(file)], notebooks)]),
  );
}

/** Whether the text that states a number is among the exceptions. */
function isException({ text, stated: { at, raw } }: Claim, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => {
    const from = text.indexOf(phrase);
    return from >= 0 && from <= at && at + raw.length <= from + phrase.length;
  });
}

testNumbers(
  "every number in the notebooks' texts is in their code, or an exception with a reason",
  () => {
    const unbacked = Object.entries(readAllClaims()).flatMap(([file, claims]) => {
      const phrases = Object.keys(UNBACKED[file] ?? {});
      return claims.filter((claim) => !isClaimBacked(claim) && !isException(claim, phrases))
        .map(({ cell, stated: { raw }, line }) => `${file}, cell ${cell}: ${raw} in “${line}”`);
    });
    assertEquals(unbacked, []);
  },
);

testNumbers("every exception still holds a number that nothing backs", () => {
  const claims = readAllClaims();
  for (const [file, exceptions] of Object.entries(UNBACKED)) {
    for (const phrase of Object.keys(exceptions)) {
      const isNeeded = claims[file].some((claim) =>
        !isClaimBacked(claim) && isException(claim, [phrase])
      );
      assert(isNeeded, `${file}: ${phrase}`);
    }
  }
});

/** A number of two digits or more: those of one may be changed into another that stands nearby as well. */
const isLong = ({ stated: { raw } }: Claim) => /[1-9].*[1-9]/.test(raw.replace(/e.*/, ""));

testNumbers("a changed digit is noticed", () => {
  const shares = Object.entries(readAllClaims()).map(([file, claims]) => {
    const mutants = claims.filter((claim) => isLong(claim) && isClaimBacked(claim))
      .flatMap(mutateClaim);
    const noticed = mutants.filter((mutant) => !isClaimBacked(mutant)).length;
    return { file, mutants: mutants.length, noticed };
  });
  shares.shift(); // notebook 0, which has no results of its own
  for (const { file, mutants, noticed } of shares) {
    assert(noticed >= LEAST_NOTICED * mutants, `${file}: ${noticed} of ${mutants}`);
  }
  const [all, noticed] = (["mutants", "noticed"] as const).map((name) =>
    shares.reduce((sum, share) => sum + share[name], 0)
  );
  assert(noticed >= LEAST_NOTICED_TOGETHER * all, `${noticed} of ${all}`);
});

/** The numbers that a text states and the cell of code below it does not have. */
function unbackedIn(text: string, source: string, printed = ""): string[] {
  const outputs = [{ output_type: "stream", text: printed }];
  const cells = [
    { cell_type: "markdown", source: `## A section\n\n${text}` },
    { cell_type: "code", source, outputs },
    { cell_type: "markdown", source: "## Another section" },
    { cell_type: "code", source: "assertEquals(share, 0.25);", outputs: [] },
  ];
  const notebook = parseNotebook(JSON.stringify({ nbformat: 4, cells }), "01_test.ipynb");
  return readClaims(notebook, []).filter((claim) => !isClaimBacked(claim))
    .map(({ stated }) => stated.raw);
}

Deno.test("a number is backed by an assertion or an output of its own section", () => {
  assertEquals(unbackedIn("It is 0.57.", "assertEquals(x, 0.57);"), []);
  assertEquals(unbackedIn("It is .57, or 57 %.", "", "0.5713"), []);
  assertEquals(unbackedIn("It is 0.58.", "", "0.5713"), ["0.58"]);
  assertEquals(unbackedIn("It is 25 %.", "assertEquals(x, 0.57);"), ["25"]);
  assertEquals(unbackedIn("It is 2,147, below 10⁻³.", "assert(x === 2_147 && y < 1e-3);"), []);
  assertEquals(
    unbackedIn("Half a million, twenty-five times.", "assertEquals([500_000, 25]);"),
    [],
  );
  assertEquals(unbackedIn("It is 12.", "import x from 12;\nprint(x.toFixed(12)); // 12"), ["12"]);
});

Deno.test("a rate needs both of its numbers, in one cell", () => {
  assertEquals(unbackedIn("3 of 80 win.", "", "3 of 80"), []);
  assertEquals(unbackedIn("18 of 80 win.", "assertEquals(wins, [19, 18]);", "19 of 80"), ["18"]);
  assertEquals(unbackedIn("three in a hundred", "assertLess(share, 0.03);"), []);
  assertEquals(unbackedIn("four in a hundred", "assertLess(share, 0.03);"), ["four"]);
});

Deno.test("what only numbers or defines something is not read", () => {
  const text = "Notebook 12, equation (13), `x = 14`, $W_{15}$, [16](16.html), 2016.\n\n$$x = 17$$";
  assertEquals(unbackedIn(text, ""), []);
  assertEquals(unbackedIn("In 18 cases", ""), ["18"]);
});
