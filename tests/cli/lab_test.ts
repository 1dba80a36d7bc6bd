import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { LAB_KERNEL, labCommand, type LabHost } from "@/cli/lab.ts";
import { findPython, runPython } from "@/cli/lab_environment.ts";
import { machinePrograms, type Outcome, type Programs, type Variables } from "@/io/programs.ts";
import { MemoryDisk, PowerCut } from "../io/memory_disk.ts";
import { DONE, type Machine, memoryPrograms } from "./memory_programs.ts";

const PINS = "# a remark\njupyterlab==4.6.6\nplotly==7.1.0\n";

function freshDisk(): MemoryDisk {
  const files = new MemoryDisk();
  for (const folder of [".binder", "notebooks"]) files.makeFolder(folder);
  files.writeText(".binder/requirements.txt", PINS);
  for (const name of ["02_b.ipynb", "01_a.ipynb"]) files.writeText(`notebooks/${name}`, "{}");
  return files;
}

function setUp(machine: Machine = {}, files = freshDisk()) {
  const programs = memoryPrograms({
    onVenv: (folder) => {
      if (files.kindOf(folder) !== "nothing") files.remove(folder);
      files.makeFolder(folder);
      return DONE;
    },
    kernels: () => installedKernels(files),
    ...machine,
  });
  const lines: string[] = [];
  let fetched = 0;
  const host: LabHost = {
    files,
    programs,
    terminal: {
      print: (line) => void lines.push(line),
      note: (line) => void lines.push(line),
      overwrite: () => {},
      columns: () => null,
    },
    root: "/home/me/memories",
    deno: "/opt/deno",
    isWindows: false,
    prefetch: () => Promise.resolve(void fetched++),
  };
  const ranWith = (words: string) =>
    programs.ran.filter(({ args }) => args.join(" ").includes(words)).length;
  return { files, programs, lines, host, ranWith, fetched: () => fetched };
}

function installedKernels(files: MemoryDisk): Record<string, { spec: object }> {
  const folder = ".jupyter/share/jupyter/kernels";
  if (files.kindOf(folder) === "nothing") return {};
  const names = files.list(folder);
  const specOf = (name: string) => JSON.parse(files.readText(`${folder}/${name}/kernel.json`));
  return Object.fromEntries(names.map((name) => [name, { spec: specOf(name) }]));
}

Deno.test("the first start creates an environment of the pinned packages, the second does not", async () => {
  const { host, ranWith, programs, fetched } = setUp();
  assertEquals(await labCommand([], host), 0);
  assertEquals([ranWith("-m venv"), ranWith("-m pip install"), fetched()], [1, 1, 1]);
  const pip = programs.ran.find(({ args }) => args.includes("pip"))!;
  assertEquals(pip.name, ".jupyter/bin/python");
  assert(pip.args.includes("--no-user"));
  assertEquals(pip.args.slice(-2), ["jupyterlab==4.6.6", "plotly==7.1.0"]);
  assertEquals(await labCommand([], host), 0);
  assertEquals([ranWith("-m venv"), ranWith("-m pip install"), fetched()], [1, 1, 1]);
});

Deno.test("JupyterLab opens the first notebook, with the environment's kernel as the only one", async () => {
  const { host, programs, lines } = setUp();
  await labCommand([], host);
  const { name, args, variables } = programs.ran.at(-1)!;
  assertEquals([name, ...args.slice(0, 3)], [".jupyter/bin/python", "-I", "-m", "jupyterlab"]);
  assert(args.includes("--ServerApp.root_dir=/home/me/memories/notebooks"));
  assert(args.includes("--LabApp.default_url=/lab/tree/01_a.ipynb"));
  assert(args.includes(`--KernelSpecManager.allowed_kernelspecs=${LAB_KERNEL.name}`));
  assert(args.includes("--LanguageServerManager.autodetect=False"));
  assert(!args.includes("--no-browser"));
  assertEquals(variables.JUPYTER_CONFIG_DIR, "/home/me/memories/.jupyter/config");
  assertEquals(variables.JUPYTER_DATA_DIR, "/home/me/memories/.jupyter/data");
  assertEquals(variables.JUPYTER_PATH, "");
  assertEquals(variables.IPYTHONDIR, "/home/me/memories/.jupyter/ipython");
  assertStringIncludes(lines.at(-1)!, "To stop it, press Ctrl-C");
});

Deno.test("--no-browser is passed on", async () => {
  const { host, programs } = setUp();
  await labCommand(["--no-browser"], host);
  assertEquals(programs.ran.at(-1)!.args.at(-1), "--no-browser");
});

Deno.test("the kernel runs the Deno that runs the command, and takes interrupts as messages", async () => {
  const { host, files } = setUp();
  await labCommand([], host);
  await labCommand([], { ...host, deno: "/opt/newer/deno" });
  const kernels = installedKernels(files);
  assertEquals(Object.keys(kernels), ["differentiable-memories"]);
  assertEquals(kernels["differentiable-memories"].spec, {
    argv: ["/opt/newer/deno", "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno (differentiable memories)",
    language: "typescript",
    interrupt_mode: "message",
    env: { NO_COLOR: "1" },
  });
});

Deno.test("nothing is written outside the environment's folder", async () => {
  const { host, files } = setUp();
  const before = new Set(files.entries.keys());
  await labCommand([], host);
  const written = [...files.entries.keys()].filter((path) => !before.has(path));
  assert(written.length > 3);
  assertEquals(written.filter((path) => !path.startsWith(".jupyter")), []);
  assertEquals(files.readText(".jupyter/.gitignore"), "*\n");
});

Deno.test("--check tests the environment, and opens nothing", async () => {
  const { host, lines, programs } = setUp();
  assertEquals(await labCommand(["--check"], host), 0);
  assertEquals(lines.at(-1), "JupyterLab 4.6.6 and the kernel differentiable-memories are ready.");
  assertEquals(programs.ran.filter(({ args }) => args.includes("--log-level=WARN")), []);
});

Deno.test("--check runs no script of the environment: each keeps the path at which it was made", async () => {
  const { host, programs } = setUp();
  await labCommand(["--check"], host);
  const modules = programs.ran.filter(({ args }) => args[1] === "-m").map(({ args }) => args[2]);
  assert(modules.includes("jupyterlab"));
  assert(!modules.includes("jupyter")); // it starts the script jupyter-kernelspec
});

Deno.test("--check fails where Jupyter finds no kernel, or another Deno's", async () => {
  const others = { deno: { spec: { argv: ["/opt/deno"], interrupt_mode: "message" } } };
  const old = { [LAB_KERNEL.name]: { spec: { argv: ["/old"], interrupt_mode: "message" } } };
  const signalled = { [LAB_KERNEL.name]: { spec: { argv: ["/opt/deno"] } } };
  for (const kernels of [{}, others, old, signalled]) {
    const { host, lines } = setUp({ kernels: () => kernels });
    assertEquals(await labCommand(["--check"], host), 2);
    assertStringIncludes(
      lines.at(-1)!,
      "wanted JupyterLab with the kernel differentiable-memories",
    );
  }
});

Deno.test("an interrupted install starts again", async () => {
  const cut = setUp({
    onPip: () => {
      throw new PowerCut();
    },
  });
  await assertRejects(() => labCommand([], cut.host), PowerCut);
  cut.files.writeText(".jupyter/half", "x");
  const next = setUp({}, cut.files);
  assertEquals(await labCommand([], next.host), 0);
  assertEquals(next.ranWith("-m pip install"), 1);
  assertEquals(next.files.kindOf(".jupyter/half"), "nothing");
});

Deno.test("an environment that is created again is not used until it is complete", async () => {
  const { files, host } = setUp();
  await labCommand([], host);
  const cut = setUp({
    hasPackages: () => false,
    onVenv: () => {
      throw new PowerCut(); // before anything is cleared
    },
  }, files);
  await assertRejects(() => labCommand([], cut.host), PowerCut);
  const next = setUp({}, files);
  await labCommand([], next.host);
  assertEquals(next.ranWith("-m pip install"), 1);
});

Deno.test("an environment with other pins, or one that no longer works, is created again", async () => {
  const { files, host } = setUp();
  await labCommand([], host);
  const broken = setUp({ hasPackages: () => broken.ranWith("-m pip install") > 0 }, files);
  await labCommand([], broken.host);
  assertEquals(broken.ranWith("-m pip install"), 1);
  files.writeText(".binder/requirements.txt", PINS.replace("4.6.6", "4.6.7"));
  const newer = setUp({}, files);
  await labCommand([], newer.host);
  assertEquals(newer.ranWith("-m pip install"), 1);
  const same = setUp({}, files);
  await labCommand([], same.host);
  assertEquals(same.ranWith("-m pip install"), 0);
});

Deno.test("packages that cannot be downloaded are one sentence with pip's own reason", async () => {
  const noted = "Looking in indexes\nERROR: No matching distribution found for plotly\nhint: none";
  const { host, lines, files } = setUp({ onPip: () => ({ ...DONE, code: 1, noted }) });
  assertEquals(await labCommand([], host), 2);
  assertEquals(
    lines.at(-1),
    "Cannot install JupyterLab: wanted pip to find the packages (is there a network?), " +
      'got "ERROR: No matching distribution found for plotly"',
  );
  assertEquals(files.kindOf(".jupyter/complete.txt"), "nothing");
});

Deno.test("packages that pip puts elsewhere are one sentence, and the environment is not complete", async () => {
  const { host, lines, files } = setUp({ hasPackages: () => false });
  assertEquals(await labCommand([], host), 2);
  assertEquals(
    lines.at(-1),
    "Cannot install JupyterLab: wanted pip to put the packages into .jupyter (`python3 -m pip " +
      'config list` shows whether it is set to put them elsewhere), got "no jupyterlab"',
  );
  assertEquals(files.kindOf(".jupyter/complete.txt"), "nothing");
});

Deno.test("a file in place of the environment's folder is named as what it is", async () => {
  const { host, lines, files, programs } = setUp();
  files.writeText(".jupyter", "");
  assertEquals(await labCommand([], host), 2);
  assertEquals(lines, ["Cannot write .jupyter: wanted a folder, got a file"]);
  assertEquals(programs.ran, []);
});

Deno.test("--check shows why Python cannot run JupyterLab", async () => {
  const noted = 'Traceback (most recent call last):\n  File "a"\nRuntimeError: shadowed\n';
  const { host, lines } = setUp({ version: { code: 1, printed: "", noted } });
  assertEquals(await labCommand(["--check"], host), 2);
  assertEquals(
    lines.at(-1),
    "Cannot use .jupyter: wanted its Python to run jupyterlab (to install it again, remove " +
      '.jupyter), got "RuntimeError: shadowed"',
  );
});

Deno.test("every Python is separate from the user's settings, but not from a mirror of the packages", async () => {
  const { host, programs } = setUp();
  await labCommand(["--check"], host);
  await labCommand([], host);
  for (const { args, variables } of programs.ran) {
    assertEquals(args[0], "-I");
    for (const name of ["PYTHONPATH", "PYTHONHOME", "PYTHONOPTIMIZE", "PIP_TARGET", "PIP_USER"]) {
      assertEquals(variables[name], "");
    }
    const kept = /INDEX|FIND_LINKS|PROXY|CERT|CONFIG_FILE|PIP_TRUSTED/i;
    assertEquals(Object.keys(variables).filter((name) => kept.test(name)), []);
  }
});

/** This machine's programs, for a user who has set some variables. */
function programsWith(inherited: Variables): Programs {
  const { run, runInForeground } = machinePrograms;
  return {
    run: (name, args, variables) => run(name, args, { ...inherited, ...variables }),
    runInForeground: (name, args, variables) =>
      runInForeground(name, args, { ...inherited, ...variables }),
  };
}

const PYTHON3 = { name: "run", command: "python3" } as const;

Deno.test({
  name: "the user's variables change neither this machine's Python nor a program that it starts",
  ignore: Deno.permissions.querySync(PYTHON3).state !== "granted",
  async fn() {
    const python = await findPython(machinePrograms).catch(() => undefined);
    if (python === undefined) return; // this machine has none that is new enough
    const child = "import sys; print(sys.flags.optimize, [p for p in sys.path if 'else' in p])";
    const parent = `import subprocess, sys; subprocess.run([sys.executable, "-c", sys.argv[1]])`;
    const elsewhere = "/somewhere/else";
    const inherited = {
      PYTHONHOME: elsewhere,
      PYTHONPATH: elsewhere,
      PYTHONOPTIMIZE: "2",
      PYTHONPLATLIBDIR: elsewhere,
      PYTHONHASHSEED: "no number",
    };
    for (const [name, value] of Object.entries(inherited)) {
      const programs = programsWith({ [name]: value });
      assertEquals(await findPython(programs), python);
      const outcome = await runPython(programs, python, ["-c", parent, child]);
      assertEquals(outcome, { code: 0, printed: "0 []", noted: "" });
    }
  },
});

Deno.test("without a suitable Python, one sentence says what to install", async () => {
  const noted = "Traceback (most recent call last):\nImportError: no module named 'site'";
  const broken = { code: 1, printed: "", noted };
  const cases: [Record<string, string | Outcome>, string][] = [
    [{}, "wanted Python 3.10 or newer (from python.org/downloads), got no Python at all"],
    [
      { python3: "3 9 True" },
      "wanted Python 3.10 or newer (from python.org/downloads), got Python 3.9",
    ],
    [{ python: "2 7 False" }, "got Python 2.7"],
    [{ python3: "3 11 False" }, "sudo apt install python3-venv), got Python 3.11 without them"],
    [{ python3: "3 8 True", python: "3 12 False" }, "got Python 3.12 without them"],
    [{ python3: "3 12 False", python: "3 8 True" }, "got Python 3.12 without them"],
    [
      { python3: "Python was not found; run without arguments to install" },
      'got a python3 that fails with "Python was not found; run without arguments to install"',
    ],
    [{ python3: broken, python: "3 9 True" }, "got Python 3.9"],
    [{ python3: broken }, "got a python3 that fails with \"ImportError: no module named 'site'\""],
  ];
  for (const [pythons, sentence] of cases) {
    const { host, lines, ranWith } = setUp({ pythons });
    assertEquals(await labCommand([], host), 2);
    assertEquals(lines.length, 1);
    assertStringIncludes(lines[0], "Cannot open JupyterLab: wanted ");
    assertStringIncludes(lines[0], sentence);
    assertEquals(ranWith("-m venv"), 0);
  }
});

Deno.test("the first suitable Python is taken", async () => {
  const { host, programs } = setUp({ pythons: { python3: "3 9 True", py: "4 0 True" } });
  assertEquals(await labCommand([], host), 0);
  assertEquals(programs.ran.find(({ args }) => args.includes("venv"))!.name, "py");
});

Deno.test("on Windows the environment's Python is elsewhere", async () => {
  const { host, programs } = setUp();
  await labCommand([], { ...host, isWindows: true });
  assertEquals(programs.ran.at(-1)!.name, ".jupyter/Scripts/python.exe");
});

Deno.test("bad input is one sentence and exit code 2, before anything is created", async () => {
  for (const words of [["--chekc"], ["01"], ["--check=yes"], ["--check", "--check"]]) {
    const { host, lines, programs } = setUp();
    assertEquals(await labCommand(words, host), 2);
    assertEquals([lines.length, programs.ran.length], [1, 0]);
    assertStringIncludes(lines[0], "wanted");
  }
});

Deno.test("a package that is not pinned is refused", async () => {
  const { host, files, lines } = setUp();
  files.writeText(".binder/requirements.txt", "jupyterlab>=4\n");
  assertEquals(await labCommand([], host), 2);
  assertStringIncludes(lines[0], "wanted name==version on each line, got jupyterlab>=4");
});

Deno.test("--help shows the usage", async () => {
  const { host, lines, programs } = setUp();
  assertEquals(await labCommand(["--help"], host), 0);
  assertStringIncludes(lines.join("\n"), "Usage: deno task lab");
  assertStringIncludes(
    lines.join("\n"),
    "Outside of that folder, only the caches of Deno, npm and pip are written.",
  );
  assertEquals(programs.ran, []);
});
