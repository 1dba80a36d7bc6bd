/**
 * The signatures of the kernels, and how they are loaded.
 *
 * @module
 */
import { checkDenoVersion } from "@/io/deno_version.ts";

checkDenoVersion();
// Imported only after the check: an older Deno fails in it, with a trace of its own insides.
const { relaxed, strict } = await import("./kernels.js");

/** Which build of the kernels: fused multiply-adds, or the same bits on every machine. */
export type KernelBuild = "relaxed" | "strict";

type Address = number;
type Share = (plan: Address, worker: number, workers: number) => void;

type SharedSteps = (
  plan: Address,
  worker: number,
  workers: number,
  first: number,
  last: number,
) => void;

type SharedRows = (
  plan: Address,
  row: number,
  slot: number,
  workers: number,
  count: number,
) => void;

/** One number after the other, `bytes` of them. */
type Each = (y: Address, x: Address, bytes: number) => void;

/** What `assembly/index.ts` exports; see there, kernel by kernel. */
export interface Kernels {
  readonly prepare: Share;
  readonly forward: Share;
  readonly backward: SharedSteps;
  readonly stepGradients: SharedSteps;
  readonly clearWeightGradients: Share;
  readonly weightGradients: Share;
  readonly embeddingGradient: Share;
  readonly squares: Share;
  readonly step: Share;
  readonly start: Share;
  decode(plan: Address, from: number, to: number): void;
  decodeBackward(plan: Address, from: number, to: number): void;
  forwardStep(
    plan: Address,
    from: number,
    to: number,
    slot: number,
    workers: number,
    count: number,
  ): void;
  readonly headsForward: SharedRows;
  readonly memoryForward: SharedRows;
  multiply(
    A: Address,
    betweenA: number,
    W: Address,
    C: Address,
    betweenC: number,
    rows: number,
    depth: number,
    width: number,
    keep: number,
  ): void;
  outer(
    Y: Address,
    betweenY: number,
    X: Address,
    betweenX: number,
    G: Address,
    betweenG: number,
    rows: number,
    outputs: number,
    inputs: number,
    scratch: Address,
  ): void;
  packForward(
    W: Address,
    between: number,
    inputs: number,
    packed: Address,
    from: number,
    to: number,
  ): void;
  packBackward(
    W: Address,
    between: number,
    outputs: number,
    packed: Address,
    from: number,
    to: number,
  ): void;
  readonly exponentials: Each;
  readonly sigmoids: Each;
  readonly tanhs: Each;
  readonly tanhs16: Each;
  crossEntropy(logits: Address, target: number, weight: number, width: number): number;
  lstmForward(
    gates: Address,
    bias: Address,
    cPrev: Address,
    c: Address,
    tanhC: Address,
    h: Address,
    hidden: number,
  ): void;
  lstmBackward(
    gates: Address,
    cPrev: Address,
    tanhC: Address,
    gH: Address,
    gC: Address,
    hidden: number,
  ): void;
  gruForward(
    gates: Address,
    bias: Address,
    hPrev: Address,
    h: Address,
    hidden: number,
  ): void;
  gruBackward(
    gates: Address,
    hPrev: Address,
    gH: Address,
    gHPrev: Address,
    hidden: number,
  ): void;
  rnnForward(sums: Address, bias: Address, h: Address, hidden: number): void;
  rnnBackward(sums: Address, h: Address, gH: Address, hidden: number): void;
  multiplyAdds(rounds: number, x: number, y: number): number;
}

/** Checks that there is such a build; throws a {@linkcode TypeError} if not. */
export function checkBuild(action: string, build: KernelBuild): void {
  if (build === "relaxed" || build === "strict") return;
  throw new TypeError(`Cannot ${action}: wanted build "relaxed" or "strict", got ${build}`);
}

/**
 * Makes the kernels run on a memory.
 *
 * @param memory What they work in.
 * @param build Which of the two.
 * @returns The kernels.
 */
export function loadKernels(memory: WebAssembly.Memory, build: KernelBuild): Kernels {
  const module = build === "strict" ? strict : relaxed;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return exports as unknown as Kernels;
}
