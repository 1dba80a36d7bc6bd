import { assertEquals } from "@std/assert";
import { Struct, structBytes } from "@/engine/kernel_plan.ts";

Deno.test("a field is written to its own bytes, aligned to its size, and read back", () => {
  const buffer = new ArrayBuffer(64);
  const types = { slots: "i32", at: "usize", weight: "f32", rate: "f64", rows: "i32" } as const;
  const struct = new Struct(types, buffer, 16);
  assertEquals(structBytes(types), 32);
  const values = { slots: -7, at: 2 ** 32 - 64, weight: -1.5, rate: 0.1, rows: 3 };
  struct.set(values);
  const [words, floats] = [new Int32Array(buffer), new Float32Array(buffer)];
  assertEquals([words[4], words[5], floats[6], words[7]], [-7, -64, -1.5, 0]);
  assertEquals([new Float64Array(buffer)[4], words[10]], [0.1, 3]);
  assertEquals(words.filter((word) => word !== 0).length, 6);
  struct.set({ slots: 8 });
  for (const [name, value] of Object.entries({ ...values, slots: 8 })) {
    assertEquals(struct.get(name as keyof typeof types), value, name);
  }
});
