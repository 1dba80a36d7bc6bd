/**
 * Prepares new weights for an update: all matrices packed both ways, and the table of the first layer's inputs.
 *
 * Method: a sequence sees only as many different inputs as there are symbols, so W_x e + b is made once for each of
 * them, and the time loop looks it up. Workers share the panels; none reads what another has packed here.
 *
 * Layout: packed as pack.ts says; the table is symbols × gateWidth, by rows.
 *
 * Error: that of multiply.ts.
 */
import { packLayer } from "./layer_product";
import { multiply, PANEL } from "./multiply";
import { packBoth } from "./pack";
import { layerOf, Plan } from "./plan";
import { copyRow } from "./rows";

/** Packs a worker's share of the panels, and fills its share of the table. */
export function prepare(plan: Plan, worker: i32, workers: i32): void {
  for (let l = 0; l < plan.layers; l++) packLayer(plan, layerOf(plan, l), worker, workers);
  packWhole(
    plan.inputWeights, plan.sumWidth, plan.embeddingWidth, plan.packedInputForward, plan.packedInputBackward,
    worker, workers,
  );
  packWhole(
    plan.logitWeights, plan.logitWidth, plan.decoderWidth, plan.packedLogitForward, plan.packedLogitBackward,
    worker, workers,
  );
  if (plan.previousWeights) {
    packWhole(
      plan.previousWeights, plan.logitWidth, plan.decoderWidth, plan.packedPreviousForward,
      plan.packedPreviousBackward, worker, workers,
    );
  }
  if (plan.attention) {
    packWhole(
      plan.queryWeights, plan.attentionWidth, plan.hidden, plan.packedQueryForward, plan.packedQueryBackward,
      worker, workers,
    );
    packWhole(
      plan.keyWeights, plan.attentionWidth, plan.placeWidth, plan.packedKeyForward, plan.packedKeyBackward,
      worker, workers,
    );
  }
  if (plan.memory) {
    packWhole(
      plan.headWeights, plan.headWidth, plan.hidden, plan.packedHeadForward, plan.packedHeadBackward,
      worker, workers,
    );
    packWhole(
      plan.outputWeights, plan.outputWidth, plan.hidden, plan.packedOutputForward, plan.packedOutputBackward,
      worker, workers,
    );
  }
  fillTable(plan, worker, workers);
}

/** A matrix of outputs × inputs, both multiples of 8, without a gap between its rows. */
function packWhole(
  W: usize, outputs: i32, inputs: i32, forwards: usize, backwards: usize, worker: i32, workers: i32,
): void {
  packBoth(W, inputs * 4, outputs, inputs, inputs, forwards, backwards, worker, workers);
}

/** The table's columns whose panels this worker has packed; the last one's also those that are a bias alone. */
function fillTable(plan: Plan, worker: i32, workers: i32): void {
  const panels = plan.sumWidth / PANEL, gates = plan.gateWidth * 4, first = layerOf(plan, 0);
  const from = panels * worker / workers * PANEL, to = panels * (worker + 1) / workers * PANEL;
  const end = worker + 1 == workers ? plan.gateWidth : to;
  for (let k = 0; k < plan.symbols; k++) {
    copyRow(plan.table + k * gates + from * 4, first.bias + from * 4, (end - from) * 4);
  }
  multiply(
    plan.embedding, plan.embeddingWidth * 4, plan.packedInputForward + from * plan.embeddingWidth * 4,
    plan.table + from * 4, gates, plan.symbols, plan.embeddingWidth, to - from, 1,
  );
}
