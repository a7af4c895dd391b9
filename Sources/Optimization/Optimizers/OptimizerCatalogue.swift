internal import Tensors

// Everything there is to choose from, in the order of history.
extension OptimizerEntry {
  static let all: [OptimizerEntry] = descents + adaptive + adams + signs + matrices

  private static func descent(_ choice: Choice, _ decay: WeightDecay) -> GradientDescent {
    GradientDescent(
      momentum: choice.float("momentum"), dampening: choice.float("dampening"),
      nesterov: choice["nesterov"] == 1, decay: decay)
  }

  private static func descent(
    _ name: String, _ summary: String, _ family: OptimizerFamily, momentum: Double, nesterov: Bool,
    training: Double
  ) -> OptimizerEntry {
    OptimizerEntry(
      name, summary, family,
      [
        .momentum(momentum),
        ChoiceParameter("dampening", 0, in: 0...1, "part of the gradient kept out of the velocity"),
        ChoiceParameter(
          "nesterov", .flag, [nesterov ? 1 : 0], "whether it looks ahead along the velocity"),
      ], usual: 0.001, training: training, .slope
    ) { choice, decay, _ in descent(choice, decay) }
  }

  private static let descents = [
    descent(
      "sgd", "gradient descent: straight downhill", .gradientDescent, momentum: 0, nesterov: false,
      training: 0.1),
    descent(
      "momentum", "gradient descent with a velocity that builds up", .momentum, momentum: 0.9,
      nesterov: false,
      training: 0.05),
    descent(
      "nesterov", "momentum that looks ahead along its velocity", .momentum, momentum: 0.9,
      nesterov: true,
      training: 0.05),
    OptimizerEntry(
      "qhm", "a mixture of gradient and average (quasi-hyperbolic)", .momentum,
      [
        ChoiceParameter("nu", 0.7, in: 0...1, "part of the average"),
        ChoiceParameter("beta", 0.999, in: 0...0.999999, "part of the average kept"),
      ], usual: 0.1, training: 0.1, .slope
    ) { choice, decay, _ in
      QuasiHyperbolicMomentum(nu: choice.float("nu"), beta: choice.float("beta"), decay: decay)
    },
  ]

  private static let adaptive = [
    OptimizerEntry(
      "rprop", "step lengths that grow while the slope keeps its sign", .rmsProp,
      [
        ChoiceParameter("shrink", 0.5, in: 0.001...0.999, "factor when the slope turns"),
        ChoiceParameter("growth", 1.2, in: 1.001...100, "factor while it does not"),
        ChoiceParameter("smallest", 1e-6, in: 0...1, "shortest step"),
        ChoiceParameter("largest", 50, in: 1e-6...1e6, "longest step"),
      ], usual: 0.01, training: 0.0002, .length
    ) { choice, _, layout in
      ResilientPropagation(
        shrink: choice.float("shrink"), growth: choice.float("growth"),
        smallest: choice.float("smallest"), largest: choice.float("largest"),
        range: 0..<layout.count)
    },
    OptimizerEntry(
      "adagrad", "shorter steps along axes that were steep", .adaGrad,
      [
        ChoiceParameter("rate-decay", 0, in: 0...1e3, "how the rate falls with steps"),
        ChoiceParameter("initial", 0, in: 0...1e3, "where the sum of squares begins"),
        .epsilon(1e-10),
      ], usual: 0.01, training: 0.01, .shrinkingLength
    ) { choice, decay, _ in
      AdaGrad(
        rateDecay: choice.float("rate-decay"), initial: choice.float("initial"),
        epsilon: choice.float("epsilon"), decay: decay)
    },
    OptimizerEntry(
      "adadelta", "steps as long as recent steps were", .adaGrad,
      [
        ChoiceParameter("rho", 0.9, in: 0...0.999999, "part of the averages kept"),
        .epsilon(1e-6),
      ], usual: 1, training: 1, .none
    ) { choice, decay, _ in
      AdaDelta(rho: choice.float("rho"), epsilon: choice.float("epsilon"), decay: decay)
    },
    OptimizerEntry(
      "rmsprop", "the gradient divided by its recent size", .rmsProp,
      [
        ChoiceParameter("alpha", 0.99, in: 0...0.999999, "part of the mean square kept"),
        .momentum(0), .epsilon(1e-8),
        ChoiceParameter("centered", .flag, [0], "whether the mean is taken off"),
      ], usual: 0.01, training: 0.001, .length
    ) { choice, decay, _ in
      RMSProp(
        alpha: choice.float("alpha"), momentum: choice.float("momentum"),
        epsilon: choice.float("epsilon"), isCentered: choice["centered"] == 1, decay: decay)
    },
  ]

  private static func adam(
    _ name: String, _ summary: String, decay: Double = 0, isDecoupled: Bool = false,
    keepsLargest: Bool = false
  ) -> OptimizerEntry {
    OptimizerEntry(
      name, summary, .adam, [.beta1(), .beta2(), .epsilon(1e-8)], usual: 0.001, training: 0.004,
      .length,
      decay: decay
    ) { choice, decay, _ in
      Adam(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), keepsLargest: keepsLargest, isDecoupled: isDecoupled,
        decay: decay)
    }
  }

  private static let adams = [
    adam("adam", "steps scaled by running moments of the gradient"),
    adam("adamw", "Adam with weight decay apart from the gradient", decay: 0.01, isDecoupled: true),
    adam("amsgrad", "Adam with the largest second moment so far", keepsLargest: true),
    OptimizerEntry(
      "nadam", "Adam that looks ahead along its first moment", .adam,
      [
        .beta1(), .beta2(), .epsilon(1e-8),
        ChoiceParameter("momentum-decay", 0.004, in: 0...10, "how fast looking ahead sets in"),
      ], usual: 0.002, training: 0.004, .length
    ) { choice, decay, _ in
      NAdam(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), momentumDecay: choice.float("momentum-decay"),
        decay: decay)
    },
    OptimizerEntry(
      "radam", "Adam that waits until its second moment can be trusted", .adam,
      [.beta1(), .beta2(), .epsilon(1e-8)], usual: 0.001, training: 0.004, .length
    ) { choice, decay, _ in
      RAdam(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), decay: decay)
    },
    OptimizerEntry(
      "adamax", "Adam with the largest recent gradient as its scale", .adam,
      [.beta1(), .beta2(), .epsilon(1e-8)], usual: 0.002, training: 0.004, .length
    ) { choice, decay, _ in
      AdaMax(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), decay: decay)
    },
    OptimizerEntry(
      "adabelief", "Adam scaled by how much the gradient surprises", .adam,
      [
        .beta1(), .beta2(), .epsilon(1e-16),
        ChoiceParameter("root-epsilon", 1e-16, in: 0...1, "added inside the root"),
      ], usual: 0.001, training: 0.004, .length
    ) { choice, decay, _ in
      AdaBelief(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), rootEpsilon: choice.float("root-epsilon"), decay: decay)
    },
    OptimizerEntry(
      "yogi", "Adam whose second moment moves in small steps", .adam,
      [
        .beta1(), .beta2(), .epsilon(1e-3),
        ChoiceParameter("initial", 1e-6, in: 0...1e3, "where the moments begin"),
      ], usual: 0.01, training: 0.01, .length
    ) { choice, decay, _ in
      Yogi(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), initial: choice.float("initial"), decay: decay)
    },
    OptimizerEntry(
      "adan", "Adam with momentum from differences of gradients", .adam,
      [
        .beta1(0.98), .beta2(0.92),
        ChoiceParameter("beta3", 0.99, in: 0...0.9999999, "part of the squares kept"),
        .epsilon(1e-8),
        ChoiceParameter("root-epsilon", 1e-8, in: 0...1, "added inside the root"),
      ], usual: 0.001, training: 0.004, .length
    ) { choice, decay, _ in
      Adan(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"), beta3: choice.float("beta3"),
        epsilon: choice.float("epsilon"), rootEpsilon: choice.float("root-epsilon"), decay: decay)
    },
    OptimizerEntry(
      "schedule-free", "AdamW that averages its path instead of lowering its rate", .adam,
      [.beta1(), .beta2(), .epsilon(1e-8)], usual: 0.0025, training: 0.004, .length
    ) { choice, decay, _ in
      ScheduleFreeAdam(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), decay: decay)
    },
  ]

  private static let signs = [
    OptimizerEntry(
      "sign-sgd", "steps of one length along every axis", .sign, usual: 0.001, training: 0.0005,
      .length
    ) { _, decay, _ in SignDescent(decay: decay) },
    OptimizerEntry(
      "lion", "the sign of an average", .sign, [.beta1(), .beta2(0.99)], usual: 0.0001,
      training: 0.0004,
      .length, decay: 0.001
    ) { choice, decay, _ in
      Lion(beta1: choice.float("beta1"), beta2: choice.float("beta2"), decay: decay)
    },
  ]

  private static let matrices = [
    OptimizerEntry(
      "lamb", "Adam's direction, as long as a part of the array", .layerwise,
      [.beta1(), .beta2(), .epsilon(1e-6)],
      usual: 0.001, training: 0.01, .relative
    ) { choice, decay, layout in
      Lamb(
        beta1: choice.float("beta1"), beta2: choice.float("beta2"),
        epsilon: choice.float("epsilon"), decay: decay, layout: layout)
    },
    OptimizerEntry(
      "muon", "momentum made orthogonal; AdamW for vectors", .layerwise,
      [
        .momentum(0.95),
        ChoiceParameter("nesterov", .flag, [1], "whether it looks ahead along the velocity"),
        ChoiceParameter("iterations", .count(1...20), [5], "steps of making orthogonal"),
        ChoiceParameter("vector-rate", 0.2, in: 0...1e3, "rate of vectors, in rates"),
        .beta1(), .beta2(), .epsilon(1e-8),
      ], usual: 0.001, training: 0.02, .length, decay: 0.1
    ) { choice, decay, layout in
      let vectors = WeightDecay(
        decay.strength, layout: layout, sparesVectors: choice["decay-all"] == 0
      ) { $0.shape.count < 2 }
      return Muon(
        momentum: choice.float("momentum"), nesterov: choice["nesterov"] == 1,
        iterations: Int(choice["iterations"]),
        vectors: Adam(
          beta1: choice.float("beta1"), beta2: choice.float("beta2"),
          epsilon: choice.float("epsilon"), isDecoupled: true, decay: vectors),
        vectorRate: choice.float("vector-rate"), decay: decay, layout: layout)
    },
  ]
}
