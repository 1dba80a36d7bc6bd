/** Inputs of ports: arbitrary ones for properties, and random ones for gradients. */
import fc from "fast-check";
import type { RandomSource } from "@/math/random.ts";
import type { Matrix, Vector } from "@/math/shapes.ts";
import type { PortInputs } from "@/memory/port_inputs.ts";

/** Inputs of `ports` ports over the same steps: pops and pushes from 0 to 1, both ends often, values of width 2. */
export function arbitraryInputs(ports: number): fc.Arbitrary<PortInputs[]> {
  const control = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  const number = fc.integer({ min: -9, max: 9 });
  const step = fc.record({ value: fc.tuple(number, number), pop: control, push: control });
  const steps = fc.array(fc.array(step, { minLength: ports, maxLength: ports }), {
    minLength: 1,
    maxLength: 12,
  });
  return steps.map((steps) =>
    Array.from({ length: ports }, (_, port) => ({
      values: steps.map((step) => [...step[port].value]),
      pops: steps.map((step) => step[port].pop),
      pushes: steps.map((step) => step[port].push),
    }))
  );
}

/** A step of a program for a port of a discrete memory. */
export interface Instruction {
  readonly item: number;
  readonly pop: boolean;
  readonly push: boolean;
}

/** Programs for `ports` ports. */
export function arbitraryProgram(ports: number): fc.Arbitrary<Instruction[][]> {
  const instruction = fc.record({
    item: fc.integer({ min: 1, max: 99 }),
    pop: fc.boolean(),
    push: fc.boolean(),
  });
  return fc.array(fc.array(instruction, { minLength: ports, maxLength: ports }), {
    minLength: 1,
    maxLength: 20,
  });
}

/** A port's part of a program as controls of 0 and 1. */
export function inputsOf(program: readonly Instruction[][], port: number): PortInputs {
  return {
    values: program.map((step) => [step[port].item]),
    pops: program.map((step) => Number(step[port].pop)),
    pushes: program.map((step) => Number(step[port].push)),
  };
}

/** Numbers at least 1/512 away from 0 and 1, where controls have kinks. */
export function softControls(random: RandomSource, T: number): Vector {
  return Array.from({ length: T }, () => random.uniform(1 / 512, 1 - 1 / 512));
}

export function normalMatrix(random: RandomSource, T: number, M: number): Matrix {
  return Array.from({ length: T }, () => Array.from({ length: M }, () => random.normal()));
}

/** Soft controls and normal values. */
export function softInputs(random: RandomSource, T: number, M: number): PortInputs {
  return {
    values: normalMatrix(random, T, M),
    pops: softControls(random, T),
    pushes: softControls(random, T),
  };
}
