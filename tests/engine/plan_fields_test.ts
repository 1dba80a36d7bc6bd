import { assertEquals } from "@std/assert";
import { FieldWriter, FLOAT_FIELDS, LAYER_FIELDS, PLAN_FIELDS } from "@/engine/plan_fields.ts";

const mayRead = Deno.permissions.querySync({ name: "read", path: "." }).state === "granted";

function testSource(name: string, fn: () => void): void {
  const ignore = !mayRead;
  Deno.test({ name: ignore ? `${name} (left out: needs --allow-read)` : name, ignore, fn });
}

/** Names and types of a class's fields, in order. */
function fieldsOf(name: string): string[][] {
  const source = Deno.readTextFileSync(
    new URL("../../lib/engine/assembly/plan.ts", import.meta.url),
  );
  const [, body] = source.match(new RegExp(`class ${name} \\{\\n([^}]*)\\}`))!;
  const code = body.replace(/\/\*\*.*?\*\//gs, "");
  const fields = [...code.matchAll(/^ {2}(\w+): (\w+);$/gm)].map((
    [, field, type],
  ) => [field, type]);
  assertEquals(fields.length, code.split("\n").filter((line) => line.trim()).length);
  return fields;
}

for (const [name, fields] of [["Layer", LAYER_FIELDS], ["Plan", PLAN_FIELDS]] as const) {
  testSource(`the host's fields are those of the kernels' ${name}, in order`, () => {
    assertEquals([...fields], fieldsOf(name).map(([field]) => field));
  });

  testSource(
    `every field of the kernels' ${name} has four bytes, and the host knows which are f32`,
    () => {
      for (const [field, type] of fieldsOf(name)) {
        assertEquals(["i32", "usize", "f32"].includes(type), true, `${field}: ${type}`);
        assertEquals(FLOAT_FIELDS.has(field), type === "f32", field);
      }
    },
  );
}

Deno.test("a field is written to its own four bytes, as a whole number or as an f32", () => {
  const buffer = new ArrayBuffer(64),
    writer = new FieldWriter(["slots", "anchorPush", "rows"] as const, buffer, 16);
  writer.setAll({ rows: 2 ** 32 - 64, anchorPush: -1.5 });
  const [words, floats] = [new Uint32Array(buffer), new Float32Array(buffer)];
  assertEquals([words[4], floats[5], words[6]], [0, -1.5, 2 ** 32 - 64]);
  writer.set("slots", 7);
  assertEquals([...words].map((word, at) => word !== 0 ? at : -1).filter((at) => at >= 0), [
    4,
    5,
    6,
  ]);
});
