/** A perceptron with one hidden layer that tells two classes apart, trained by stochastic gradient descent with momentum. */
export interface Settings {
  /** Size of the hidden layer. */
  hidden: number;
  activation: "relu" | "tanh";
  /** Learning rate. */
  lr: number;
  /** How much of the last step goes into the next, 0 to 1. */
  momentum: number;
  /** Weight of the squared coefficients in the loss. */
  l2: number;
  /** Rows per gradient step. */
  batch: number;
  seed: number;
}

export interface Examples {
  /** One row an example, each of the same width. */
  features: readonly Float64Array[];
  /** 0 or 1. */
  labels: readonly number[];
}

export interface Mlp {
  /** Goes over the examples once, in a new random order. */
  train(examples: Examples): void;
  /** Mean log loss in nats, and the share of right answers. */
  evaluate(examples: Examples): { loss: number; accuracy: number };
}

export function createMlp(width: number, settings: Settings): Mlp {
  const { hidden, lr, momentum, l2, batch } = settings;
  const random = createRandom(settings.seed);
  // Flat: for each hidden unit its bias and its `width` weights, then the output's bias and its `hidden` weights.
  const stride = width + 1;
  const outputAt = hidden * stride;
  const size = outputAt + hidden + 1;
  const weights = new Float64Array(size);
  const velocity = new Float64Array(size);
  const gradient = new Float64Array(size);
  const unit = new Float64Array(hidden);
  for (let i = 0; i < size; i++) {
    // Uniform, scaled by the number of inputs (Glorot and Bengio 2010); biases start at 0.
    const isOutput = i >= outputAt;
    const isBias = isOutput ? i === outputAt : i % stride === 0;
    weights[i] = isBias ? 0 : (2 * random() - 1) * Math.sqrt(3 / (isOutput ? hidden : width));
  }

  /** The logit of one row; leaves the hidden units' outputs in `unit`. */
  function forward(row: Float64Array): number {
    let logit = at(weights, outputAt);
    for (let h = 0; h < hidden; h++) {
      let sum = at(weights, h * stride);
      for (let i = 0; i < width; i++) sum += at(weights, h * stride + 1 + i) * at(row, i);
      unit[h] = settings.activation === "relu" ? Math.max(0, sum) : Math.tanh(sum);
      logit += at(weights, outputAt + 1 + h) * at(unit, h);
    }
    return logit;
  }

  function backward(row: Float64Array, label: number): void {
    const error = 1 / (1 + Math.exp(-forward(row))) - label;
    gradient[outputAt] = at(gradient, outputAt) + error;
    for (let h = 0; h < hidden; h++) {
      const out = at(unit, h);
      const index = outputAt + 1 + h;
      gradient[index] = at(gradient, index) + error * out;
      const slope = settings.activation === "relu" ? (out > 0 ? 1 : 0) : 1 - out * out;
      const delta = error * at(weights, index) * slope;
      if (delta === 0) continue;
      gradient[h * stride] = at(gradient, h * stride) + delta;
      for (let i = 0; i < width; i++) {
        gradient[h * stride + 1 + i] = at(gradient, h * stride + 1 + i) + delta * at(row, i);
      }
    }
  }

  function step(rows: number): void {
    for (let i = 0; i < size; i++) {
      const change = momentum * at(velocity, i) - lr * (at(gradient, i) / rows + l2 * at(weights, i));
      velocity[i] = change;
      weights[i] = at(weights, i) + change;
      gradient[i] = 0;
    }
  }

  return {
    train({ features, labels }) {
      let held = 0;
      for (const index of shuffled(features.length, random)) {
        backward(features[index]!, labels[index]!);
        if (++held === batch) {
          step(held);
          held = 0;
        }
      }
      if (held > 0) step(held);
    },
    evaluate({ features, labels }) {
      let loss = 0;
      let right = 0;
      for (const [index, row] of features.entries()) {
        const logit = forward(row);
        const label = labels[index]!;
        // log(1 + exp(x)) without overflow.
        loss += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - label * logit;
        if (logit > 0 === (label === 1)) right++;
      }
      return { loss: loss / features.length, accuracy: right / features.length };
    },
  };
}

/** Every index used here lies in its array by construction. */
function at(array: Float64Array, index: number): number {
  return array[index]!;
}

function shuffled(length: number, random: () => number): number[] {
  const order = Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/** Uniform numbers in [0, 1), the same for the same seed: xorshift (Marsaglia 2003), 32 bits. */
function createRandom(seed: number): () => number {
  let state = (seed + 1) * 0x9e3779b9 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}
