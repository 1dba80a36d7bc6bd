import { assertThrows } from "@std/assert";
import { checkBatch, checkParameters, checkString } from "@/models/sequence_checks.ts";
import { zeroParameters } from "@/models/sequence_parameters.ts";

const sizes = { layers: 1, hidden: 3, embedding: 2, symbols: 5 };
const shape = { cell: "lstm", memory: "stack", valueWidth: 4, ...sizes } as const;
const plain = { cell: "rnn", memory: "none", valueWidth: 0, ...sizes } as const;

type ErrorType = typeof TypeError | typeof RangeError;

Deno.test("parameters that do not fit are refused, and those that fit are not", () => {
  const refused = (changed: object, error: ErrorType, message: string) =>
    assertThrows(
      () => checkParameters("train", shape, { ...zeroParameters(shape), ...changed }),
      error,
      `Cannot train: wanted ${message}`,
    );
  checkParameters("train", shape, zeroParameters(shape));
  checkParameters("train", shape, { ...zeroParameters(shape), "pop.bias": new Float32Array(1) });
  refused({ "cells.1.bias": [] }, TypeError, "no tensor cells.1.bias, got one");
  refused({ "cells.0.c0": undefined }, TypeError, "a tensor cells.0.c0, got none");
  refused({ "cells.0.c0": [1, 2] }, TypeError, "3 numbers (3) in cells.0.c0, got 2");
  refused(
    { "logits.weight": new Float64Array(15) },
    TypeError,
    "20 numbers (5 × 4) in logits.weight, got 15",
  );
  for (const x of [NaN, Infinity, -Infinity]) {
    refused(
      { "cells.0.h0": [0, 0, x] },
      RangeError,
      `finite numbers in cells.0.h0, got ${x} at 2`,
    );
  }
});

Deno.test("strings that do not fit are refused, and those that fit are not", () => {
  const string = { inputs: [0, 4, 2], targets: [-1, 4, 0] };
  const all = { ...string, valueTargets: [4, -1, 0], pushNoise: [9, 0, -9], popNoise: [0, 0, 0] };
  const refused = (changed: object, error: ErrorType, message: string) =>
    assertThrows(
      () => checkString("train", shape, { ...all, ...changed }, 7),
      error,
      `Cannot train: wanted ${message}`,
    );
  checkString("train", shape, string);
  checkString("train", shape, all);
  checkString("train", plain, { ...string, valueTargets: [0, 0, 0] });
  refused({ inputs: [] }, RangeError, "at least 1 input in string 7, got 0");
  for (const x of [-1, 5, 1.5, NaN]) {
    refused({ inputs: [0, x, 0] }, RangeError, `inputs from 0 to 4 in string 7, got ${x} at 1`);
  }
  for (const name of ["targets", "valueTargets"]) {
    for (const x of [-2, 5, 0.5, NaN]) {
      const message = `${name} from -1 to 4 in string 7, got ${x} at 2`;
      refused({ [name]: [0, 0, x] }, RangeError, message);
    }
    const message = `3 ${name} in string 7 (one for each input), got 2`;
    refused({ [name]: [0, 0] }, TypeError, message);
  }
  for (const name of ["pushNoise", "popNoise"]) {
    const noise = `${name} in string 7 (one for each input)`;
    refused({ [name]: [0, 0] }, TypeError, `3 ${noise}, got 2`);
    refused({ [name]: [0, NaN, 0] }, RangeError, `finite ${noise}, got NaN at 1`);
    const deque = { ...shape, memory: "deque" } as const;
    checkString("train", deque, { ...string, [name]: [0, 0, 0, 0, 0, 0] });
    assertThrows(
      () => checkString("train", deque, { ...string, [name]: [0, 0, 0] }),
      TypeError,
      `Cannot train: wanted 6 ${name} in string 0 (one for each input of each port), got 3`,
    );
    assertThrows(
      () => checkString("train", plain, { ...string, [name]: [0, 0, 0] }),
      TypeError,
      `Cannot train: wanted no ${name} in string 0 without a memory, got some`,
    );
  }
});

Deno.test("batches that do not fit are refused, and those that fit are not", () => {
  const batch = { strings: [{ inputs: [0], targets: [0] }], outputWeight: 1 };
  const anchored = { valueWeight: 1, anchorWeight: 1, anchorPush: 1, anchorPop: -1 };
  const loss = { ...anchored, previousWeight: 0, hingeWeight: 1, hingeBound: -4 };
  checkBatch("train", shape, { ...batch, ...loss });
  checkBatch("train", { ...shape, namesPrevious: true }, { ...batch, previousWeight: 1 });
  checkBatch("train", plain, { ...batch, valueWeight: 0, anchorWeight: 0, anchorPop: -1 });
  const refused = (changed: object, error: ErrorType, message: string) =>
    assertThrows(
      () => checkBatch("train", shape, { ...batch, ...changed }),
      error,
      `Cannot train: wanted ${message}`,
    );
  refused({ strings: [] }, RangeError, "at least 1 string, got 0");
  const second = { inputs: [0, 5], targets: [0, 0] };
  refused(
    { strings: [...batch.strings, second] },
    RangeError,
    "inputs from 0 to 4 in string 1, got 5 at 1",
  );
  for (const name of ["outputWeight", ...Object.keys(loss)]) {
    refused({ [name]: NaN }, RangeError, `a finite ${name}, got NaN`);
    refused({ [name]: Infinity }, RangeError, `a finite ${name}, got Infinity`);
  }
  const previous = "previousWeight 0 in a model without previous.weight, got 2";
  refused({ previousWeight: 2 }, TypeError, previous);
  const pair = { push: 0, pop: 0 }, port = { others: pair, reading: pair, first: pair };
  checkBatch("train", shape, { ...batch, anchors: [port] });
  refused({ anchors: [port, port] }, TypeError, "1 anchors (one for each port), got 2");
  const infinite = { ...port, reading: { push: 0, pop: Infinity } };
  refused({ anchors: [infinite] }, RangeError, "finite anchors of a port, got Infinity at 3");
  for (const name of ["valueWeight", "anchorWeight", "firstAnchorWeight", "hingeWeight"]) {
    assertThrows(
      () => checkBatch("train", plain, { ...batch, [name]: 0.5 }),
      TypeError,
      `Cannot train: wanted ${name} 0 without a memory, got 0.5`,
    );
  }
});
