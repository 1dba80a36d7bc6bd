/** Weights that come back from PyTorch: those that can be used are, of the others it is said what to do. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { disk } from "@/io/disk.ts";
import { UserError } from "@/io/user_error.ts";
import { loadTrainedModel, saveTrainedModel } from "@/weights/trained_model.ts";
import { inScratchFolder } from "../io/scratch_folder.ts";
import { missing, PYTHON } from "../pytorch/python.ts";
import { handMadeReverser } from "../training/hand_made_network.ts";

const SCRIPT = "tests/pytorch/changed_weights.py";
const CONVERT = /half precision: convert each tensor before it is saved, with tensor\.float\(\)/;

/** What is said of files that `torch.save` wrote. */
const PICKLES = { "zip.pt": /, got a pickle, such as torch\.save/, "old.pt": /, got a pickle, / };
/** What is said of files that the package safetensors wrote. */
const REFUSED = {
  "checksum.safetensors": /match its checksum, got .*save them without file_sha256 in the metadata/,
  "bare.safetensors": /in its metadata, .*save_file\(tensors, path, metadata=m\)\), got no task/,
  "half.safetensors": CONVERT,
  "bfloat.safetensors": CONVERT,
  "double.safetensors": /got F64 of shape .*tensor\.float\(\)/,
  "module.safetensors": /got "module\..*": save model\.module\.state_dict\(\)/,
};

function assertRefused(folder: string, sentences: Readonly<Record<string, RegExp>>): void {
  for (const [name, sentence] of Object.entries(sentences)) {
    const load = () => loadTrainedModel(disk, `${folder}/${name}`);
    assertMatch(assertThrows(load, UserError).message, sentence, name);
  }
}

const reason = missing(["torch"], true), noPackage = missing(["torch", "safetensors"], true);
const claim = "weights that PyTorch saved are used, or refused with what to do";

Deno.test({
  name: reason ? `${claim} (left out: ${reason})` : claim,
  ignore: reason !== undefined,
  fn: (test) =>
    inScratchFolder(async (folder) => {
      const original = handMadeReverser(3), path = `${folder}/original.safetensors`;
      saveTrainedModel(disk, path, original);
      const process = new Deno.Command(PYTHON, { args: [SCRIPT, path, folder] });
      const { success, stderr } = await process.output();
      assert(success, new TextDecoder().decode(stderr));
      assertRefused(folder, PICKLES);
      await test.step({
        name: noPackage ? `of the package safetensors (left out: ${noPackage})` : "of safetensors",
        ignore: noPackage !== undefined,
        fn() {
          const changed = `${folder}/changed.safetensors`, model = loadTrainedModel(disk, changed);
          const { "pop.bias": popBias, ...others } = original.parameters;
          assertEquals(model.parameters, { ...others, "pop.bias": popBias.map((x) => x + 0.5) });
          assertEquals([model.shape, model.warnings.length], [original.shape, 1]);
          assertRefused(folder, REFUSED);
        },
      });
    }),
});
