import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Dealer } from "zeromq";
import { Connection } from "@/jupyter/connection.ts";
import { Kernel } from "@/jupyter/kernel.ts";
import { UserError } from "@/io/user_error.ts";
import { inFolderElsewhere, inScratchFolder, makeLink } from "../io/scratch_folder.ts";
import { testWithKernel } from "./needs_kernel.ts";

function textOf(outputs: readonly { output_type: string }[]): string {
  return outputs.map((output) => "text" in output ? output.text : "").join("");
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

testWithKernel("a cell's output is all there, in order, and in its own cell", async () => {
  await using kernel = await Kernel.start(".");
  for (let round = 0; round < 20; round++) {
    const { outputs } = await kernel.run(
      `for (let i = 0; i < 50; i++) console.log("${round}:" + i)`,
      20,
    );
    assertEquals(
      textOf(outputs),
      Array.from({ length: 50 }, (_, i) => `${round}:${i}\n`).join(""),
    );
  }
});

testWithKernel(
  "a display of 900 kB arrives between what was printed before and after",
  async () => {
    await using kernel = await Kernel.start(".");
    const { outputs } = await kernel.run(
      `console.log("before");
    await Deno.jupyter.display({ "text/plain": "x".repeat(900_000) }, { raw: true });
    console.log("after");`,
      20,
    );
    assertEquals(outputs.map((output) => output.output_type), ["stream", "display_data", "stream"]);
  },
);

testWithKernel("the value of the last line comes without colours", async () => {
  await using kernel = await Kernel.start(".");
  const { outputs } = await kernel.run("[1, 'two']", 20);
  assertEquals(outputs, [{
    output_type: "execute_result",
    execution_count: 1,
    data: { "text/plain": '[ 1, "two" ]' },
    metadata: {},
  }]);
});

testWithKernel("errors are told, thrown or left to nobody, and the kernel goes on", async () => {
  await using kernel = await Kernel.start(".");
  const thrown = await kernel.run('throw new TypeError("bad thing")', 20);
  assertEquals([thrown.error?.ename, thrown.error?.evalue], ["TypeError", "bad thing"]);
  const rejected = await kernel.run('Promise.reject(new Error("nobody")); 1', 20);
  assertEquals(rejected.error?.evalue, "nobody");
  const unreadable = await kernel.run("let x = ;", 20);
  assertEquals(unreadable.error?.evalue, "Execution failed");
  assertEquals((await kernel.run("1", 20)).error, undefined);
});

testWithKernel("a cell that does not end is given up", async () => {
  await using kernel = await Kernel.start(".");
  await assertRejects(
    () => kernel.run("await new Promise(() => setInterval(() => {}, 1000))", 0.5),
    Error,
    "Cannot run the cell: wanted it to end within 0.5 s, got no end",
  );
});

testWithKernel("a cell that spins is given up too", async () => {
  await using kernel = await Kernel.start(".");
  await assertRejects(() => kernel.run("for (;;);", 0.5), Error, "got no end");
});

testWithKernel("a kernel that ends says so, with its code", async () => {
  await using kernel = await Kernel.start(".");
  await assertRejects(() => kernel.run("Deno.exit(3)", 20), Error, "exited with code 3");
});

testWithKernel("a kernel that has started leaves no connection file", async () => {
  const scratch = `.runs/${crypto.randomUUID()}`;
  await using kernel = await Kernel.start(".", scratch);
  assertEquals(namesIn(scratch), []);
  Deno.removeSync(scratch);
  assertEquals((await kernel.run("1", 20)).error, undefined);
});

testWithKernel(
  "the folder of the connection file may be a link to another disk",
  () =>
    inScratchFolder((folder) =>
      inFolderElsewhere(async (elsewhere) => {
        await makeLink(elsewhere, `${folder}/link`);
        await using kernel = await Kernel.start("tests", `${folder}/link`);
        assertEquals((await kernel.run("1", 20)).error, undefined);
        assertEquals(namesIn(elsewhere), []);
      })
    ),
);

testWithKernel(
  "a file in place of that folder is one sentence",
  () =>
    inScratchFolder(async (folder) => {
      Deno.writeTextFileSync(`${folder}/file`, "");
      await assertRejects(
        () => Kernel.start(".", `${folder}/file`),
        UserError,
        "file: wanted a folder, got a file",
      );
    }),
);

testWithKernel("a kernel that is closed is gone, even out of a cell that spins", async () => {
  const kernel = await Kernel.start(".");
  const spinning = assertRejects(() => kernel.run("for (;;);", 60), Error);
  await kernel.close();
  await spinning;
});

testWithKernel("a kernel that cannot start leaves no connection file", async () => {
  const scratch = `.runs/${crypto.randomUUID()}`;
  await assertRejects(() => Kernel.start("no such folder", scratch), Error);
  assertEquals(namesIn(scratch), []);
  Deno.removeSync(scratch);
});

/** Takes the port of a kernel's heartbeat; false if another process was faster. */
async function takesPort(other: Dealer, file: string): Promise<boolean> {
  const { hb_port: port } = JSON.parse(Deno.readTextFileSync(file));
  try {
    await other.bind(`tcp://127.0.0.1:${port}`);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== "EADDRINUSE") throw error;
    return false;
  }
}

/** Takes a port of the first kernels that are started; gives how many were, and whether one came up. */
async function startsOnTakenPorts(taken: number, scratch: string): Promise<[number, boolean]> {
  const { Dealer } = await import("zeromq");
  const open = Connection.open, other = new Dealer({ linger: 0 });
  let starts = 0;
  Connection.open = async (folder) => {
    const isTaken = ++starts <= taken;
    for (;;) {
      const connection = await open(folder);
      if (!isTaken || await takesPort(other, connection.file)) return connection;
      connection.close();
    }
  };
  try {
    await using kernel = await Kernel.start(".", scratch);
    return [starts, (await kernel.run("1", 20)).error === undefined];
  } catch (error) {
    assertStringIncludes(String(error), "got one that exited with code 1");
    return [starts, false];
  } finally {
    Connection.open = open;
    other.close();
  }
}

testWithKernel(
  "a port that is taken in the meantime costs one start; the third is the last",
  async () => {
    const scratch = `.runs/${crypto.randomUUID()}`;
    const [starts, isUp] = await startsOnTakenPorts(1, scratch);
    assert(isUp && starts >= 2, `${starts} starts`); // of more, another process took a port
    assertEquals(await startsOnTakenPorts(9, scratch), [3, false]);
    assertEquals(namesIn(scratch), []);
    Deno.removeSync(scratch);
  },
);

testWithKernel("what is printed in colour comes without", async () => {
  await using kernel = await Kernel.start(".");
  const { outputs } = await kernel.run(
    'console.log("%cred", "color: red"); console.log({ a: 1 })',
    20,
  );
  assertEquals(textOf(outputs), "red\n{ a: 1 }\n");
});
