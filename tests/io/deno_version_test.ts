import { assertEquals } from "@std/assert";
import { checkDenoVersion } from "@/io/deno_version.ts";

function refusalOf(version: string): string {
  try {
    checkDenoVersion(version);
    return "";
  } catch (error) {
    return String((error as Error).message);
  }
}

Deno.test("the tested minor version of Deno and newer ones are accepted, older ones refused", () => {
  const versions = ["1.46.3", "2.0.0", "2.5.6", "2.8.99", "2.9.0", "2.9.6", "2.10.0", "3.0.0-rc.1"];
  assertEquals(versions.filter(refusalOf), ["1.46.3", "2.0.0", "2.5.6", "2.8.99"]);
  assertEquals(
    refusalOf("2.5.6"),
    'Cannot run the project: wanted Deno 2.9 or newer ("deno upgrade" installs it, ' +
      '"npx -y deno@2.9.6" in place of "deno" runs it once), got 2.5.6',
  );
});
