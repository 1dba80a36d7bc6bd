/** Loaded before a command, makes it see an older Deno. */
Object.defineProperty(Deno, "version", { value: { ...Deno.version, deno: "2.5.6" } });
