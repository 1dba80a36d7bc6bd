import { assertEquals } from "@std/assert";
import { OutputCollector } from "@/jupyter/outputs.ts";

function collected(...messages: [type: string, content: Record<string, unknown>][]) {
  const collector = new OutputCollector();
  for (const [type, content] of messages) collector.add({ type, content });
  return collector.take();
}

function print(text: string, name = "stdout"): [string, Record<string, unknown>] {
  return ["stream", { name, text }];
}

function show(text: string, id?: string, type = "display_data"): [string, Record<string, unknown>] {
  return [type, { data: { "text/plain": text }, metadata: {}, transient: { display_id: id } }];
}

function shown(text: string) {
  return { output_type: "display_data", data: { "text/plain": text }, metadata: {} };
}

function printed(text: string, name = "stdout") {
  return { output_type: "stream", name, text };
}

Deno.test("what is printed in a row is one output, until something else comes between", () => {
  const outputs = collected(
    print("a\n"),
    print("b\n"),
    show("c"),
    print("d\n"),
    print("e", "stderr"),
  );
  assertEquals(outputs as unknown, [
    printed("a\nb\n"),
    shown("c"),
    printed("d\n"),
    printed("e", "stderr"),
  ]);
});

Deno.test("colours are left out", () => {
  const outputs = collected(print("\x1b[33m1\x1b[39m"), show("\x1b[1mbold\x1b[22m"));
  assertEquals(outputs as unknown, [printed("1"), shown("bold")]);
});

Deno.test("an update changes the output of its name, even in an earlier cell", () => {
  const collector = new OutputCollector();
  const add = ([type, content]: [string, Record<string, unknown>]) =>
    collector.add({ type, content });
  add(show("one", "x"));
  add(show("other", "y"));
  const earlier = collector.take();
  add(show("two", "x", "update_display_data"));
  assertEquals(collector.take(), []);
  assertEquals(earlier as unknown, [shown("two"), shown("other")]);
});

Deno.test("an update of a name that was never shown changes nothing", () => {
  assertEquals(collected(show("two", "x", "update_display_data")), []);
});

Deno.test("clearing takes away what is there, at once or with the next output", () => {
  assertEquals(collected(print("a"), ["clear_output", { wait: false }]), []);
  assertEquals(
    collected(print("a"), ["clear_output", { wait: true }]) as unknown,
    [printed("a")],
  );
  assertEquals(
    collected(print("a"), ["clear_output", { wait: true }], print("b"), print("c")) as unknown,
    [printed("bc")],
  );
});

Deno.test("messages that show nothing add nothing", () => {
  assertEquals(collected(["status", { execution_state: "idle" }], ["execute_input", {}]), []);
});
