import Compute
import Metrics
import Reporting

/// Invented scores, the same in every test run.
enum Fixture {
  static let structures = ["S", "L5", "L5/S", "T9"]

  static let provenance = ReportInput.Provenance(
    dataset: "d00d" + String(repeating: "0", count: 60), cases: 15,
    specification: "5bec" + String(repeating: "0", count: 60), software: "1.0", checkpoint: "best on validation")

  /// A case with these shares; voxel counts fit them: 100 true voxels where the structure counts.
  static func evaluation(_ name: String, dice: [Double?], distances given: [Double?]? = nil) -> CaseEvaluation {
    let classes = dice.count + 1
    let distances: [Double?] = given ?? dice.map { (share: Double?) -> Double? in share.map { 2 - $0 } }
    let predicted: [Int] = dice.map { ($0 ?? 0) > 0 ? 100 : 0 }
    let common: [Int] = dice.map { Int(100 * ($0 ?? 0)) }
    let truth: [Int] = dice.map { $0 == nil ? 0 : 100 }
    let tail: [Double?] = distances.map { (d: Double?) -> Double? in d.map { $0 * 3 } }
    let confusion = [Int](repeating: 0, count: classes * classes)
    return CaseEvaluation(
      name: name, dice: dice, surfaceDistance: distances, hausdorff95: tail, truthVoxels: truth,
      predictedVoxels: predicted, commonVoxels: common, confusion: confusion)
  }

  static func identity(_ variant: Int, _ fold: Int) -> String {
    "\(variant)a\(fold)" + String(repeating: "f", count: 61)
  }

  static let machine = ReportInput.Machine(
    processor: "Processor 9000", threads: 1, system: "Linux 6", software: "1.0", instructionSet: "avx512")

  /// A finished fold; `gain` lifts every score; T9 is in no case.
  static func run(variant: Int, fold: Int, cases: Int = 5, gain: Double, seed: UInt64 = 2023) -> ReportInput.Run {
    // What a training with another seed makes of every case.
    let luck = seed == 2023 ? 0 : (Double(seed % 5) - 2) * 0.01
    let evaluations = (0..<cases).map { index in
      var stream = RandomStream(seed: 7, purpose: .test, epoch: fold, index: index)
      let base = (0..<3).map { _ in Double(stream.nextUniform()) * 0.25 + 0.6 }
      var own = RandomStream(seed: 8, purpose: .test, epoch: fold * 10 + variant, index: index)
      let dice = base.map { Optional($0 + gain + luck + Double(own.nextUniform()) * 0.06) } + [nil]
      return evaluation("Case\(fold * 10 + index)", dice: dice)
    }
    let identity = identity(variant, fold).dropLast(4) + (seed == 2023 ? "ffff" : "\(seed)")
    return ReportInput.Run(
      fold: fold, seed: seed, identity: String(identity), directory: "safnet-f\(fold)-\(variant)", state: "finished",
      evaluations: evaluations, epochs: epochs(gain), machine: machine, peakMemory: 3 << 29,
      plan: #"{"format":1,"training":{"epochs":4}}"#)
  }

  static func epochs(_ gain: Double) -> [ReportInput.Epoch] {
    (1...4).map { (number: Int) -> ReportInput.Epoch in
      let x = Double(number)
      let rate: Double = number < 4 ? 1e-3 : 5e-4
      return ReportInput.Epoch(
        number: number, trainingLoss: 0.9 / x - gain, learningRate: rate, validationDice: 0.2 * x + gain,
        seconds: 10 + x)
    }
  }

  static func open(variant: Int, fold: Int, _ state: String) -> ReportInput.Run {
    ReportInput.Run(
      fold: fold, identity: identity(variant, fold), directory: "safnet-f\(fold)-\(variant)", state: state)
  }

  static func variant(_ number: Int, _ name: String, gain: Double, aspp: Bool, folds: ClosedRange<Int> = 1...3)
    -> ReportInput.Variant
  {
    ReportInput.Variant(
      name: name, components: [.init("ASPP", aspp), .init("Gate", gain > 0.05)],
      cost: .init(parameters: 4_810_000, multiplyAdds: 90_600_000_000, trainingBytes: 5 << 30),
      runs: (1...3).map { fold in
        folds.contains(fold)
          ? run(variant: number, fold: fold, gain: gain) : open(variant: number, fold: fold, "interrupted")
      })
  }

  static func input(_ variants: [ReportInput.Variant], baseline: String? = "Base") -> ReportInput {
    ReportInput(
      name: "demo", title: "A demonstration", structures: structures,
      groups: [.init(name: "vertebrae", structures: [0, 1, 3]), .init(name: "discs", structures: [2])],
      folds: [1, 2, 3],
      variants: variants, baseline: baseline, proposed: "SAFNet", provenance: provenance)
  }

  /// Three variants, everything finished; SAFNet first in the file.
  static let complete = input([
    variant(3, "SAFNet", gain: 0.08, aspp: true), variant(1, "Base", gain: 0, aspp: false),
    variant(2, "Base + ASPP", gain: 0.03, aspp: true),
  ])

  /// SAFNet has two of three folds.
  static let halfDone = input([
    variant(1, "Base", gain: 0, aspp: false), variant(3, "SAFNet", gain: 0.08, aspp: true, folds: 1...2),
  ])

  static let empty = input([
    ReportInput.Variant(name: "Base", runs: (1...3).map { open(variant: 1, fold: $0, "queued") }),
    ReportInput.Variant(name: "SAFNet", runs: []),
  ])

  /// Three seeds of each variant; the second adds little to the first.
  static let seeded: ReportInput = {
    let variants = [(1, "Base", 0.0, false), (2, "Base + ASPP", 0.004, true), (3, "SAFNet", 0.2, true)]
    return input(
      variants.map { number, name, gain, aspp in
        var variant = variant(number, name, gain: gain, aspp: aspp)
        variant.seeds = [2023, 2024, 2025]
        variant.runs = variant.seeds.flatMap { seed in
          (1...3).map { run(variant: number, fold: $0, gain: gain, seed: seed + UInt64(seed == 2023 ? 0 : number)) }
            .map { one in
              var one = one
              one.seed = seed
              return one
            }
        }
        return variant
      })
  }()

  /// Names that mean something to Markdown, LaTeX, CSV or HTML.
  static let nasty: ReportInput = {
    var input = complete
    input.title = "50 % of A_B & C #1 | <D>"
    input.structures = ["S_1 | a", "L5 & 100 %", "#L5/S, \"x\"", "T9 ^~\\{}$<>"]
    input.variants[1].name = "Base_0 & 1 % | #, \"q\""
    input.baseline = input.variants[1].name
    return input
  }()
}

extension Fixture {
  /// As wide as the paper's ablation: five methods with their full names, four components, an unfinished fold.
  static let wide: ReportInput = {
    var input = nasty
    for name in ["Base + Multiscale fusion", "Base + Self-attention mechanism"] {
      input.variants.append(variant(input.variants.count + 1, name, gain: 0.05, aspp: false, folds: 1...2))
    }
    for index in input.variants.indices {
      input.variants[index].components += [.init("Multiscale fusion", true), .init("Self-attention", false)]
    }
    return input
  }()
}

extension Cell {
  var number: Number? { if case .number(let number) = content { number } else { nil } }
  var isMissing: Bool { content == .missing }
}
