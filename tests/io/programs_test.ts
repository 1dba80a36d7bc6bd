import { assertEquals } from "@std/assert";
import { machinePrograms } from "@/io/programs.ts";
import { testWithDeno } from "../jupyter/needs_kernel.ts";

const evaluate = (code: string) => ["eval", "--no-config", code];

testWithDeno("a program's exit code, and what it printed and said", async () => {
  const code = 'console.log(" out\\n"); console.error("err"); Deno.exit(3)';
  const outcome = await machinePrograms.run(Deno.execPath(), evaluate(code));
  assertEquals(outcome, { code: 3, printed: "out", noted: "err" });
});

testWithDeno("a program that is run to the end of a terminal gives its exit code", async () => {
  assertEquals(
    await machinePrograms.runInForeground(Deno.execPath(), evaluate("Deno.exit(4)"), {}),
    4,
  );
});

testWithDeno("variables are passed on", async () => {
  const code = 'console.log(Deno.env.get("JUPYTER_DATA_DIR"))';
  const variables = { JUPYTER_DATA_DIR: "here" };
  const outcome = await machinePrograms.run(Deno.execPath(), evaluate(code), variables);
  assertEquals(outcome?.printed, "here");
});

/** Python may set what Deno may not. */
const WITH_LINKER_VARIABLE = "import os, sys; os.environ['LD_LIBRARY_PATH'] = '/usr/lib'; " +
  "os.execv(sys.argv[1], sys.argv[1:])";

testWithDeno("variables of the linker do not keep a program from being started", async () => {
  const deno = Deno.execPath(),
    permissions = ["--no-prompt", "--allow-read=.", `--allow-run=${deno}`];
  const line = [deno, "run", "--no-check", ...permissions, "tests/io/start_deno.ts"];
  const outcome = await machinePrograms.run("python3", ["-c", WITH_LINKER_VARIABLE, ...line]);
  assertEquals([outcome?.code, outcome?.printed], [0, "started"]);
});
