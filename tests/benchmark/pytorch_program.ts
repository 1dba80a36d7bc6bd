/**
 * PyTorch at a size: pytorch_main.py in a process of its own, which keeps its own time.
 *
 * @module
 */
import type { TimedProgram } from "./engine_program.ts";
import { LineProcess } from "./line_process.ts";
import type { BenchSize } from "./sizes.ts";

function startPyTorch(python: string): LineProcess {
  return new LineProcess(python, [`${import.meta.dirname}/pytorch_main.py`]);
}

function pytorchSize({ shape, batch, length }: BenchSize) {
  return { ...shape, batch, length };
}

/** The variants that apply to a size. */
export async function pytorchVariants(python: string, size: BenchSize): Promise<string[]> {
  const process = startPyTorch(python);
  const { variants, error } = await process.ask({ variants: pytorchSize(size) });
  process.close();
  if (error) throw new Error(`Cannot start PyTorch: ${error}`);
  return variants as string[];
}

/** Prepares a variant: built, compiled, warmed up; or says why it cannot run. */
export async function pytorchProgram(
  python: string,
  size: BenchSize,
  variant: string,
  threads: number,
): Promise<TimedProgram | string> {
  const process = startPyTorch(python);
  const prepare = { size: pytorchSize(size), threads, variant, seed: 1 };
  const ready = await process.ask({ prepare });
  if (ready.error) {
    process.close();
    return ready.error;
  }
  let bytes = 0;
  return {
    name: variant,
    threads,
    async round(updates) {
      const { seconds, peak_bytes, error } = await process.ask({ round: updates });
      if (error) throw new Error(`Cannot go on with PyTorch's ${variant}: ${error}`);
      bytes = peak_bytes as number;
      return seconds as number;
    },
    memoryBytes: () => bytes,
    close: () => process.close(),
  };
}
